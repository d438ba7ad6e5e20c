#include "tests/reactions/chain_module.hpp"

namespace opsledger::testing_support {
namespace {

struct Added {
  static constexpr auto type = "chain.added";
  std::string id;
  std::int32_t n = 0;
  template <class A>
  void serialize(A& ar) {
    ar(NVP(id), NVP(n));
  }
  ops::Tags tags() const { return {{"chain", id}}; }
};
struct Marked {
  static constexpr auto type = "chain.marked";
  std::string id;
  template <class A>
  void serialize(A& ar) {
    ar(NVP(id));
  }
  ops::Tags tags() const { return {{"chain", id}}; }
};
struct Add {
  static constexpr auto type = "chain.add";
  std::string id;
  std::int32_t n = 0;
  template <class A>
  void serialize(A& ar) {
    ar(NVP(id), NVP(n));
  }
};
struct Mark {
  static constexpr auto type = "chain.mark";
  std::string id;
  template <class A>
  void serialize(A& ar) {
    ar(NVP(id));
  }
};
struct Chain {
  using Listens = ops::Fold<Added>;
  int links = 0;
  void on(const Added&) { ++links; }
};
const auto by_id = [](const auto& c) { return ops::tags{{"chain", c.id}}; };

}  // namespace

OPS_PART(chain_part, "chain", "1.0.0") {
  m.events<Added, Marked>();
  m.command<Add>("Add", "添加").reads<Chain>(by_id).decide([](const Add& c) -> ops::Decision {
    if (c.id == "refused") return ops::reject("chain.refused", "not this one");
    return ops::emit(Added{c.id, c.n});
  });
  m.command<Mark>("Mark", "标记").reads<Chain>(by_id).decide([](const Mark& c) {
    return ops::emit(Marked{c.id});
  });
  m.reaction<Added, Add>("next", "Next link", "下一环", [](const Added& e) -> std::optional<Add> {
    if (e.n <= 0) return {};
    return Add{e.id, e.n - 1};
  });
  m.reaction<Marked, Add>(
      "same", "Same link", "同一环",
      [](const Marked& e) {
        return Add{e.id, 0};
      },
      OPS_REACTION_ALWAYS);
}

}  // namespace opsledger::testing_support
