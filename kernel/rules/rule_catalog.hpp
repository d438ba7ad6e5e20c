// The rules that administrators published, as the ledger says.
#pragma once

#include <atomic>
#include <boost/json/object.hpp>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <shared_mutex>
#include <string>

#include "kernel/rules/rule.hpp"
#include "storage/api/ledger.hpp"

namespace opsledger {

/// Folded from `rule.published` (kind `rule`) and `rule.mode_set`. Thread safe; what it is given
/// must outlive it.
class RuleCatalog {
 public:
  struct Entry {
    std::shared_ptr<const Rule> rule;  ///< null: it does not fit the modules that are loaded
    std::string problem;               ///< why not
    boost::json::object definition;    ///< as published
    unsigned version = 0;
    Position published{};
    std::string by;
    std::map<std::string, RuleMode> modes;  ///< by department; `*` = all others
  };
  using Entries = std::map<std::string, Entry, std::less<>>;  // ascending id: the order they run in

  RuleCatalog(const Ledger& ledger, const Registry& registry)
      : ledger_(ledger), registry_(registry) {}

  /// Folds everything up to the accepted head. Errors: the ledger's.
  Status load();
  /// Everything at or before it is folded.
  Position known() const { return {known_.load(std::memory_order_acquire)}; }
  /// Grows with every publication.
  std::uint64_t revision() const { return revision_.load(std::memory_order_acquire); }
  Entries entries() const;
  /// Version 0 when there is none.
  Entry entry(std::string_view rule) const;
  std::shared_ptr<const Rule> rule(std::string_view id) const;

 private:
  void fold(const EventView& event);
  void publish(const boost::json::object& data, const EventView& event);

  const Ledger& ledger_;
  const Registry& registry_;
  std::mutex loading_;  // one reader of the ledger at a time
  std::atomic<std::uint64_t> known_{0}, revision_{1};
  mutable std::shared_mutex mutex_;  // guards entries_
  Entries entries_;
};

/// `off`, `shadow`, `on`.
std::optional<RuleMode> parse_mode(std::string_view name);

/// `rule.published` of a rule as data: {rule, version, kind, module, always, label_en, label_zh,
/// definition}, tag `rule:<id>`.
NewEvent data_rule_published(const Rule& rule, const boost::json::object& definition,
                             const Registry& registry);

}  // namespace opsledger
