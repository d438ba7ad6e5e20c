#include "tests/rules/shop_module.hpp"

namespace opsledger::testing_support {
namespace {

enum class Class { a, b };
OPS_ENUM(Class, a, b)

struct Line {
  std::string sku;
  std::int32_t left = 0;
  template <class A>
  void serialize(A& ar) {
    ar(NVP(sku), NVP(left));
  }
};
struct Counted {
  static constexpr auto type = "stock.counted";
  std::string count;
  std::int32_t level = 0;
  Class kind{};
  ops::Money value;
  std::optional<ops::Time> due_at;
  std::vector<Line> lines;
  template <class A>
  void serialize(A& ar) {
    ar(NVP(count), NVP(level), NVP(kind), NVP(value), NVP(due_at), NVP(lines));
  }
  ops::Tags tags() const { return {{"stock", count}}; }
};
struct Bought {
  static constexpr auto type = "stock.bought";
  std::string sku;
  std::int32_t pieces = 0;
  std::string note;
  template <class A>
  void serialize(A& ar) {
    ar(NVP(sku), NVP(pieces), NVP(note));
  }
  ops::Tags tags() const { return {{"stock", sku}}; }
};
struct Count {
  static constexpr auto type = "stock.count";
  std::string count;
  std::int32_t level = 0;
  template <class A>
  void serialize(A& ar) {
    ar(NVP(count), NVP(level));
  }
};
struct Buy {
  static constexpr auto type = "stock.buy";
  std::string sku;
  std::int32_t pieces = 0;
  std::optional<std::string> note;
  std::optional<ops::Time> by;
  std::optional<ops::Money> budget;
  template <class A>
  void serialize(A& ar) {
    ar(NVP(sku), NVP(pieces), NVP(note), NVP(by), NVP(budget));
  }
};
struct Stock {
  using Listens = ops::Fold<Counted, Bought>;
  int events = 0;
  void on(const Counted&) { ++events; }
  void on(const Bought&) { ++events; }
};
struct Counts {
  struct Row {
    std::int32_t level = 0;
    std::string buyer;
    template <class A>
    void serialize(A& ar) {
      ar(NVP(level), NVP(buyer));
    }
  };
  using Listens = ops::Fold<Counted>;
  static void on(const Counted& e, ops::Rows<Row>& rows) { rows.put(e.count, {e.level, "li"}); }
};

}  // namespace

OPS_PART(shop_part, "stock", "1.0.0") {
  m.events<Counted, Bought>();
  m.table<Counts>("counts").key("count");
  m.command<Count>("Count", "盘点")
      .reads<Stock>([](const auto& c) {
        return ops::tags{{"stock", c.count}};
      })
      .decide([](const Count& c) {
        return ops::emit(Counted{c.count,
                                 c.level,
                                 Class::a,
                                 ops::Money::of(c.level * 100, "CNY"),
                                 {},
                                 {{"x", c.level}, {"y", c.level + 10}}});
      });
  m.command<Buy>("Buy", "采购")
      .reads<Stock>([](const auto& c) {
        return ops::tags{{"stock", c.sku}};
      })
      .decide([](const Buy& c) -> ops::Decision {
        if (c.pieces <= 0) return ops::reject("stock.nothing", "nothing to buy");
        return ops::emit(Bought{c.sku, c.pieces, c.note.value_or("")});
      });
}

}  // namespace opsledger::testing_support
