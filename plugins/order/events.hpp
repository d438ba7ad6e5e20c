// What happens to orders. README.md lists the fields for imports.
#pragma once

#include <opsledger/sdk.hpp>

#include <algorithm>
#include <optional>
#include <string>
#include <vector>

namespace order {

enum class HoldKind { address, stock, price_error, fraud, remark, invoice, split };
OPS_ENUM(HoldKind, address, stock, price_error, fraud, remark, invoice, split)

/// One line of an order, as an import or the shop system reports it.
struct LineRecorded {
  static constexpr auto type = "order.line_recorded";
  static constexpr ops::Label label{"Order line recorded", "订单行已记录"};
  std::string invoice, sku, description;
  std::int64_t quantity = 0;
  ops::Decimal unit_price;
  std::optional<std::string> customer;
  std::string country, currency;
  bool cancelled = false;

  template <class A>
  void serialize(A& ar) {
    ar(OPS_FIELD(invoice, "Order", "订单号"), OPS_FIELD(sku, "SKU", "商品编码"),
       OPS_FIELD(description, "Description", "商品名称").defaulted(),
       OPS_FIELD(quantity, "Quantity", "数量"), OPS_FIELD(unit_price, "Unit price", "单价"),
       OPS_FIELD(customer, "Customer", "客户"), OPS_FIELD(country, "Country", "国家").defaulted(),
       OPS_FIELD(currency, "Currency", "币种").defaulted(),
       OPS_FIELD(cancelled, "Cancelled", "已取消").defaulted());
  }
  ops::Tags tags() const {
    ops::Tags tags{{"order", invoice}, {"sku", sku}};
    if (customer) tags.add("customer", *customer);
    return tags;
  }
};

struct Line {
  std::string sku;
  std::int64_t quantity = 0;
  ops::Decimal unit_price;
  template <class A>
  void serialize(A& ar) {
    ar(OPS_FIELD(sku, "SKU", "商品编码"), OPS_FIELD(quantity, "Quantity", "数量"),
       OPS_FIELD(unit_price, "Unit price", "单价"));
  }
};

struct Received {
  static constexpr auto type = "order.received";
  static constexpr ops::Label label{"Order received", "订单已接收"};
  static constexpr std::size_t kSkuTagsMax = 8;  ///< an event has few tags; lines are in its data
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
  ops::Tags tags() const {
    ops::Tags tags{{"order", invoice}, {"channel_order", channel + "/" + channel_no}};
    if (customer) tags.add("customer", *customer);
    for (std::size_t i = 0; i < std::min(lines.size(), kSkuTagsMax); ++i) {
      tags.add("sku", lines[i].sku);
    }
    return tags;
  }
};

struct Held {
  static constexpr auto type = "order.held";
  static constexpr ops::Label label{"Order held", "订单已挂起"};
  std::string invoice;
  HoldKind kind{};
  std::string why;
  template <class A>
  void serialize(A& ar) {
    ar(OPS_FIELD(invoice, "Order", "订单号"), OPS_FIELD(kind, "Kind", "类型"),
       OPS_FIELD(why, "Why", "原因"));
  }
  ops::Tags tags() const { return {{"order", invoice}}; }
};

struct Released {
  static constexpr auto type = "order.released";
  static constexpr ops::Label label{"Order released", "订单已放行"};
  std::string invoice;
  template <class A>
  void serialize(A& ar) {
    ar(OPS_FIELD(invoice, "Order", "订单号"));
  }
  ops::Tags tags() const { return {{"order", invoice}}; }
};

}  // namespace order
