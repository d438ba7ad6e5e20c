// The module `numbering`: what became of human numbers. The kernel issues them.
#include "numbering.hpp"

namespace numbering {
namespace {

using ops::Decision;
using ops::reject;

Decision decide_void(const Void& c, const Series& series, const ops::Envelope& envelope) {
  if (!series.issued.contains(c.number))
    return reject("entity.not_found", "series " + c.series + " issued no " + c.number);
  if (series.voided.contains(c.number))
    return reject("numbering.voided", c.number + " is void already");
  return ops::emit(Voided{c.number, c.series, std::string(envelope.reason())});
}

}  // namespace
}  // namespace numbering

OPS_MODULE("numbering", "0.1.0") {
  using namespace numbering;
  m.label("Numbers", "编号");
  m.events<Voided>();
  m.table<SeriesTable>("series").label("Number series", "编号序列").key("series");
  m.table<Numbers>("numbers").label("Numbers", "编号").key("number").index("series").index("void");
  m.command<Void>("Void number", "作废编号")
      .permission(ops::Permission::kManage)
      .granted_to({"dept_admin"})
      .needs_reason()
      .reads<Series>([](const Void& c) {
        return ops::tags{{"series", c.series}};
      })
      .decide(decide_void);
}
