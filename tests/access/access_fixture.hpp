// An access model and a command service over the test module and a ledger in memory.
#pragma once

#include <gtest/gtest.h>

#include <boost/json.hpp>
#include <memory>
#include <string>

#include "kernel/access/administration.hpp"
#include "kernel/access/event_scope.hpp"
#include "kernel/access/role_events.hpp"
#include "tests/command/command_fixture.hpp"

namespace opsledger::testing {

/// Departments: company > ops > shop; company > it. Positions: chief (director, company) < boss
/// (ops_manager, ops) < clerk (ops_specialist, ops). Accounts: root (admin), ada (chief), ben
/// (boss), cara (clerk), dan (clerk), eve (no role), aud (auditor).
class AccessFixture : public CommandFixture {
 protected:
  AccessFixture() { restart(); }

  /// A fresh model and service over the same ledger, as after a restart of the program.
  void restart(bool enabled_by_default = true) {
    service_.reset();
    start(ledger_);  // makes registry_ and schemas_
    model_ = std::make_unique<AccessModel>(ledger_, *schemas_, clock_,
                                           AccessModel::Options{enabled_by_default});
    administration_ = std::make_unique<Administration>(ledger_, *model_, *registry_);
    service_ = std::make_unique<CommandService>(ledger_, *registry_, *schemas_, clock_,
                                                CommandService::Limits(), model_.get());
  }

  Position control(const std::string& type, const boost::json::object& data,
                   std::vector<std::string> tags = {}) {
    NewEvent event;
    event.type = type;
    event.actor = "opsledger";
    for (const auto* key : {"account", "department", "person", "position", "role", "module"}) {
      const auto* value = data.if_contains(key);
      if (value != nullptr && value->is_string() && !value->get_string().empty()) {
        tags.push_back(std::string(key) + ":" + std::string(value->get_string()));
      }
    }
    event.tags = std::move(tags);
    event.data = boost::json::serialize(data);
    Proposal proposal;
    proposal.events.push_back(std::move(event));
    return append_and_wait(ledger_, std::move(proposal)).value().last;
  }
  void account(const std::string& id) {
    control("account.created", {{"account", id}, {"kind", "person"}});
  }
  void grant(const std::string& id, const std::string& role, const std::string& department = "") {
    control("grant.given", {{"account", id}, {"role", role}, {"department", department}});
  }
  void revoke(const std::string& id, const std::string& role, const std::string& department = "") {
    control("grant.revoked", {{"account", id}, {"role", role}, {"department", department}});
  }
  void define(const std::string& role, const boost::json::array& permissions) {
    control("role.defined",
            {{"role", role}, {"label_en", role}, {"label_zh", role}, {"permissions", permissions}});
  }
  void appoint(const std::string& person, const std::string& position,
               const std::string& department) {
    control("person.appointed", {{"person", person},
                                 {"position", position},
                                 {"department", department},
                                 {"from", "2020-01-01"},
                                 {"primary", true}});
  }

  void found_company() {
    static_cast<void>(record_default_roles(ledger_, *model_, *registry_, "opsledger"));
    for (const auto* role : {"ops_specialist", "ops_manager", "director"}) give_wallet(role);
    department("company", "");
    department("ops", "company");
    department("shop", "ops");
    department("it", "company");
    position("chief", "director", "company", "");
    position("boss", "ops_manager", "ops", "chief");
    position("clerk", "ops_specialist", "ops", "boss");
    for (const auto* id : {"root", "ada", "ben", "cara", "dan", "eve", "aud"}) account(id);
    grant("root", "admin");
    grant("aud", "auditor");
    appoint("ada", "chief", "company");
    appoint("ben", "boss", "ops");
    appoint("cara", "clerk", "ops");
    appoint("dan", "clerk", "ops");
  }
  void department(const std::string& id, const std::string& parent) {
    boost::json::object data{{"department", id}, {"code", id}};
    if (!parent.empty()) data["parent"] = parent;
    control("department.created", data);
  }
  void position(const std::string& id, const std::string& role, const std::string& department,
                const std::string& reports_to) {
    boost::json::object data{{"position", id}, {"department", department}, {"role", role}};
    if (!reports_to.empty()) data["reports_to"] = reports_to;
    control("position.defined", data);
  }
  /// The test module as the matrix would have it: clerks act in their department, managers too,
  /// directors below them; what each sees is own + team, department, subtree.
  void give_wallet(const std::string& role) {
    const auto scope = role == "director" ? "subtree" : "department";
    const auto sees = role == "ops_specialist" ? "team" : scope;
    auto known = model_->look([&](const ControlState& s) { return to_json(s.roles().at(role)); });
    auto& permissions = known["permissions"].as_array();
    permissions.push_back({{"module", "wallet"}, {"class", "C"}, {"scope", scope}});
    permissions.push_back({{"module", "wallet"}, {"class", "V"}, {"scope", sees}});
    control("role.defined", known);
    EXPECT_TRUE(model_->load().ok());
  }

  static RequestContext as(const std::string& account, const std::string& department = "") {
    RequestContext context;
    context.actor = account;
    context.authenticated = true;
    context.department = department;
    return context;
  }
  Result<CommandOutcome> open_as(const RequestContext& context, const std::string& id) {
    return run("wallet.open", {{"id", id}, {"backup", ""}, {"limit", 0}}, context);
  }
  std::string open_reason(const RequestContext& context) {
    return reason(open_as(context, "w" + std::to_string(++wallets_)));
  }
  RowScope sees(const RequestContext& context, std::string_view module = "wallet") {
    return model_->visible({module, "wallet.wallets", 'V'}, context);
  }

  std::unique_ptr<AccessModel> model_;
  std::unique_ptr<Administration> administration_;
  unsigned wallets_ = 0;
};

}  // namespace opsledger::testing
