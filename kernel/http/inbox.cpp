#include "kernel/http/inbox.hpp"

#include <algorithm>
#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>

#include "kernel/http/rights.hpp"
#include "kernel/schema/time_text.hpp"

namespace opsledger {
namespace {

namespace json = boost::json;

Result<json::array> rows_of_module(ServerContext& server, const Request& request,
                                   const TableRef& table, std::string_view time_column) {
  auto scope = visible_rows(server, request, table);
  if (scope.nothing()) return json::array();
  const auto name = table.module->info().name + "." + table.info().name;
  auto snapshot = server.services.projections.open(name, kHead);
  if (!snapshot.ok() && snapshot.error().code == Code::kNotReady) return json::array();
  if (!snapshot.ok()) return std::move(snapshot).error();
  auto filter = row_filter(server, request, table, std::move(scope), *snapshot->shape);
  const QueryParameters mine{{"person", "eq." + request.context.actor},
                             {"order", std::string(time_column) + ".asc.nullslast"},
                             {"limit", std::to_string(kPersonRowsMax)}};
  OPS_TRY_ASSIGN(const auto page, read_table(*snapshot, mine, false, &filter));
  auto rows = json::parse(page.json).as_array();
  for (auto& row : rows) {
    row.as_object()["module"] = table.module->info().name;
    row.as_object()["table"] = name;
  }
  return rows;
}

/// What has no time comes last.
Time time_of(const json::value& row, std::string_view column) {
  const auto* value = row.as_object().if_contains(column);
  if (value == nullptr || !value->is_string()) return {INT64_MAX};
  return parse_rfc3339(value->get_string()).value_or(Time{INT64_MAX});
}

}  // namespace

Result<json::array> rows_of_person(ServerContext& server, const Request& request,
                                   std::string_view table, std::string_view time_column) {
  json::array all;
  for (const auto& module : server.services.registry.modules()) {
    const auto& tables = module->info().tables;
    for (std::uint32_t i = 0; i < tables.size(); ++i) {
      if (tables[i].name != table) continue;
      OPS_TRY_ASSIGN(auto rows, rows_of_module(server, request, {module, i}, time_column));
      std::move(rows.begin(), rows.end(), std::back_inserter(all));
    }
  }
  std::stable_sort(all.begin(), all.end(), [&](const json::value& a, const json::value& b) {
    return time_of(a, time_column) < time_of(b, time_column);
  });
  return all;
}

}  // namespace opsledger
