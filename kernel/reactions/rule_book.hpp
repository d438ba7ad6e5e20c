// What the ledger says about rules: which mode held where and when, and how far each has got.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "kernel/reactions/rule_events.hpp"
#include "storage/api/ledger.hpp"

namespace opsledger {

/// Folded from rule events in order. One thread.
class RuleBook {
 public:
  explicit RuleBook(RuleMode otherwise) : otherwise_(otherwise) {}

  /// Reads on to `upto`. Errors: the ledger's.
  Status read(const Ledger& ledger, Position upto);

  /// The mode that held in `department` when the event at `at` was appended: its own, else that of
  /// `*`, else the default.
  RuleMode mode(std::string_view rule, std::string_view department, Position at) const;
  /// Newest version published; nothing: never seen.
  std::optional<unsigned> version(std::string_view rule) const;
  /// Everything up to here is done for the rule.
  Position progress(std::string_view rule) const;

 private:
  struct Known {
    std::optional<unsigned> version;
    Position progress{};
    std::map<std::string, std::map<Position, RuleMode>, std::less<>> modes;  ///< by department
  };
  void fold(const EventView& event);
  const Known* find(std::string_view rule) const;

  const RuleMode otherwise_;
  Position read_{};
  std::map<std::string, Known, std::less<>> rules_;
};

}  // namespace opsledger
