// Grammars, UTF-8 and pointers.
#include "storage/core/validate.hpp"

#include "storage/base/limits.hpp"
#include "tests/storage/ledger_contract.hpp"

namespace opsledger::testing_support {
namespace {

/// Pointers of what is wrong with a proposal of this one event.
std::vector<std::string> pointers(const NewEvent& event) {
  const auto status = validate_proposal(one(event));
  std::vector<std::string> found;
  if (status.ok()) return found;
  for (const auto& field : status.error().fields) found.push_back(field.pointer);
  return found;
}

TEST(Validate, Utf8IsStrict) {
  for (const std::string text : {"", "plain ascii, longer than eight", "é", "王", "😀", "\x7f",
                                 "\xed\x9f\xbf", "\xf4\x8f\xbf\xbf"}) {
    EXPECT_TRUE(is_utf8(text)) << hex(text);
  }
  for (const std::string text : {"\x80", "\xc0\x80", "\xc1\xbf", "\xe0\x9f\xbf", "\xed\xa0\x80",
                                 "\xf0\x8f\xbf\xbf", "\xf4\x90\x80\x80", "\xf5\x80\x80\x80",
                                 "\xe7\x8e", "abcdefgh\xff", "\xc3(", "1234567\xe7"}) {
    EXPECT_FALSE(is_utf8(text)) << hex(text);
  }
}

TEST(Validate, ModuleTypesAreDottedLowerCaseWords) {
  for (const std::string type : {"task.assigned", "a.b", "order_2.line_recorded", "a.b.c", "a.2"}) {
    EXPECT_TRUE(is_module_type(type)) << type;
  }
  for (const std::string type : {"", "task", "Task.a", "task.A", "task..a", ".task", "task.",
                                 "1a.b", "_a.b", "task a.b", "任务.a"}) {
    EXPECT_FALSE(is_module_type(type)) << type;
  }
  EXPECT_TRUE(is_module_type("a." + std::string(limits::kTypeBytesMax - 2, 'b')));
  EXPECT_FALSE(is_module_type("a." + std::string(limits::kTypeBytesMax - 1, 'b')));
}

TEST(Validate, EventTypesOfOtherSystemsAreTaken) {
  for (const std::string type : {"CourseDefined", "order-created", "place order", "任务.分配",
                                 "com.github.pull_request.opened", "urn:a/b#c"}) {
    EXPECT_TRUE(is_event_type(type)) << type;
  }
  for (const std::string type : {"", " a", "a ", "a\nb", "a\xff", "a\x7f"}) {
    EXPECT_FALSE(is_event_type(type)) << type;
  }
  EXPECT_TRUE(is_event_type(std::string(limits::kTypeBytesMax, 'b')));
  EXPECT_FALSE(is_event_type(std::string(limits::kTypeBytesMax + 1, 'b')));
}

TEST(Validate, TagsAreKeyColonValue) {
  const std::string key(limits::kTagKeyBytesMax, 'k');
  const std::string value(limits::kTagValueBytesMax, 'v');
  for (const std::string tag : {"a:b", "task:T-202611-0042", "sku:王", "a:b:c", "a1_:x y"}) {
    EXPECT_TRUE(is_tag(tag)) << tag;
  }
  EXPECT_TRUE(is_tag(key + ":" + value));
  for (const std::string tag :
       {"", "a", ":", "a:", ":b", "A:b", "1:b", "a:b,c", "a:b\n", "a:\x7f", "a:\xff", "a b:c"}) {
    EXPECT_FALSE(is_tag(tag)) << tag;
  }
  EXPECT_FALSE(is_tag(key + "k:v"));
  EXPECT_FALSE(is_tag("k:" + value + "v"));
}

TEST(Validate, EachBadFieldHasItsPointer) {
  const std::string long_name(limits::kNameBytesMax + 1, 'x');
  const std::pair<const char*, void (*)(NewEvent&)> cases[] = {
      {"/events/0/type", [](NewEvent& e) { e.type = "x\n"; }},
      {"/events/0/tags/0", [](NewEvent& e) { e.tags = {"x"}; }},
      {"/events/0/tags", [](NewEvent& e) { e.tags.assign(limits::kTagsPerEventMax + 1, "a:b"); }},
      {"/events/0/department", [](NewEvent& e) { e.department = "a\nb"; }},
      {"/events/0/actor",
       [](NewEvent& e) { e.actor = std::string(limits::kNameBytesMax + 1, 'x'); }},
      {"/events/0/correlation", [](NewEvent& e) { e.correlation = "\xff"; }},
      {"/events/0/module", [](NewEvent& e) { e.module = std::string(1, '\0'); }},
      {"/events/0/data", [](NewEvent& e) { e.data = "\xff"; }},
      {"/events/0/metadata",
       [](NewEvent& e) {
         e.metadata = {{"Bad", ""}};
       }},
      {"/events/0/metadata",
       [](NewEvent& e) {
         e.metadata.assign(33, {"a", "b"});
       }},
      {"/events/0/metadata/key",
       [](NewEvent& e) {
         e.metadata = {{"key", "x"}};
       }},
      {"/events/0/metadata/a",
       [](NewEvent& e) {
         e.metadata = {{"a", "1"}, {"a", "2"}};
       }},
      {"/events/0/metadata/a",
       [](NewEvent& e) {
         e.metadata = {{"a", "\xff"}};
       }},
      {"/events/0/metadata/a",
       [](NewEvent& e) {
         e.metadata = {{"a", std::string(4'097, 'x')}};
       }},
      {"/events/0/metadata/id",
       [](NewEvent& e) {
         e.metadata = {{"id", ""}};
       }},
  };
  for (const auto& [pointer, spoil] : cases) {
    NewEvent event = new_event("task.a", {"x:1"});
    EXPECT_TRUE(pointers(event).empty());
    spoil(event);
    EXPECT_EQ(pointers(event), std::vector<std::string>{pointer});
  }
}

TEST(Validate, DataOfASchemaMayBeAnyBytes) {
  NewEvent event = new_event("task.a", {}, "\xff");
  event.schema.bytes[0] = 1;
  EXPECT_TRUE(pointers(event).empty());
}

TEST(Validate, NumberOfReportedFieldsIsBounded) {
  NewEvent event = new_event("task.a");
  event.tags.assign(limits::kTagsPerEventMax, "bad");
  EXPECT_EQ(pointers(event).size(), 32u);
}

TEST(Validate, BadKeyIsNamed) {
  Proposal proposal = one(new_event("task.a"));
  proposal.key = key_of("wang", "");
  EXPECT_EQ(validate_proposal(proposal).error().fields.at(0).pointer, "/key/key");
  proposal.key = key_of("wa\nng", "k");
  EXPECT_EQ(validate_proposal(proposal).error().fields.at(0).pointer, "/key/scope");
}

TEST(Validate, QueryLimitsAreNamed) {
  const auto pointer_of = [](Query query) {
    const auto status = validate_query(query, "/query");
    return status.ok() ? "" : status.error().fields.at(0).pointer;
  };
  EXPECT_EQ(pointer_of({}), "");
  EXPECT_EQ(pointer_of(query_of({{{"a.b"}, {"a:b"}}})), "");
  EXPECT_EQ(pointer_of(query_of({{{"a.b"}, {}}, {{}, {"x"}}})), "/query/items/1/tags/0");
  EXPECT_EQ(pointer_of(query_of({{{"a.b", ""}, {}}})), "/query/items/0/types/1");
  EXPECT_EQ(pointer_of(query_of({{std::vector<std::string>(65, "a.b"), {}}})),
            "/query/items/0/types");
  EXPECT_EQ(pointer_of(query_of({{{}, std::vector<std::string>(65, "a:b")}})),
            "/query/items/0/tags");
  EXPECT_EQ(pointer_of(query_of(std::vector<QueryItem>(65, {{"a.b"}, {}}))), "/query/items");
}

}  // namespace
}  // namespace opsledger::testing_support
