// The module `incident`: what it declares, nothing else.
#include "decisions.hpp"
#include "tables.hpp"

namespace incident {
namespace {

using ops::tags;

template <class C>
ops::Tags of_incident(const C& c) {
  return {{"incident", c.incident}};
}

void declare_raising(ops::Module& m) {
  m.command<Raise>("Raise incident", "上报事件")
      .series(
          [](const Raise& c, const ops::Envelope& envelope) -> std::string {
            if (c.incident) return "";
            std::string day = envelope.time().date().str();
            std::erase(day, '-');
            return "IN-" + day;
          },
          2)
      .reads_each<Incident>([](const Raise& c) {
        return c.incident ? ops::TagSets{{{"incident", *c.incident}}} : ops::TagSets();
      })
      .reads<OpenInCategory>([](const Raise& c) {
        return tags{{"category", c.category}};
      })
      .decide(decide_raise);
  m.command<MissAck>("Miss acknowledgement", "未及时确认")
      .internal()
      .reads<Incident>(of_incident<MissAck>)
      .decide(decide_miss_ack);
  m.timer<MissAck>(kAckDue, "Acknowledge within", "确认时限");
}

void declare_handling(ops::Module& m) {
  m.command<Acknowledge>("Acknowledge", "确认")
      .reads<Incident>(of_incident<Acknowledge>)
      .decide(decide_acknowledge);
  m.command<SetLevel>("Set level", "调整级别")
      .reads<Incident>(of_incident<SetLevel>)
      .decide(decide_set_level);
  m.command<Mitigate>("Mitigate", "缓解")
      .reads<Incident>(of_incident<Mitigate>)
      .decide(decide_mitigate);
  m.command<Resolve>("Resolve", "解决")
      .reads<Incident>(of_incident<Resolve>)
      .decide(decide_resolve);
  m.command<Close>("Close", "关闭")
      .permission(ops::Permission::kApprove)
      .granted_to({"director", "ops_manager"})
      .reads<Incident>(of_incident<Close>)
      .decide(decide_close);
  m.command<Reopen>("Reopen", "重新打开")
      .needs_reason()
      .reads<Incident>(of_incident<Reopen>)
      .decide(decide_reopen);
  m.command<AddNote>("Add note", "添加备注")
      .reads<Incident>(of_incident<AddNote>)
      .decide(decide_add_note);
}

template <class... E>
void declare_events(ops::Module& m, ops::Fold<E...>*) {
  m.events<E...>();
}

}  // namespace
}  // namespace incident

OPS_MODULE("incident", "0.1.0") {
  using namespace incident;
  m.label("Incidents", "应急响应").owns("incident", "postmortem", "playbook", "drill");
  declare_events(m, static_cast<All*>(nullptr));
  m.table<Incidents>("incidents")
      .label("Incidents", "事件")
      .key("incident")
      .index("state")
      .index("priority")
      .index("assignment_group");
  m.table<Open>("open").label("Open incidents", "未结事件").key("incident");
  declare_raising(m);
  declare_handling(m);
}
