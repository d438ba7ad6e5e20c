#include <boost/json/parse.hpp>

#include "kernel/http/openapi.hpp"
#include "kernel/http/problem.hpp"

namespace opsledger {

namespace {

constexpr std::string_view kEvents = R"({
"Tag":{"type":"string","pattern":"^[a-z][a-z0-9_]{0,31}:[^,]+$","examples":["order:536365"]},
"NewEvent":{"type":"object","required":["type"],"additionalProperties":false,"properties":{
  "type":{"type":"string","maxLength":128,"examples":["order.line_recorded"]},
  "tags":{"type":"array","maxItems":64,"items":{"$ref":"#/components/schemas/Tag"}},
  "data":{"description":"fits the schema of the type where a module owns it; else kept verbatim"},
  "id":{"type":"string","maxLength":200},
  "time":{"type":"string","format":"date-time","description":"when it happened"},
  "department":{"type":"string","maxLength":200}}},
"QueryItem":{"type":"object","additionalProperties":false,
  "description":"any of the types and all of the tags","properties":{
  "types":{"type":"array","maxItems":64,"items":{"type":"string"}},
  "tags":{"type":"array","maxItems":64,"items":{"$ref":"#/components/schemas/Tag"}}}},
"Query":{"type":"object","additionalProperties":false,"description":"any of the items",
  "properties":{"items":{"type":"array","maxItems":64,
    "items":{"$ref":"#/components/schemas/QueryItem"}}}},
"AppendCondition":{"type":"object","additionalProperties":false,"required":["query"],
  "description":"fail if an event after the position matches","properties":{
  "query":{"$ref":"#/components/schemas/Query"},"after":{"type":"integer","minimum":0}}},
"AppendRequest":{"type":"object","additionalProperties":false,"required":["events"],"properties":{
  "events":{"type":"array","minItems":1,"items":{"$ref":"#/components/schemas/NewEvent"}},
  "condition":{"$ref":"#/components/schemas/AppendCondition"}}},
"AppendOutcome":{"type":"object","required":["first","last"],"properties":{
  "first":{"type":"integer","minimum":1},"last":{"type":"integer","minimum":1}}},
"EventQuery":{"type":"object","additionalProperties":false,"properties":{
  "query":{"$ref":"#/components/schemas/Query"},"after":{"type":"integer","minimum":0},
  "limit":{"type":"integer","minimum":0},"direction":{"enum":["forward","backward"]},
  "department":{"type":"string"}}},
"CloudEventInput":{"type":"object","required":["specversion","id","source","type"],"properties":{
  "specversion":{"const":"1.0"},"id":{"type":"string"},"source":{"type":"string"},
  "type":{"type":"string"},"time":{"type":"string","format":"date-time"},
  "datacontenttype":{"type":"string"},"tags":{"type":"string","description":"comma-joined"},
  "department":{"type":"string"},"data":{}}},
"CloudEvent":{"type":"object","required":["specversion","id","source","type","position"],
  "properties":{"specversion":{"const":"1.0"},"id":{"type":"string"},"source":{"type":"string"},
  "type":{"type":"string"},"time":{"type":"string","format":"date-time"},
  "datacontenttype":{"type":"string"},"dataschema":{"type":"string"},"data":{},
  "data_base64":{"type":"string"},"position":{"type":"string","pattern":"^[0-9]+$"},
  "recordedat":{"type":"string","format":"date-time"},"tags":{"type":"string"},
  "department":{"type":"string"},"actor":{"type":"string"},"correlationid":{"type":"string"},
  "causationposition":{"type":"string","pattern":"^[0-9]+$"}}}
})";

constexpr std::string_view kOthers = R"({
"CommandOutcome":{"type":"object","required":["position","events","warnings"],"properties":{
  "position":{"type":"integer","minimum":0},
  "events":{"type":"array","items":{"type":"object","required":["type","position"],"properties":{
    "type":{"type":"string"},"position":{"type":"integer"}}}},
  "warnings":{"type":"array","items":{"type":"object","properties":{
    "code":{"type":"string"},"message":{"type":"string"}}}}}},
"TableDiff":{"type":"object","required":["added","changed","removed"],"properties":{
  "added":{"type":"array","items":{"type":"object"}},
  "changed":{"type":"array","items":{"type":"object"}},
  "removed":{"type":"array","items":{"type":"object"}}}},
"Projection":{"type":"object","required":["module","state","position","head","lag"],"properties":{
  "module":{"type":"string"},"module_version":{"type":"string"},"generation":{"type":"string"},
  "state":{"enum":["catching_up","live","parked","rebuilding","stopped"]},
  "position":{"type":"integer"},"head":{"type":"integer"},"lag":{"type":"integer"},
  "events_per_second":{"type":"integer"},"seconds_left":{"type":["integer","null"]},
  "unknown_events":{"type":"integer"},"rebuild_position":{"type":"integer"},
  "parked":{"type":"object"}}},
"Login":{"type":"object","required":["login","password"],"additionalProperties":false,
  "properties":{"login":{"type":"string","maxLength":254},
  "password":{"type":"string","maxLength":1024}}},
"SessionOpened":{"type":"object","required":["account","session","csrf","expires_at"],
  "properties":{"account":{"type":"string"},"session":{"type":"string"},
  "csrf":{"type":"string","description":"to be sent as X-CSRF-Token with what changes something"},
  "expires_at":{"type":"string","format":"date-time"}}},
"Me":{"type":"object","required":["account","authenticated","set_up","scopes","roles"],
  "properties":{"account":{"type":"string"},"authenticated":{"type":"boolean"},
  "set_up":{"type":"boolean","description":"there is no account yet: everybody may everything"},
  "kind":{"enum":["person","service"]},"person":{"type":["string","null"]},
  "scopes":{"type":"array","items":{"type":"string"}},
  "roles":{"type":"array","items":{"type":"object"}},"csrf":{"type":"string"},
  "expires_at":{"type":"string","format":"date-time"}}},
"PasswordChange":{"type":"object","required":["current","password"],"additionalProperties":false,
  "properties":{"current":{"type":"string"},"password":{"type":"string","maxLength":1024}}},
"NewUser":{"type":"object","required":["account"],"additionalProperties":false,"properties":{
  "account":{"type":"string","pattern":"^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$"},
  "kind":{"enum":["person","service"],"default":"person"},
  "login":{"type":"string","maxLength":254,"description":"not case sensitive; default: the id"},
  "password":{"type":"string","maxLength":1024}}},
"NewToken":{"type":"object","additionalProperties":false,"properties":{
  "account":{"type":"string"},"label":{"type":"string","maxLength":200},
  "scopes":{"type":"array","maxItems":64,"items":{"type":"string","examples":["order.*"]}},
  "expires_at":{"type":"string","format":"date-time"}}},
"Setup":{"type":"object","required":["token","account","password"],"additionalProperties":false,
  "properties":{"token":{"type":"string"},"account":{"type":"string"},"login":{"type":"string"},
  "password":{"type":"string","maxLength":1024}}},
"Health":{"type":"object","required":["status"],"properties":{"status":{"const":"alive"}}},
"Readiness":{"type":"object","required":["status","reasons"],"properties":{
  "status":{"enum":["ready","not_ready"]},"reasons":{"type":"array","items":{"type":"string"}},
  "position":{"type":"integer"}}}
})";

boost::json::object problem_schema() {
  boost::json::array codes;
  for (const ProblemCode& code : problem_codes()) codes.emplace_back(code.code);
  boost::json::object pointer{
      {"type", "object"},
      {"properties", {{"pointer", {{"type", "string"}}}, {"detail", {{"type", "string"}}}}}};
  return {{"type", "object"},
          {"required", {"type", "title", "status", "detail", "code"}},
          {"properties",
           {{"type", {{"type", "string"}, {"format", "uri"}}},
            {"title", {{"type", "string"}}},
            {"status", {{"type", "integer"}}},
            {"detail", {{"type", "string"}}},
            {"code",
             {{"description", "one of these, or a module's own `<prefix>.<check>`"},
              {"type", "string"},
              {"examples", std::move(codes)}}},
            {"errors", {{"type", "array"}, {"items", std::move(pointer)}}}}}};
}

}  // namespace

boost::json::object openapi_schemas() {
  boost::json::object schemas = boost::json::parse(kEvents).as_object();
  const boost::json::value others = boost::json::parse(kOthers);
  for (const auto& member : others.get_object()) schemas[member.key()] = member.value();
  schemas["Problem"] = problem_schema();
  return schemas;
}

}  // namespace opsledger
