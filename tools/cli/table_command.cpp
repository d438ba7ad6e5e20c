// table, explain, diff: rows now or earlier, why a row is what it is, what changed between.
#include <boost/json.hpp>
#include <memory>

#include "tools/cli/commands.hpp"

namespace opsledger::cli {
namespace {

namespace json = boost::json;

struct TableOptions {
  PlaceOptions place;
  std::string table, key, as_of;
  std::vector<std::string> filters;
  std::uint64_t limit = 100, from = 0, to = 0;
  bool json = false;
};

std::string text(const json::value& value) {
  return value.is_string() ? std::string(value.get_string()) : json::serialize(value);
}

std::string field(const json::object& object, std::string_view name) {
  const auto* value = object.if_contains(name);
  return value == nullptr ? std::string() : text(*value);
}

Result<json::value> parse(const std::string& answer) {
  json::error_code failed;
  auto value = json::parse(answer, failed);
  if (failed) return Error{Code::kInternal, "answer.malformed", "the answer is not JSON"};
  return value;
}

int run_table(const TableOptions& options) {
  const auto backend = options.place.open();
  if (!backend) return print_error(backend.error());
  std::vector<std::pair<std::string, std::string>> parameters;
  for (const auto& filter : options.filters) {
    const auto equals = filter.find('=');
    if (equals == std::string::npos) {
      return print_error({Code::kInvalid, "query.invalid",
                          "'" + filter + "' is no COLUMN=OPERATOR.VALUE, e.g. total=gt.100"});
    }
    parameters.emplace_back(filter.substr(0, equals), filter.substr(equals + 1));
  }
  parameters.emplace_back("limit", std::to_string(options.limit));
  if (!options.as_of.empty()) parameters.emplace_back("as_of", options.as_of);
  const auto answer = backend.value()->table(options.table, parameters);
  if (!answer) return print_error(answer.error());
  if (options.json) return print_line(answer.value()) ? kSuccess : kUnavailable;
  const auto rows = parse(answer.value());
  if (!rows) return print_error(rows.error());
  for (const auto& row : rows->as_array()) print_line(json::serialize(row));
  return kSuccess;
}

/// `  + name: value`, or `  name: old -> new`, for every field that differs.
void print_changes(const json::object& from, const json::object& to) {
  for (const auto& [name, value] : to) {
    const auto* old = from.if_contains(name);
    if (old == nullptr || old->is_null()) {
      if (!value.is_null()) print_line("    " + std::string(name) + ": " + text(value));
    } else if (*old != value) {
      print_line("    " + std::string(name) + ": " + text(*old) + " -> " + text(value));
    }
  }
}

int run_explain(const TableOptions& options) {
  const auto backend = options.place.open();
  if (!backend) return print_error(backend.error());
  const auto answer = backend.value()->history(options.table, options.key);
  if (!answer) return print_error(answer.error());
  if (options.json) return print_line(answer.value()) ? kSuccess : kUnavailable;
  const auto versions = parse(answer.value());
  if (!versions) return print_error(versions.error());
  json::object before;
  for (const auto& version : versions->as_array()) {
    const auto& object = version.as_object();
    print_line("position " + field(object, "position") + "  " + field(object, "time") + "  " +
               field(object, "type") + "  by " + field(object, "actor"));
    const auto* row = object.if_contains("row");
    if (row == nullptr || !row->is_object()) {
      print_line("    (erased)");
      before = {};
      continue;
    }
    print_changes(before, row->get_object());
    before = row->get_object();
  }
  return kSuccess;
}

int run_diff(const TableOptions& options) {
  const auto backend = options.place.open();
  if (!backend) return print_error(backend.error());
  const auto answer = backend.value()->diff(options.table, {options.from}, {options.to});
  if (!answer) return print_error(answer.error());
  if (options.json) return print_line(answer.value()) ? kSuccess : kUnavailable;
  const auto parsed = parse(answer.value());
  if (!parsed) return print_error(parsed.error());
  const auto& diff = parsed->as_object();
  const auto rows = [&](const char* name) {
    const auto* list = diff.if_contains(name);
    return list != nullptr && list->is_array() ? list->get_array() : json::array();
  };
  for (const auto& row : rows("removed")) print_line("- " + json::serialize(row));
  for (const auto& row : rows("added")) print_line("+ " + json::serialize(row));
  for (const auto& change : rows("changed")) {
    print_line("~ " + field(change.as_object(), "key"));
    print_changes(change.at("from").as_object(), change.at("to").as_object());
  }
  return kSuccess;
}

}  // namespace

void add_table(CommandLine& line) {
  auto t = std::make_shared<TableOptions>();
  auto* table = line.add(
      &line.app, "table", "Print rows of a table, now or as of an earlier moment",
      "opsledger table order.orders 'cancelled=is.true' 'order=invoice' --as-of 2011-06-01");
  t->place.add_url(table);
  table->add_option("TABLE", t->table, "module.table")->required();
  table->add_option("FILTER", t->filters,
                    "PostgREST's grammar: select=…, column=op.value, order=…");
  table->add_option("--limit", t->limit, "at most so many rows");
  table->add_option("--as-of", t->as_of, "position or RFC 3339 time");
  table->add_flag("--json", t->json, "one JSON array instead of a row per line");
  line.on_run(table, [t] { return run_table(*t); });

  auto e = std::make_shared<TableOptions>();
  auto* explain = line.add(&line.app, "explain", "Print why a row is what it is: its versions",
                           "opsledger explain order.orders C536379");
  e->place.add_url(explain);
  explain->add_option("TABLE", e->table, "module.table")->required();
  explain->add_option("KEY", e->key, "the row's key")->required();
  explain->add_flag("--json", e->json, "the versions as a JSON array");
  line.on_run(explain, [e] { return run_explain(*e); });

  auto d = std::make_shared<TableOptions>();
  auto* diff = line.add(&line.app, "diff", "Print what changed in a table between two positions",
                        "opsledger diff order.orders 100 200");
  d->place.add_url(diff);
  diff->add_option("TABLE", d->table, "module.table")->required();
  diff->add_option("FROM", d->from, "position")->required();
  diff->add_option("TO", d->to, "position")->required();
  diff->add_flag("--json", d->json, "as one JSON object");
  line.on_run(diff, [d] { return run_diff(*d); });
}

}  // namespace opsledger::cli
