// What people see. One row version per line and table; README.md says how distinct counts are kept.
#pragma once

#include "events.hpp"

namespace order {

enum class Status { recorded, received, held };
OPS_ENUM(Status, recorded, received, held)

struct Orders {
  struct Row {
    Status status{};
    bool cancelled = false;
    std::optional<HoldKind> hold;
    std::optional<std::string> customer;
    std::string country, currency;
    std::int64_t lines = 0, units = 0;
    ops::Decimal sum;
    ops::Time first_time, last_time;
    template <class A>
    void serialize(A& ar) {
      ar(OPS_FIELD(status, "Status", "状态"), OPS_FIELD(cancelled, "Cancelled", "已取消"),
         OPS_FIELD(hold, "Held for", "挂起类型"), OPS_FIELD(customer, "Customer", "客户"),
         OPS_FIELD(country, "Country", "国家"), OPS_FIELD(currency, "Currency", "币种"),
         OPS_FIELD(lines, "Lines", "行数"), OPS_FIELD(units, "Units", "件数"),
         OPS_FIELD(sum, "Sum", "金额"), OPS_FIELD(first_time, "First line", "首行时间"),
         OPS_FIELD(last_time, "Last line", "末行时间"));
    }
    void count(std::int64_t quantity, ops::Decimal unit_price, ops::Time time) {
      first_time = lines == 0 ? time : std::min(first_time, time);
      last_time = lines == 0 ? time : std::max(last_time, time);
      ++lines;
      units += quantity;
      sum += unit_price * quantity;
    }
  };
  using Listens = ops::Fold<LineRecorded, Received, Held, Released>;

  static void on(const LineRecorded& e, const ops::EventMeta& meta, ops::Rows<Row>& rows) {
    rows.edit(e.invoice, [&](Row& row) {
      if (row.lines == 0) {
        row.customer = e.customer;
        row.country = e.country;
        row.currency = e.currency;
      }
      row.cancelled = row.cancelled || e.cancelled;
      row.count(e.quantity, e.unit_price, meta.time());
    });
  }
  static void on(const Received& e, const ops::EventMeta& meta, ops::Rows<Row>& rows) {
    rows.edit(e.invoice, [&](Row& row) {
      row.status = Status::received;
      row.customer = e.customer;
      row.country = e.country;
      row.currency = e.currency;
      for (const Line& line : e.lines) row.count(line.quantity, line.unit_price, meta.time());
    });
  }
  static void on(const Held& e, ops::Rows<Row>& rows) {
    rows.edit(e.invoice, [&](Row& row) {
      row.status = Status::held;
      row.hold = e.kind;
    });
  }
  static void on(const Released& e, ops::Rows<Row>& rows) {
    rows.edit(e.invoice, [&](Row& row) {
      row.status = Status::received;
      row.hold.reset();
    });
  }
  template <class E>
  static void keys(const E& e, ops::Keys& keys) {
    keys.add(e.invoice);
  }
};

/// Sums over lines, whoever they belong to.
struct Totals {
  std::int64_t lines = 0, units = 0;
  ops::Decimal revenue;
  void count(std::int64_t quantity, ops::Decimal unit_price) {
    ++lines;
    units += quantity;
    revenue += unit_price * quantity;
  }
};

/// Calls f(sku, quantity, unit_price, description) for each line of an event.
template <class F>
void each_line(const LineRecorded& e, F&& f) {
  f(e.sku, e.quantity, e.unit_price, e.description);
}
template <class F>
void each_line(const Received& e, F&& f) {
  for (const Line& line : e.lines) f(line.sku, line.quantity, line.unit_price, std::string());
}
inline bool is_cancelled(const LineRecorded& e) {
  return e.cancelled;
}
inline bool is_cancelled(const Received&) {
  return false;
}

struct Customers {
  struct Row {
    std::string country;
    std::int64_t orders = 0, cancelled_orders = 0;
    Totals totals;
    std::string last_order;
    ops::Time first_time, last_time;
    template <class A>
    void serialize(A& ar) {
      ar(OPS_FIELD(country, "Country", "国家"), OPS_FIELD(orders, "Orders", "订单数"),
         OPS_FIELD(cancelled_orders, "Cancelled orders", "取消订单数"),
         ops::field("lines", totals.lines).label("Lines", "行数"),
         ops::field("units", totals.units).label("Units", "件数"),
         ops::field("revenue", totals.revenue).label("Revenue", "销售额"),
         OPS_FIELD(last_order, "Last order", "最近订单"),
         OPS_FIELD(first_time, "First order", "首次下单"),
         OPS_FIELD(last_time, "Last line", "最近下单"));
    }
  };
  using Listens = ops::Fold<LineRecorded, Received>;

  template <class E>
  static void on(const E& e, const ops::EventMeta& meta, ops::Rows<Row>& rows) {
    if (!e.customer) return;
    rows.edit(*e.customer, [&](Row& row) {
      if (row.last_order != e.invoice && rows.first_time(*e.customer + '\0' + e.invoice)) {
        row.first_time = row.orders == 0 ? meta.time() : std::min(row.first_time, meta.time());
        ++row.orders;
        row.cancelled_orders += is_cancelled(e);
      }
      row.country = e.country;
      row.last_order = e.invoice;
      row.last_time = std::max(row.last_time, meta.time());
      each_line(
          e, [&](auto&, auto quantity, auto price, auto&&) { row.totals.count(quantity, price); });
    });
  }
  template <class E>
  static void keys(const E& e, ops::Keys& keys) {
    if (e.customer) keys.add(*e.customer);
  }
};

struct Countries {
  struct Row {
    std::int64_t orders = 0, cancelled_orders = 0, customers = 0;
    Totals totals;
    std::string last_order;
    template <class A>
    void serialize(A& ar) {
      ar(OPS_FIELD(orders, "Orders", "订单数"),
         OPS_FIELD(cancelled_orders, "Cancelled orders", "取消订单数"),
         OPS_FIELD(customers, "Customers", "客户数"),
         ops::field("lines", totals.lines).label("Lines", "行数"),
         ops::field("units", totals.units).label("Units", "件数"),
         ops::field("revenue", totals.revenue).label("Revenue", "销售额"),
         OPS_FIELD(last_order, "Last order", "最近订单"));
    }
  };
  using Listens = ops::Fold<LineRecorded, Received>;

  template <class E>
  static void on(const E& e, ops::Rows<Row>& rows) {
    if (e.country.empty()) return;
    rows.edit(e.country, [&](Row& row) {
      if (row.last_order != e.invoice) {
        if (rows.first_time(e.country + '\0' + 'o' + e.invoice)) {
          ++row.orders;
          row.cancelled_orders += is_cancelled(e);
        }
        if (e.customer && rows.first_time(e.country + '\0' + 'c' + *e.customer)) ++row.customers;
      }
      row.last_order = e.invoice;
      each_line(
          e, [&](auto&, auto quantity, auto price, auto&&) { row.totals.count(quantity, price); });
    });
  }
  template <class E>
  static void keys(const E& e, ops::Keys& keys) {
    if (!e.country.empty()) keys.add(e.country);
  }
};

struct Skus {
  struct Row {
    std::string description;
    Totals totals;
    std::int64_t returned_units = 0;
    ops::Decimal price_min, price_max;
    ops::Time last_time;
    template <class A>
    void serialize(A& ar) {
      ar(OPS_FIELD(description, "Description", "商品名称"),
         ops::field("lines", totals.lines).label("Lines", "行数"),
         ops::field("units", totals.units).label("Units", "件数"),
         ops::field("revenue", totals.revenue).label("Revenue", "销售额"),
         OPS_FIELD(returned_units, "Returned units", "退回件数"),
         OPS_FIELD(price_min, "Lowest price", "最低单价"),
         OPS_FIELD(price_max, "Highest price", "最高单价"),
         OPS_FIELD(last_time, "Last line", "最近时间"));
    }
  };
  using Listens = ops::Fold<LineRecorded, Received>;

  template <class E>
  static void on(const E& e, const ops::EventMeta& meta, ops::Rows<Row>& rows) {
    each_line(e, [&](const std::string& sku, std::int64_t quantity, ops::Decimal price,
                     const std::string& description) {
      rows.edit(sku, [&](Row& row) {
        if (!description.empty()) row.description = description;
        row.price_min = row.totals.lines == 0 ? price : std::min(row.price_min, price);
        row.price_max = row.totals.lines == 0 ? price : std::max(row.price_max, price);
        row.totals.count(quantity, price);
        if (quantity < 0) row.returned_units -= quantity;
        row.last_time = std::max(row.last_time, meta.time());
      });
    });
  }
  template <class E>
  static void keys(const E& e, ops::Keys& keys) {
    each_line(e, [&](const std::string& sku, auto, auto, auto&&) { keys.add(sku); });
  }
};

}  // namespace order
