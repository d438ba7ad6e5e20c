#include "tools/cli/selection.hpp"

#include <boost/json.hpp>

#include "kernel/events/raw_append.hpp"

namespace opsledger::cli {

void SelectionOptions::add_filter(CLI::App* command) {
  command->add_option("--type", types, "event type; several: any of them");
  command->add_option("--tag", tags, "tag key:value; several: all of them");
}

void SelectionOptions::add_range(CLI::App* command) {
  command->add_option("--after", after, "start after this position (backward: before it)");
  command->add_option("--limit", limit, "at most so many events");
  auto* back = command->add_flag("--backward", backward, "newest first");
  command->add_option("--as-of", upto, "as if the ledger ended at this position")->excludes(back);
}

Result<EventSelection> SelectionOptions::selection() const {
  EventSelection out;
  out.options.after = {after};
  out.options.limit = limit;
  out.options.upto = {upto};
  out.options.direction = backward ? Direction::kBackward : Direction::kForward;
  if (!query.empty()) {
    boost::json::error_code failed;
    const auto parsed = boost::json::parse(query, failed);
    if (failed) {
      return Error{Code::kMalformed, "query.malformed",
                   "the query is not JSON (" + failed.message() +
                       R"(); give e.g. '{"items":[{"types":["order.placed"]}]}')"};
    }
    OPS_TRY_ASSIGN(out.query, parse_query(parsed, ""));
  } else if (!types.empty() || !tags.empty()) {
    out.query.items.push_back({types, tags});
  }
  return out;
}

}  // namespace opsledger::cli
