#include "kernel/http/openapi.hpp"

#include <boost/json/array.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <set>

#include "kernel/http/problem.hpp"

namespace opsledger {

namespace {

namespace json = boost::json;

/// The command or table that a path was made for.
struct Subject {
  std::string name;
  std::string parameter;  ///< `{type}` | `{table}`, replaced by the name
  std::string summary;
  json::object schema;  ///< of the command's body or of a row
};

json::value schema_of(std::string_view text, const Subject& subject) {
  if (text == "#row") return subject.schema;
  if (text == "#rows") return {{"type", "array"}, {"items", subject.schema}};
  if (!text.starts_with('#')) return json::parse(text);
  return {{"$ref", "#/components/schemas/" + std::string(text.substr(1))}};
}

json::object content_of(const std::vector<Content>& contents, const Subject& subject) {
  json::object result;
  for (const Content& content : contents) {
    for (std::string_view type : content.media_types) {
      result[type] = {{"schema", schema_of(content.schema, subject)}};
    }
  }
  return result;
}

json::array parameters_of(const Operation& operation) {
  json::array result;
  for (const Parameter& parameter : operation.parameters) {
    result.push_back({{"name", parameter.name},
                      {"in", parameter.in},
                      {"required", parameter.required || parameter.in == "path"},
                      {"description", parameter.description},
                      {"schema", json::parse(parameter.schema)}});
  }
  return result;
}

json::object problem_response(unsigned status) {
  std::string description(status_title(status));
  for (const ProblemCode& code : problem_codes()) {
    if (code.status != status) continue;
    description += "\n- `" + std::string(code.code) + "`: " + std::string(code.meaning);
  }
  return {
      {"description", std::move(description)},
      {"content", {{media::kProblem, {{"schema", {{"$ref", "#/components/schemas/Problem"}}}}}}}};
}

json::object responses_of(const Operation& operation, const Subject& subject) {
  json::object good{{"description", operation.summary}};
  json::object content = content_of(operation.answer, subject);
  if (!content.empty()) good["content"] = std::move(content);
  json::object result{{std::to_string(operation.success), std::move(good)}};
  std::set<unsigned> problems(operation.problems.begin(), operation.problems.end());
  problems.insert({400, 401, 421, 500, 503});
  for (unsigned status : problems) {
    const std::string code = std::to_string(status);
    result[code] = {{"$ref", "#/components/responses/" + code}};
  }
  return result;
}

/// `readRow` of `order.orders` -> `readRow_order_orders`.
std::string operation_id(const Operation& operation, const Subject& subject) {
  std::string id(operation.id);
  if (subject.name.empty()) return id;
  id.push_back('_');
  for (char c : subject.name) id.push_back(c == '.' ? '_' : c);
  return id;
}

json::object operation_object(const Route& route, const Subject& subject) {
  const Operation& operation = route.operation;
  json::object result{
      {"operationId", operation_id(operation, subject)},
      {"tags", {operation.tag}},
      {"summary", subject.summary.empty() ? std::string(operation.summary) : subject.summary}};
  json::array parameters = parameters_of(operation);
  if (!parameters.empty()) result["parameters"] = std::move(parameters);
  json::object body = content_of(operation.body, subject);
  if (operation.expands == Expands::kPerCommand) {
    body[media::kJson] = {{"schema", subject.schema}};
  }
  if (!body.empty()) result["requestBody"] = {{"required", true}, {"content", std::move(body)}};
  if (route.audience != Audience::kAccounts) result["security"] = json::array();
  result["responses"] = responses_of(operation, subject);
  return result;
}

std::vector<Subject> subjects_of(const Route& route, const Registry& registry) {
  std::vector<Subject> subjects;
  if (route.operation.expands == Expands::kNot) subjects.push_back({});
  for (const auto& module : registry.modules()) {
    if (route.operation.expands == Expands::kPerCommand) {
      for (const CommandInfo& command : module->info().commands) {
        subjects.push_back(
            {command.type, "{type}", command.label.en, command.schema->json_schema()});
      }
    } else if (route.operation.expands == Expands::kPerTable) {
      for (const TableInfo& table : module->info().tables) {
        subjects.push_back({module->info().name + "." + table.name, "{table}",
                            std::string(route.operation.summary) + ": " + table.label.en,
                            table.row->json_schema()});
      }
    }
  }
  return subjects;
}

std::string path_of(const Route& route, const Subject& subject) {
  std::string path(route.pattern);
  if (const auto rest = path.find("...}"); rest != std::string::npos) path.erase(rest, 3);
  if (const auto at = path.find(subject.parameter); !subject.name.empty()) {
    path.replace(at, subject.parameter.size(), subject.name);
  }
  return path;
}

std::string method_name(http::verb method) {
  std::string name(http::to_string(method));
  for (char& c : name) c = static_cast<char>(c - 'A' + 'a');
  return name;
}

json::object paths_of(const Router& router, const Registry& registry) {
  json::object paths;
  for (const Route& route : router.routes()) {
    for (const Subject& subject : subjects_of(route, registry)) {
      json::value& path = paths[path_of(route, subject)];
      if (!path.is_object()) path.emplace_object();
      path.get_object()[method_name(route.method)] = operation_object(route, subject);
    }
  }
  return paths;
}

json::object components() {
  std::set<unsigned> statuses;
  for (const ProblemCode& code : problem_codes()) statuses.insert(code.status);
  json::object responses;
  for (unsigned status : statuses) {
    responses[std::to_string(status)] = problem_response(status);
  }
  json::object security{
      {"token", {{"type", "http"}, {"scheme", "bearer"}}},
      {"session", {{"type", "apiKey"}, {"in", "cookie"}, {"name", session_cookie_name(false)}}}};
  return {{"schemas", openapi_schemas()},
          {"responses", std::move(responses)},
          {"securitySchemes", std::move(security)}};
}

Result<Response> get_openapi(ServerContext& server, const Request&) {
  return json_response(
      json::serialize(openapi_document(server.router, server.services.registry, server.version)));
}

}  // namespace

json::object openapi_document(const Router& router, const Registry& registry,
                              const std::string& version) {
  return {{"openapi", "3.1.0"},
          {"info",
           {{"title", "OpsLedger"},
            {"version", version},
            {"summary", "One ledger of operational events, and what modules make of it"},
            {"license", {{"name", "Apache-2.0"}, {"identifier", "Apache-2.0"}}}}},
          {"servers", {{{"url", "/"}}}},
          {"security", {{{"token", json::array()}}, {{"session", json::array()}}}},
          {"paths", paths_of(router, registry)},
          {"components", components()}};
}

void add_openapi_routes(Router& router) {
  router.add({.method = http::verb::get,
              .pattern = "/openapi.json",
              .runs = Runs::kOnReader,
              .handler = get_openapi,
              .operation = {.id = "openapi",
                            .tag = "system",
                            .summary = "This document",
                            .answer = {{{media::kJson}, R"({"type":"object"})"}}},
              .audience = Audience::kEveryone});
}

}  // namespace opsledger
