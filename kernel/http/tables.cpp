// Tables: the catalogue, rows at head or as of a position, history, differences.
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include "kernel/http/exports.hpp"
#include "kernel/http/labels.hpp"
#include "kernel/http/problem.hpp"
#include "kernel/http/rights.hpp"
#include "kernel/http/router.hpp"
#include "kernel/http/table_operations.hpp"
#include "kernel/http/table_parameters.hpp"
#include "kernel/http/text.hpp"

namespace opsledger {

namespace {

/// What postgrest clients send to get one row as an object.
constexpr std::string_view kSingleObject = "application/vnd.pgrst.object+json";

boost::json::object describe(const PluginInstance& module, const TableInfo& table) {
  boost::json::array indexes;
  for (const std::string& column : table.indexes) indexes.emplace_back(column);
  return {{"name", module.info().name + "." + table.name},
          {"module", module.info().name},
          {"version", table.version},
          {"label", label_json(table.label)},
          {"key", table.key_column},
          {"indexes", std::move(indexes)},
          {"row", table.row->json_schema()}};
}

Result<Response> list_tables(ServerContext& server, const Request&) {
  boost::json::array list;
  for (const auto& module : server.services.registry.modules()) {
    for (const TableInfo& table : module->info().tables) list.push_back(describe(*module, table));
  }
  return json_response(boost::json::serialize(list));
}

/// Which moment an answer shows, so that it can be asked for again.
void add_moment(const TableSnapshot& snapshot, Response* response) {
  response->headers.emplace_back("X-Position", std::to_string(snapshot.as_of.value));
  response->headers.emplace_back("X-Generation", snapshot.generation_name);
}

using TableRead = Result<Response> (*)(ServerContext&, const Request&, const TableParameters&,
                                       const TableSnapshot&, RowFilter&);

Result<Response> open_and_read(ServerContext& server, const Request& request, const TableRef& table,
                               const TableParameters& parameters, TableRead read) {
  OPS_TRY_ASSIGN(auto scope, table_scope(server, request, table));
  OPS_TRY_ASSIGN(const Position as_of,
                 resolve_position(server.services.ledger, "as_of", parameters.as_of));
  OPS_TRY_ASSIGN(const TableSnapshot snapshot,
                 server.services.projections.open(request.path[0], as_of, parameters.as_shown));
  auto filter = row_filter(server, request, table, std::move(scope), *snapshot.shape);
  OPS_TRY_ASSIGN(Response response, read(server, request, parameters, snapshot, filter));
  add_moment(snapshot, &response);
  return response;
}

/// Every table read: wait for `min_position`, open the table at `as_of`, then `read` it.
Task<Result<Response>> with_table(ServerContext& server, const Request& request, TableRead read) {
  auto parameters = table_parameters(request.query);
  if (!parameters.ok()) co_return std::move(parameters).error();
  const auto table = server.services.registry.table(request.path[0]);
  if (!table) {
    co_return Error{
        Code::kNotFound, "table.unknown",
        "no loaded module has a table " + request.path[0] + "; GET /v1/tables lists them"};
  }
  Status reached =
      co_await wait_for_position(server, table->module->info().name, parameters->min_position);
  if (!reached.ok()) co_return std::move(reached).error();
  co_return co_await offload<Response>(
      server.readers, [&] { return open_and_read(server, request, *table, *parameters, read); });
}

std::string content_range(const TablePage& page) {
  const std::string total = page.total ? std::to_string(*page.total) : "*";
  if (page.rows == 0) return "*/" + total;
  return std::to_string(page.offset) + "-" + std::to_string(page.offset + page.rows - 1) + "/" +
         total;
}

Result<Response> page_answer(const Request& request, TablePage page) {
  Response response{.body = std::move(page.json)};
  response.headers.emplace_back("Content-Range", content_range(page));
  if (!header_lists(request.header("Accept"), kSingleObject)) return response;
  if (page.rows != 1) {
    return Error{Code::kUnsupported, "http.not_acceptable",
                 "one object was asked for, but " + std::to_string(page.rows) + " rows match"};
  }
  response.content_type = kSingleObject;
  response.body = response.body.substr(1, response.body.size() - 2);
  return response;
}

Result<Response> rows(ServerContext& server, const Request& request,
                      const TableParameters& parameters, const TableSnapshot& snapshot,
                      RowFilter& filter) {
  if (const auto format = export_format(request)) {
    return export_rows(server, request, parameters, snapshot, filter, *format);
  }
  const bool count = header_lists(request.header("Prefer"), "count=exact");
  OPS_TRY_ASSIGN(TablePage page, read_table(snapshot, parameters.others, count, &filter));
  return page_answer(request, std::move(page));
}

Result<Response> one_row(ServerContext&, const Request& request, const TableParameters&,
                         const TableSnapshot& snapshot, RowFilter& filter) {
  OPS_TRY_ASSIGN(std::string row, read_row(snapshot, request.path[1], &filter));
  return json_response(std::move(row));
}

Result<Response> row_history(ServerContext& server, const Request& request, const TableParameters&,
                             const TableSnapshot& snapshot, RowFilter& filter) {
  OPS_TRY_ASSIGN(std::string versions,
                 read_history(snapshot, server.services.ledger, request.path[1], &filter));
  return json_response(std::move(versions));
}

Result<Response> difference(ServerContext& server, const Request&,
                            const TableParameters& parameters, const TableSnapshot& snapshot,
                            RowFilter& filter) {
  std::optional<Position> from, to;
  for (const auto& [name, value] : parameters.others) {
    if (name != "from" && name != "to") {
      return Error{Code::kMalformed, "http.parameter",
                   "unknown parameter " + name + "; known are from, to"};
    }
    OPS_TRY_ASSIGN((name == "from" ? from : to),
                   resolve_position(server.services.ledger, name, value));
  }
  if (!from) return Error{Code::kMalformed, "http.parameter", "from= is missing"};
  const Position end = to && *to != kHead ? *to : snapshot.as_of;
  if (*from > end) {
    return Error{
        Code::kMalformed, "http.parameter",
        "from=" + std::to_string(from->value) + " is after to=" + std::to_string(end.value)};
  }
  OPS_TRY_ASSIGN(std::string changes, diff_table(snapshot, *from, end, &filter));
  return json_response(std::move(changes));
}

Task<Result<Response>> get_rows(ServerContext& server, const Request& request) {
  co_return co_await with_table(server, request, rows);
}
/// What will happen by itself: the table timer.pending under its own path.
Task<Result<Response>> get_timers(ServerContext& server, const Request& request) {
  Request table = request;
  table.path = {"timer.pending"};
  co_return co_await with_table(server, table, rows);
}
Task<Result<Response>> get_row(ServerContext& server, const Request& request) {
  co_return co_await with_table(server, request, one_row);
}
Task<Result<Response>> get_history(ServerContext& server, const Request& request) {
  co_return co_await with_table(server, request, row_history);
}
Task<Result<Response>> get_difference(ServerContext& server, const Request& request) {
  co_return co_await with_table(server, request, difference);
}

}  // namespace

void add_table_routes(Router& router) {
  router.add({.method = http::verb::get,
              .pattern = "/v1/tables",
              .runs = Runs::kOnReader,
              .handler = list_tables,
              .operation = list_tables_operation()});
  const auto add = [&](std::string_view pattern, AsyncHandler handler, Operation operation) {
    router.add({.method = http::verb::get,
                .pattern = pattern,
                .runs = Runs::kAsync,
                .async_handler = handler,
                .operation = std::move(operation)});
  };
  add("/v1/tables/{table}", get_rows, rows_operation());
  add("/v1/timers", get_timers, timers_operation());
  add("/v1/tables/{table}/diff", get_difference, diff_operation());
  add("/v1/tables/{table}/rows/{key}", get_row, row_operation());
  add("/v1/tables/{table}/rows/{key}/history", get_history, history_operation());
}

}  // namespace opsledger
