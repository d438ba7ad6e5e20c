#include "warranty.hpp"

OPS_MODULE("warranty", "1.0.0") {
  using namespace warranty;
  m.label("Warranties", "保修");
  m.events<Registered, Claimed, Expired>();
  m.table<Warranties>("warranties").label("Warranties", "保修单").key("warranty").index("sku");

  m.command<Register>("Register warranty", "登记保修")
      .series([](const Register&,
                 const Envelope& e) { return "W-" + e.time().date().str().substr(0, 4); },
              5)
      .decide([](const Register& c, const Envelope& e) -> Decision {
        if (c.months < 1 || c.months > 120) {
          return reject("warranty.months", "a warranty lasts 1 to 120 months");
        }
        const std::string id(e.number());
        const Time ends_at = e.time() + 24h * 30 * c.months;
        Decision decision = emit(Registered{id, c.sku, ends_at});
        if (e.has_timers()) decision.timer("end", id, at(ends_at), Expire{id});
        return decision;
      });

  m.command<Claim>("Claim", "申请保修")
      .reads<Warranty>([](auto& c) {
        return tags{{"warranty", c.id}};
      })
      .decide([](const Claim& c, const Warranty& w) -> Decision {
        if (!w.known) return reject("entity.not_found", "no warranty " + c.id);
        if (w.expired) return reject("warranty.expired", "warranty " + c.id + " has ended");
        if (w.claims >= 2) {
          return emit(Claimed{c.id, c.fault}).warn("warranty.many_claims", "third claim or more");
        }
        return emit(Claimed{c.id, c.fault});
      });

  m.command<Expire>("Expire", "到期").internal().decide([](const Expire& c) {
    return emit(Expired{c.id});
  });
  m.timer<Expire>("end", "Warranty ends", "保修到期");
}
