// A registry with one module, `incident`, that owns two prefixes.
#pragma once

#include <boost/json.hpp>

#include "kernel/events/raw_append.hpp"
#include "kernel/schema/json_parse.hpp"
#include "tests/plugin/declared_module.hpp"

namespace opsledger::testing {

class EventsTest : public ::testing::Test {
 protected:
  EventsTest() {
    raised_ = *Schema::parse(
        R"({"struct":[{"name":"id","type":"string"},{"name":"severity","type":"u8"},)"
        R"({"name":"due_at","type":{"optional":"time"}}]})");
    ModuleInfo info;
    info.name = "incident";
    info.version = "1.0.0";
    info.prefixes = {"incident", "postmortem"};
    info.event_types = {{.type = "incident.raised", .schema = raised_, .owned = true},
                        {.type = "incident.closed", .schema = raised_, .owned = true}};
    EXPECT_TRUE(registry_.add(declared(info)).ok());
    context_.actor = "wang";
  }
  Result<Proposal> append(std::string_view body) {
    return RawAppend(registry_).parse(*parse_json(body), context_);
  }
  Result<Proposal> cloud(std::string_view body) {
    return RawAppend(registry_).parse_cloud_events(*parse_json(body), context_);
  }
  /// `pointer: detail` of each field error.
  static std::vector<std::string> fields(const Result<Proposal>& result) {
    std::vector<std::string> all;
    if (result.ok()) return {"no error"};
    for (const FieldError& field : result.error().fields) {
      all.push_back(field.pointer + ": " + field.detail);
    }
    return all;
  }

  std::shared_ptr<const Schema> raised_;
  Registry registry_;
  RequestContext context_;
};

}  // namespace opsledger::testing
