#include "kernel/access/guard_items.hpp"

namespace opsledger {

namespace {

std::string tag(std::string_view key, std::string_view value) {
  return std::string(key) + ":" + std::string(value);
}

}  // namespace

std::vector<QueryItem> guard_items(std::string_view account, const Holding& held,
                                   std::string_view department) {
  std::vector<QueryItem> items{
      // what is given, too: it may make the account an auditor, who writes nothing
      {{"account.disabled", "grant.given", "grant.revoked"}, {tag("account", account)}},
      {{"role.defined"}, {tag("role", held.role)}},
  };
  items.push_back(
      {{"person.appointed", "person.deactivated", "person.relieved", "person.transferred"},
       {tag("person", account)}});
  if (!held.position.empty()) {
    items.push_back({{"position.retired", "position.revised"}, {tag("position", held.position)}});
  }
  if (held.scope == Scope::kSubtree && department != held.department) {
    items.push_back({{"department.moved"}, {}});
  }
  if (!department.empty()) {
    items.push_back({{"department.closed"}, {tag("department", department)}});
  }
  return items;
}

QueryItem switch_item(std::string_view module, std::string_view department) {
  QueryItem item{{"module.configured", "module.disabled", "module.enabled"},
                 {tag("module", module)}};
  if (!department.empty()) item.tags.insert(item.tags.begin(), tag("department", department));
  return item;
}

QueryItem first_account_item() {
  return {{"account.created"}, {}};
}

}  // namespace opsledger
