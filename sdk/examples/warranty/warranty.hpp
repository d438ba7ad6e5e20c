// Warranties on sold products: register, claim, expire.
#pragma once

#include <opsledger/sdk.hpp>

#include <string>

namespace warranty {

using namespace ops;

// Events: permanent facts. The fields, in this order, are the stored bytes; never change them,
// add fields at the end or a new version.
struct Registered {
  static constexpr auto type = "warranty.registered";
  static constexpr Label label{"Warranty registered", "保修已登记"};
  std::string id, sku;
  Time ends_at;
  template <class A>
  void serialize(A& ar) {
    ar(OPS_FIELD(id, "Warranty", "保修单号"), OPS_FIELD(sku, "SKU", "商品编码"),
       OPS_FIELD(ends_at, "Ends", "到期时间"));
  }
  Tags tags() const { return {{"warranty", id}, {"sku", sku}}; }
};

struct Claimed {
  static constexpr auto type = "warranty.claimed";
  static constexpr Label label{"Warranty claimed", "已申请保修"};
  std::string id, fault;
  template <class A>
  void serialize(A& ar) {
    ar(OPS_FIELD(id, "Warranty", "保修单号"), OPS_FIELD(fault, "Fault", "故障"));
  }
  Tags tags() const { return {{"warranty", id}}; }
};

struct Expired {
  static constexpr auto type = "warranty.expired";
  static constexpr Label label{"Warranty expired", "保修已到期"};
  std::string id;
  template <class A>
  void serialize(A& ar) {
    ar(OPS_FIELD(id, "Warranty", "保修单号"));
  }
  Tags tags() const { return {{"warranty", id}}; }
};

// Commands: requests that are decided on.
struct Register {
  static constexpr auto type = "warranty.register";
  std::string sku;
  std::int32_t months = 12;
  template <class A>
  void serialize(A& ar) {
    ar(OPS_FIELD(sku, "SKU", "商品编码"), OPS_FIELD(months, "Months", "月数").defaulted());
  }
};

struct Claim {
  static constexpr auto type = "warranty.claim";
  std::string id, fault;
  template <class A>
  void serialize(A& ar) {
    ar(OPS_FIELD(id, "Warranty", "保修单号"), OPS_FIELD(fault, "Fault", "故障"));
  }
};

struct Expire {
  static constexpr auto type = "warranty.expire";
  std::string id;
  template <class A>
  void serialize(A& ar) {
    ar(OPS_FIELD(id, "Warranty", "保修单号"));
  }
};

// A model: what a decision must know, folded from the events with the tags that it names.
struct Warranty {
  using Listens = Fold<Registered, Claimed, Expired>;
  bool known = false, expired = false;
  int claims = 0;
  void on(const Registered&) { known = true; }
  void on(const Claimed&) { ++claims; }
  void on(const Expired&) { expired = true; }
};

// A table: what people see.
struct Warranties {
  struct Row {
    std::string sku;
    Time ends_at;
    std::int32_t claims = 0;
    bool expired = false;
    template <class A>
    void serialize(A& ar) {
      ar(OPS_FIELD(sku, "SKU", "商品编码"), OPS_FIELD(ends_at, "Ends", "到期时间"),
         OPS_FIELD(claims, "Claims", "申请次数"), OPS_FIELD(expired, "Expired", "已到期"));
    }
  };
  using Listens = Fold<Registered, Claimed, Expired>;
  static void on(const Registered& e, Rows<Row>& rows) { rows.put(e.id, {e.sku, e.ends_at}); }
  static void on(const Claimed& e, Rows<Row>& rows) {
    rows.edit(e.id, [](Row& row) { ++row.claims; });
  }
  static void on(const Expired& e, Rows<Row>& rows) {
    rows.edit(e.id, [](Row& row) { row.expired = true; });
  }
};

}  // namespace warranty
