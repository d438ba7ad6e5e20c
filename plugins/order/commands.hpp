// Commands and how they are decided.
#pragma once

#include "models.hpp"

namespace order {

struct Receive {
  static constexpr auto type = "order.receive";
  std::string invoice, channel, channel_no;
  std::optional<std::string> customer;
  std::string country, currency;
  std::vector<Line> lines;
  template <class A>
  void serialize(A& ar) {
    ar(OPS_FIELD(invoice, "Order", "订单号"), OPS_FIELD(channel, "Channel", "渠道"),
       OPS_FIELD(channel_no, "Channel's number", "渠道单号"),
       OPS_FIELD(customer, "Customer", "客户"), OPS_FIELD(country, "Country", "国家"),
       OPS_FIELD(currency, "Currency", "币种"), OPS_FIELD(lines, "Lines", "订单行"));
  }

  static ops::Decision decide(const Receive& c, const Order& order, const ChannelNumber& number) {
    if (order.known) return ops::reject("order.exists", "order " + c.invoice + " exists");
    if (!number.taken_by.empty()) {
      return ops::reject("order.duplicate", c.channel + " number " + c.channel_no +
                                                " is already order " + number.taken_by);
    }
    if (c.lines.empty()) return ops::reject("order.empty", "an order has at least one line");
    return ops::emit(
        Received{c.invoice, c.channel, c.channel_no, c.customer, c.country, c.currency, c.lines});
  }
};

struct Hold {
  static constexpr auto type = "order.hold";
  std::string invoice;
  HoldKind kind{};
  template <class A>
  void serialize(A& ar) {
    ar(OPS_FIELD(invoice, "Order", "订单号"), OPS_FIELD(kind, "Kind", "类型"));
  }

  static ops::Decision decide(const Hold& c, const Order& order, const ops::Envelope& envelope) {
    if (!order.known) return ops::reject("entity.not_found", "no order " + c.invoice);
    if (order.cancelled) {
      return ops::reject("order.cancelled", "order " + c.invoice + " is cancelled");
    }
    if (order.held) {
      return ops::reject("order.already_held", "order " + c.invoice + " is held; release it first");
    }
    return ops::emit(Held{c.invoice, c.kind, std::string(envelope.reason())});
  }
};

struct Release {
  static constexpr auto type = "order.release";
  std::string invoice;
  template <class A>
  void serialize(A& ar) {
    ar(OPS_FIELD(invoice, "Order", "订单号"));
  }

  static ops::Decision decide(const Release& c, const Order& order) {
    if (!order.known) return ops::reject("entity.not_found", "no order " + c.invoice);
    if (!order.held) return ops::reject("order.not_held", "order " + c.invoice + " is not held");
    return ops::emit(Released{c.invoice});
  }
};

}  // namespace order
