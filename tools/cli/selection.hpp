// The options that choose events, shared by read, query, tail and export.
#pragma once

#include <string>
#include <vector>

#include "tools/cli/backend.hpp"
#include "tools/cli/command_line.hpp"

namespace opsledger::cli {

struct SelectionOptions {
  std::vector<std::string> types, tags;
  std::string query;  ///< JSON, as POST /v1/events/query takes it
  std::uint64_t after = 0, limit = UINT64_MAX, upto = UINT64_MAX;
  bool backward = false;

  void add_filter(CLI::App* command);
  void add_range(CLI::App* command);
  /// Errors: kMalformed, kInvalid for a wrong query.
  Result<EventSelection> selection() const;
};

}  // namespace opsledger::cli
