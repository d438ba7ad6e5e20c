// A plugin that uses every corner of the ABI, for the contract suite. It is no example of good
// manners: some of its callbacks fail on purpose.
#include <new>

#include "tests/abi/contract_module.hpp"

namespace contract {
namespace {

/// Members of a group, loaded by the ids that an earlier load found.
Decided join(const Join& c, const Group& group, const ops::Many<Thing>& members,
             const ops::Envelope& envelope) {
  std::int64_t sum = c.amount;
  for (std::size_t i = 0; i < members.size(); ++i) sum += members[i].total;
  if (sum > Join::kSumMax) {
    return ops::reject("contract.full", "the group would hold " + std::to_string(sum));
  }
  Decided decision = ops::emit(Joined{c.id, c.group, c.amount});
  if (members.size() != group.members.size())
    throw std::logic_error("states do not fit their sets");
  if (members.size() >= 2) decision.warn("contract.crowded", "three or more");
  decision.emit_at(envelope.time() - std::chrono::hours(1),
                   Noted{c.id, std::string(envelope.actor())});
  return decision;
}

Decided open(const Open& c, const ops::Envelope& envelope) {
  return ops::emit(Noted{std::string(envelope.number()), std::string(envelope.id(1))})
      .timer("expire", c.series, ops::after_working(std::chrono::hours(2)), Expire{c.series});
}

Decided misbehave(const Misbehave& c) {
  if (c.how == "throw") throw std::runtime_error("thrown on purpose");
  if (c.how == "throw_int") throw 7;
  if (c.how == "bad_alloc") throw std::bad_alloc();
  if (c.how == "undeclared") return ops::emit(Undeclared{c.how});
  if (c.how == "bad_tag") return ops::emit(Noted{"a,b", ""});
  if (c.how == "no_such_timer") return ops::emit(Noted{"a", ""}).cancel_timer("nothing", "x");
  if (c.how == "too_many") {
    Decided decision;
    for (unsigned i = 0; i <= OPS_EMITTED_MAX; ++i) decision.emit(Noted{"a", ""});
    return decision;
  }
  return {};
}

void build(ops::Module& m) {
  m.label("Contract", "契约").owns("contract").needs("other").config<Expire>();
  m.events<Joined, Noted>();
  m.table<Totals>("totals").index("amount").search("by").key("id").owner("by").department("dept");
  m.command<Join>("Join", "加入")
      .permission(ops::Permission::kApprove)
      .needs_reason()
      .granted_to({"ops_manager", "it_lead"})
      .not_by_actor_of("contract.noted", "thing")
      .reads<Group>([](const Join& c) {
        return ops::tags{{"group", c.group}};
      })
      .reads_each<Thing>([](const Join&, const Group& group) {
        ops::TagSets sets;
        for (const auto& [id, times] : group.members) sets.push_back({{"thing", id}});
        return sets;
      })
      .decide(join);
  m.command<Open>("Open", "打开")
      .ids(2)
      .series([](const Open& c, const ops::Envelope&) { return c.series; }, 4)
      .decide(open);
  m.command<Expire>("Expire", "过期").internal().decide([](const Expire& c) {
    return ops::emit(Noted{c.series, "expired"}).cancel_timer("expire", "other");
  });
  m.timer<Expire>("expire", "Expire", "过期");
  m.command<Misbehave>("Misbehave", "失常").decide(misbehave);
  m.reaction<Sold, Refund>("refund_returns", "Refund returns", "退货退款",
                           [](const Sold& e, const ops::EventMeta&) -> std::optional<Refund> {
                             if (e.units >= 0) return std::nullopt;
                             return Refund{e.sku, -e.units};
                           });
  m.page("board", "Board", "看板", R"({"tables":["totals"]})");
}

}  // namespace

OPS_PART(main_part, "contract", "1.2.3") {
  build(m);
}

}  // namespace contract

OPS_PART(second_part, "second", "0.0.1") {
  m.command<contract::Misbehave>("Misbehave elsewhere", "别处失常")
      .decide([](const contract::Misbehave&) { return ops::Decision(); });
}
using contract::main_part;
OPS_LIBRARY(&main_part, &second_part)
