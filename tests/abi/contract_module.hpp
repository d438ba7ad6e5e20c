// Events, models, commands and tables of the contract plugin; its tests build them too.
#pragma once

#include <opsledger/sdk.hpp>

#include <map>
#include <optional>
#include <string>

namespace contract {

using Decided = ops::Decision;

/// The first shape of Joined: text for the amount.
struct JoinedV1 {
  static constexpr auto type = "contract.joined";
  static constexpr unsigned version = 1;
  std::string id, amount_text;
  template <class A>
  void serialize(A& ar) {
    ar(NVP(id), NVP(amount_text));
  }
  ops::Tags tags() const { return {{"thing", id}, {"group", "old"}}; }
};
struct Joined {
  static constexpr auto type = "contract.joined";
  static constexpr unsigned version = 2;
  using Older = ops::OlderShapes<JoinedV1>;
  std::string id, group;
  std::int64_t amount = 0;
  template <class A>
  void serialize(A& ar) {
    ar(NVP(id), OPS_FIELD(group, "Group", "组").alias("team"), NVP(amount).defaulted());
  }
  ops::Tags tags() const { return {{"thing", id}, {"group", group}}; }
  static Joined upcast(const JoinedV1& old) {
    return {old.id, "old", ops::Decimal::parse(old.amount_text).unscaled()};
  }
};
struct Noted {
  static constexpr auto type = "contract.noted";
  std::string id, text;
  template <class A>
  void serialize(A& ar) {
    ar(NVP(id), NVP(text));
  }
  ops::Tags tags() const { return {{"thing", id}}; }
};
struct Undeclared {
  static constexpr auto type = "contract.undeclared";
  std::string id;
  template <class A>
  void serialize(A& ar) {
    ar(NVP(id));
  }
  ops::Tags tags() const { return {{"thing", id}}; }
};

/// Of another module: typed, with the fields this one wants.
struct Sold {
  static constexpr auto type = "shop.sold";
  static constexpr bool wants_tags = true;
  std::string sku;
  std::int64_t units = 0;
  template <class A>
  void serialize(A& ar) {
    ar(NVP(sku), NVP(units));
  }
};
/// Of any module, chosen at run time: read by its JSON.
struct Anything : ops::JsonEvent {
  static constexpr auto type = "kpi.*";
};

struct Group {
  using Listens = ops::Fold<Joined>;
  std::map<std::string, std::int32_t> members;
  void on(const Joined& e) { ++members[e.id]; }
  template <class A>
  void serialize(A& ar) {
    ar(NVP(members));
  }
};
struct Thing {
  using Listens = ops::Fold<Joined>;
  std::int64_t total = 0;
  void on(const Joined& e) { total += e.amount; }
};

struct Join {
  static constexpr auto type = "contract.join";
  static constexpr std::int64_t kSumMax = 100;
  std::string id, group;
  std::int64_t amount = 0;
  template <class A>
  void serialize(A& ar) {
    ar(NVP(id), NVP(group), NVP(amount));
  }
};
struct Open {
  static constexpr auto type = "contract.open";
  std::string series;
  template <class A>
  void serialize(A& ar) {
    ar(NVP(series));
  }
};
struct Expire {
  static constexpr auto type = "contract.expire";
  std::string series;
  template <class A>
  void serialize(A& ar) {
    ar(NVP(series));
  }
};
struct Misbehave {
  static constexpr auto type = "contract.misbehave";
  std::string how;
  template <class A>
  void serialize(A& ar) {
    ar(NVP(how));
  }
};
/// A command of another module.
struct Refund {
  static constexpr auto type = "finance.refund";
  std::string sku;
  std::int64_t units = 0;
  template <class A>
  void serialize(A& ar) {
    ar(NVP(sku), NVP(units));
  }
};

struct Totals {
  struct Row {
    std::int64_t amount = 0, groups = 0, joins = 0;
    std::string by, dept, last_kpi;
    template <class A>
    void serialize(A& ar) {
      ar(NVP(amount), NVP(groups), NVP(joins), NVP(by), NVP(dept), NVP(last_kpi));
    }
  };
  using Listens = ops::Fold<Joined, Noted, Sold, Anything>;

  static void on(const Joined& e, const ops::EventMeta& meta, ops::Rows<Row>& rows) {
    rows.edit(e.id, [&](Row& row) {
      row.amount += e.amount;
      ++row.joins;
      row.groups += rows.first_time(e.id + "/" + e.group);
      row.by = meta.actor();
      row.dept = meta.department();
    });
  }
  static void on(const Noted& e, ops::Rows<Row>& rows) {
    if (e.text == "poison") throw std::runtime_error("poisoned on purpose");
    if (e.text == "erase") rows.erase(e.id);
  }
  static void on(const Sold& e, const ops::EventMeta& meta, ops::Rows<Row>& rows) {
    for (const auto tag : meta.tags()) {  // not named by keys(): read one by one
      rows.edit(std::string(tag), [&](Row& row) { row.amount += e.units; });
    }
  }
  static void on(const Anything& e, const ops::EventMeta& meta, ops::Rows<Row>& rows) {
    rows.edit("kpi", [&](Row& row) {
      row.last_kpi = std::string(meta.type()) + "=" + e.data["score"].dump();
      row.amount += e.data["score"].integer();
    });
  }
  static void keys(const Joined& e, ops::Keys& keys) {
    keys.add(e.id);
    keys.add_note(e.id + "/" + e.group);
  }
  static void keys(const Anything&, ops::Keys& keys) { keys.add("kpi"); }
};

}  // namespace contract
