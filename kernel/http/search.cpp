// Finding things in all modules at once: by words, and what waits for a person.
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include "kernel/http/ical.hpp"
#include "kernel/http/inbox.hpp"
#include "kernel/http/labels.hpp"
#include "kernel/http/problem.hpp"
#include "kernel/http/rights.hpp"
#include "kernel/http/router.hpp"
#include "kernel/http/text.hpp"
#include "kernel/query/search_table.hpp"
#include "kernel/schema/time_text.hpp"

namespace opsledger {
namespace {

namespace json = boost::json;

constexpr std::size_t kHitsDefault = 20, kHitsMax = 100, kQuestionBytesMax = 200;

struct Question {
  std::string words, module;
  std::size_t limit = kHitsDefault;
};

Result<Question> question_of(const Request& request) {
  OPS_TRY(refuse_repeated(request.query, {"q", "module", "limit"}));
  Question question;
  for (const auto& [name, value] : request.query) {
    if (name == "q") {
      question.words = value;
    } else if (name == "module") {
      question.module = value;
    } else if (name == "limit") {
      OPS_TRY_ASSIGN(const auto limit, number_parameter(name, value));
      question.limit = std::min<std::size_t>(limit, kHitsMax);
    } else {
      return Error{Code::kMalformed, "http.parameter",
                   "unknown parameter " + name + "; known are q, module, limit"};
    }
  }
  if (question.words.empty() || question.words.size() > kQuestionBytesMax) {
    return Error{Code::kMalformed, "http.parameter",
                 "q must be 1 to " + std::to_string(kQuestionBytesMax) + " bytes"};
  }
  return question;
}

struct Found {
  const ModuleInfo* module;
  const TableInfo* table;
  SearchHit hit;
};

/// A table that the caller may not read at all is passed over.
Result<SearchHits> search_one(ServerContext& server, const Request& request, const TableRef& table,
                              const Question& question) {
  auto scope = visible_rows(server, request, table);
  if (scope.nothing()) return SearchHits();
  const auto name = table.module->info().name + "." + table.info().name;
  auto snapshot = server.services.projections.open(name, kHead);
  if (!snapshot.ok() && snapshot.error().code == Code::kNotReady) return SearchHits{{}, false};
  if (!snapshot.ok()) return std::move(snapshot).error();
  auto filter = row_filter(server, request, table, std::move(scope), *snapshot->shape);
  return search_table(*snapshot, question.words, question.limit,
                      [&](const RowContext& row) { return filter.sees(row); });
}

json::object to_json(const Found& found) {
  return {{"table", found.module->name + "." + found.table->name},
          {"label", label_json(found.table->label)},
          {"module", found.module->name},
          {"key", found.hit.key},
          {"title", found.hit.title},
          {"position", found.hit.position.value}};
}

Result<Response> search(ServerContext& server, const Request& request) {
  OPS_TRY_ASSIGN(const auto question, question_of(request));
  std::vector<Found> all;
  bool complete = true;
  for (const auto& module : server.services.registry.modules()) {
    const auto& info = module->info();
    if (!question.module.empty() && info.name != question.module) continue;
    for (std::uint32_t i = 0; i < info.tables.size(); ++i) {
      if (info.tables[i].search.empty()) continue;
      OPS_TRY_ASSIGN(auto hits, search_one(server, request, {module, i}, question));
      complete = complete && hits.complete;
      for (auto& hit : hits.hits) all.push_back({&info, &info.tables[i], std::move(hit)});
    }
  }
  std::stable_sort(all.begin(), all.end(), [](const Found& a, const Found& b) {
    return a.hit.exact != b.hit.exact ? a.hit.exact : a.hit.position > b.hit.position;
  });
  if (all.size() > question.limit) all.resize(question.limit);
  json::array results;
  for (const auto& found : all) results.push_back(to_json(found));
  return json_response(
      json::serialize(json::object{{"results", std::move(results)}, {"complete", complete}}));
}

Result<Response> inbox(ServerContext& server, const Request& request) {
  OPS_TRY_ASSIGN(const auto rows, rows_of_person(server, request, kInboxTable, "due_at"));
  return json_response(json::serialize(rows));
}

/// An entry's name for ever: the row it stands for.
std::string uid_of(const json::object& row) {
  std::string uid;
  for (const auto* part : {"table", "key", "id"}) {
    const auto* value = row.if_contains(part);
    if (value == nullptr || !value->is_string()) continue;
    uid += (uid.empty() ? "" : "/") + std::string(value->get_string());
  }
  return uid + "@opsledger";
}

std::optional<Time> time_of(const json::object& row, std::string_view column) {
  const auto* value = row.if_contains(column);
  if (value == nullptr || !value->is_string()) return {};
  return parse_rfc3339(value->get_string());
}

std::string title_of(const json::object& row) {
  const auto* value = row.if_contains("title");
  return value != nullptr && value->is_string() ? std::string(value->get_string()) : "";
}

Result<Response> calendar(ServerContext& server, const Request& request) {
  const auto now = server.services.clock ? server.services.clock->now() : Time{};
  Calendar calendar("OpsLedger " + request.context.actor, now);
  OPS_TRY_ASSIGN(const auto todos, rows_of_person(server, request, kInboxTable, "due_at"));
  for (const auto& todo : todos) {
    const auto& row = todo.as_object();
    if (const auto due = time_of(row, "due_at"))
      calendar.add_todo(uid_of(row), title_of(row), *due);
  }
  OPS_TRY_ASSIGN(const auto dates, rows_of_person(server, request, kScheduleTable, "starts_at"));
  for (const auto& date : dates) {
    const auto& row = date.as_object();
    const auto start = time_of(row, "starts_at");
    if (start) calendar.add_event(uid_of(row), title_of(row), *start, time_of(row, "ends_at"));
  }
  return Response{.content_type = "text/calendar; charset=utf-8",
                  .body = std::move(calendar).text()};
}

}  // namespace

void add_search_routes(Router& router) {
  router.add(
      {.method = http::verb::get,
       .pattern = "/v1/search",
       .runs = Runs::kOnReader,
       .handler = search,
       .operation = {
           .id = "search",
           .tag = "tables",
           .summary = "Rows of all modules by number and words, as far as the caller sees them",
           .parameters = {{"q", "query", R"({"type":"string","maxLength":200})",
                           "words; each must begin a word of the row", true},
                          {"module", "query", R"({"type":"string"})", "only this module"},
                          {"limit", "query", R"({"type":"integer","maximum":100})",
                           "most results, 20 when absent"}},
           .answer = {{{media::kJson},
                       R"({"type":"object","required":["results","complete"],"properties":)"
                       R"({"results":{"type":"array","items":{"type":"object"}},)"
                       R"("complete":{"type":"boolean"}}})"}},
           .problems = {401}}});
  router.add(
      {.method = http::verb::get,
       .pattern = "/v1/inbox",
       .runs = Runs::kOnReader,
       .handler = inbox,
       .operation = {.id = "inbox",
                     .tag = "tables",
                     .summary = "What waits for the caller in all modules, soonest first",
                     .answer = {{{media::kJson}, R"({"type":"array","items":{"type":"object"}})"}},
                     .problems = {401}}});
  router.add({.method = http::verb::get,
              .pattern = "/v1/me/calendar.ics",
              .runs = Runs::kOnReader,
              .handler = calendar,
              .operation = {.id = "calendarFeed",
                            .tag = "tables",
                            .summary = "The caller's appointments and due to-dos as an iCalendar",
                            .parameters = {{"token", "query", R"({"type":"string"})",
                                            "a token whose only scope is calendar.feed"}},
                            .answer = {{{"text/calendar"}, R"({"type":"string"})"}},
                            .problems = {401}},
              .audience = Audience::kFeed});
}

}  // namespace opsledger
