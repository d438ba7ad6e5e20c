#include "kernel/command/separation.hpp"

#include <boost/json/parse.hpp>
#include <set>

#include "storage/base/limits.hpp"

namespace opsledger {

namespace json = boost::json;

namespace {

struct Rule {
  std::string event_type, tag_key;
};

std::string text(const json::value& object, std::string_view name) {
  const auto* fields = object.if_object();
  const auto* value = fields == nullptr ? nullptr : fields->if_contains(name);
  return value != nullptr && value->is_string() ? std::string(value->get_string()) : std::string();
}

/// The text was checked to be JSON when the module was loaded; what it does not say is no rule.
std::vector<Rule> rules_of(const CommandInfo& command) {
  std::vector<Rule> rules;
  json::error_code failed;
  const auto list = json::parse(command.separation, failed);
  if (failed || !list.is_array()) return rules;
  for (const auto& each : list.get_array()) {
    Rule rule{text(each, "not_actor_of"), text(each, "tag")};
    if (!rule.event_type.empty() && !rule.tag_key.empty()) rules.push_back(std::move(rule));
  }
  return rules;
}

void add_tags(const std::vector<std::string>& tags, const std::string& key,
              std::set<std::string>* found) {
  for (const auto& tag : tags) {
    if (tag.size() > key.size() && tag.starts_with(key) && tag[key.size()] == ':') {
      found->insert(tag);
    }
  }
}

std::set<std::string> things(const Job& job, const Decision& decision, const std::string& key) {
  std::set<std::string> found;
  for (const auto& event : decision.events) add_tags(event.tags, key, &found);
  if (!found.empty()) return found;
  for (const auto& load : job.loads) {
    for (const auto& set : load) add_tags(set.tags, key, &found);
  }
  return found;
}

/// Who acts. The kernel itself is nobody: what counts is on whose behalf it acts, so that a rule
/// skips rights and never this.
std::set<std::string_view> persons_of(const RequestContext& context) {
  std::set<std::string_view> persons{context.on_behalf_of};
  persons.erase("");
  if (context.trusted) {
    persons.erase(context.actor);
  } else {
    persons.insert(context.actor);
  }
  return persons;
}

bool acted(const EventView& event, const std::set<std::string_view>& persons) {
  const auto behalf = event.metadata("on_behalf_of");
  return persons.contains(event.actor) || (behalf && persons.contains(*behalf));
}

/// Whether one of `persons` wrote an event of `item` up to `upto`.
Result<bool> wrote(const Ledger& ledger, const QueryItem& item, Position upto,
                   const std::set<std::string_view>& persons) {
  ReadOptions options;
  options.upto = upto;
  options.accepted = true;
  OPS_TRY_ASSIGN(const auto cursor, ledger.read(Query{{item}}, options));
  for (;;) {
    OPS_TRY_ASSIGN(const auto events, cursor->next());
    if (events.empty()) return false;
    for (const auto& event : events) {
      if (acted(event, persons)) return true;
    }
  }
}

Error refusal(const Job& job, const Rule& rule, const std::string& thing) {
  return {Code::kForbidden, "access.separation_of_duties",
          job.request.context.actor + " has already acted on " + thing + " (" + rule.event_type +
              "), so somebody else must send " + job.request.type +
              (job.grant.may_override_separation ? "; or override it with a reason" : "")};
}

}  // namespace

Status separate_duties(const Ledger& ledger, Job& job, const Decision& decision) {
  job.separation_overridden = false;
  if (!job.grant.separated || job.command.info().separation.empty()) return {};
  const auto persons = persons_of(job.request.context);
  if (persons.empty()) return {};
  for (const auto& rule : rules_of(job.command.info())) {
    for (const auto& thing : things(job, decision, rule.tag_key)) {
      if (job.grant.guard.size() == limits::kQueryItemsMax) {
        return Error{Code::kInvalid, "command.too_broad",
                     "the command writes about more things than separation of duties can be "
                     "checked for at once; split it"};
      }
      QueryItem item{{rule.event_type}, {thing}};
      OPS_TRY_ASSIGN(const bool same, wrote(ledger, item, job.envelope.position, persons));
      job.grant.guard.push_back(std::move(item));
      if (!same) continue;
      const bool overridden =
          job.grant.may_override_separation && !job.request.context.reason.empty();
      if (!overridden) return refusal(job, rule, thing);
      job.separation_overridden = true;
    }
  }
  return {};
}

}  // namespace opsledger
