// Map files: what they can say, and how they are refused.
#include "kernel/import/import_map.hpp"

#include "kernel/import/row_mapper.hpp"
#include "tests/import/import_support.hpp"

namespace opsledger::testing {
namespace {

std::string map_text(const std::string& columns, const std::string& rest) {
  return "name = \"m\"\ntime_zone = \"UTC\"\ntime_format = \"%Y-%m-%d\"\ncurrency = \"GBP\"\n"
         "missing = [\"\", \"?\"]\nkey = \"{id}\"\n[columns]\nid = \"id\"\n" +
         columns + "\n" + rest;
}

/// Maps `rows` (fields separated by |) under `header`; each event or problem is one text.
std::vector<std::string> map_rows(const std::string& toml, const std::string& header,
                                  const std::vector<std::string>& rows) {
  const auto split = [](std::string_view text) {
    std::vector<std::string_view> fields;
    for (;;) {
      const auto bar = text.find('|');
      fields.push_back(text.substr(0, bar));
      if (bar == std::string_view::npos) return fields;
      text.remove_prefix(bar + 1);
    }
  };
  auto map = ImportMap::parse(toml);
  if (!map) return {map.error().message};
  auto mapper = RowMapper::make(*map, split(header));
  if (!mapper) return {mapper.error().message};
  std::vector<std::string> out;
  for (const auto& row : rows) {
    std::string body;
    std::vector<std::size_t> ends;
    if (const auto problem = (*mapper)->map(split(row), &body, &ends)) {
      EXPECT_TRUE(body.empty());
      out.push_back(problem->column + ": " + problem->why);
      continue;
    }
    std::size_t begin = 0;
    for (const auto end : ends) {
      out.push_back(body.substr(begin, end - begin));
      begin = end + 1;
    }
  }
  return out;
}

using Texts = std::vector<std::string>;
constexpr const char* kEmitV = "[[emit]]\ntype = \"t.e\"\ndata = { v = \"{v}\" }\n";

std::string value_of(const std::string& column, const std::string& text) {
  const auto out = map_rows(map_text(column, kEmitV), "id|v", {"1|" + text});
  const std::string before = R"({"type":"t.e","tags":[],"data":{)";
  if (!out[0].starts_with(before)) return out[0];
  return out[0].substr(before.size(), out[0].size() - before.size() - 2);
}

TEST(ImportMap, ColumnsAreReadAsTheirKind) {
  EXPECT_EQ(value_of("v = \"v\"", "a\"b"), R"("v":"a\"b")");
  EXPECT_EQ(value_of("v = { as = \"integer\" }", " -12 "), R"("v":-12)");
  EXPECT_EQ(value_of("v = { as = \"number\" }", "2.50"), R"("v":2.5)");
  EXPECT_EQ(value_of("v = { as = \"boolean\" }", "TRUE"), R"("v":true)");
  EXPECT_EQ(value_of("v = { as = \"decimal\" }", "-0.001"), R"("v":"-0.001")");
  EXPECT_EQ(value_of("v = { as = \"money\" }", "-12.5"), R"("v":{"minor":-1250,"currency":"GBP"})");
  EXPECT_EQ(value_of("v = { as = \"time\" }", "2026-11-02"), R"("v":"2026-11-02T00:00:00Z")");
  EXPECT_EQ(value_of("v = { as = \"date\" }", "2026-11-02"), R"("v":"2026-11-02")");
}

TEST(ImportMap, WhatDoesNotReadNamesTheColumnAndTheText) {
  EXPECT_EQ(value_of("v = { as = \"integer\" }", "1.5"), "v: `1.5` is no integer");
  EXPECT_EQ(value_of("v = { as = \"integer\" }", "99999999999999999999"),
            "v: `99999999999999999999` is no integer");
  EXPECT_EQ(value_of("v = { as = \"number\" }", "nan"), "v: `nan` is no number");
  EXPECT_EQ(value_of("v = { as = \"decimal\" }", "1e3"),
            "v: `1e3` is no decimal of at most 18 "
            "digits");
  EXPECT_EQ(value_of("v = { as = \"time\" }", "02.11.2026"),
            "v: `02.11.2026` is no time of the form %Y-%m-%d");
  EXPECT_EQ(value_of("v = { as = \"money\" }", "1.005"),
            "v: `1.005` is no amount: GBP has 2 decimals; read it as = \"decimal\"");
}

TEST(ImportMap, MissingValueIsLeftOutOrRefusedWhereRequired) {
  EXPECT_EQ(value_of("v = { as = \"integer\" }", "?"), "");
  EXPECT_EQ(value_of("v = { required = true }", "?"), "v: the value is missing");
}

TEST(ImportMap, TextsAreStrippedAndMapped) {
  EXPECT_EQ(value_of("v = { strip_prefix = \"No\", strip_suffix = \".0\" }", "No17.0"),
            R"("v":"17")");
  const std::string values = "v = { values = { a = \"1\" }, prefixes = { C = \"c\" }";
  EXPECT_EQ(value_of(values + " }", "a"), R"("v":"1")");
  EXPECT_EQ(value_of(values + " }", "C123"), R"("v":"c")");
  EXPECT_EQ(value_of(values + " }", "b"), "v: `b` is not among the map's values");
  EXPECT_EQ(value_of(values + ", otherwise = \"x\" }", "b"), R"("v":"x")");
  EXPECT_EQ(value_of(values + ", keep_others = true }", "b"), R"("v":"b")");
}

TEST(ImportMap, TagsTimeDepartmentAndNestedDataAreWritten) {
  const auto out = map_rows(
      map_text("at = { as = \"time\" }\nwho = \"who\"",
               "[[emit]]\ntype = \"t.e\"\ntime = \"at\"\ndepartment = \"ops\"\nid = \"x-{id}\"\n"
               "tags = [\"t:{id}\", \"who:{who}\"]\n"
               "data = { a = { b = [1, true, \"{who}\", \"{id}/{who}\"] } }\n"),
      "id|at|who", {"1|2026-11-02|?", "2|2026-11-02|wang"});
  EXPECT_EQ(out[0], R"({"type":"t.e","id":"x-1","tags":["t:1"],"time":"2026-11-02T00:00:00Z",)"
                    R"("department":"ops","data":{"a":{"b":[1,true]}}})");
  EXPECT_EQ(out[1], R"({"type":"t.e","id":"x-2","tags":["t:2","who:wang"],)"
                    R"("time":"2026-11-02T00:00:00Z","department":"ops",)"
                    R"("data":{"a":{"b":[1,true,"wang","2/wang"]}}})");
}

TEST(ImportMap, ValueThatCannotBeATagIsARejectedRow) {
  const auto out =
      map_rows(map_text("", "[[emit]]\ntype = \"t.e\"\ntags = [\"t:{id}\"]\n"), "id", {"a,b"});
  EXPECT_TRUE(out[0].starts_with("id: `t:a,b` cannot be a tag")) << out[0];
}

TEST(ImportMap, FirstChangedAndSameLookAtTheLastRowOfTheSameKey) {
  const std::string emits =
      "[[emit]]\ntype = \"t.first\"\nwhen = \"first\"\n"
      "[[emit]]\ntype = \"t.open\"\nwhen = \"changed:s\"\nwhere = { s = \"open\" }\n"
      "[[emit]]\ntype = \"t.other\"\nwhen = \"changed:s\"\nunless = { s = \"open\" }\n"
      "[[emit]]\ntype = \"t.note\"\nwhen = \"same:s\"\n";
  const auto out = map_rows(
      map_text("s = \"s\"\nn = { as = \"integer\" }", emits), "id|s|n",
      {"1|open|1", "2|shut|1", "1|open|1", "1|shut|1", "2|shut|1", "1|?|1", "1|?|1", "1|open|1"});
  Texts types;
  for (const auto& event : out) types.push_back(event.substr(9, event.find("\",") - 9));
  EXPECT_EQ(types, (Texts{"t.first", "t.open", "t.first", "t.other", "t.note", "t.other", "t.note",
                          "t.other", "t.note", "t.open"}));
}

TEST(ImportMap, RejectedRowIsNotRemembered) {
  const std::string emits =
      "[[emit]]\ntype = \"t.c\"\nwhen = \"changed:s\"\n"
      "data = { n = \"{n}\" }\n";
  const auto out = map_rows(map_text("s = \"s\"\nn = { as = \"integer\" }", emits), "id|s|n",
                            {"1|open|1", "1|shut|x", "1|shut|2"});
  EXPECT_EQ(out.size(), 3u);
  EXPECT_EQ(out[1], "n: `x` is no integer");
}

TEST(ImportMap, SecondColumnOfOneNameIsAddressedByNumber) {
  const auto out = map_rows(map_text("v = \"c#2\"", kEmitV), "id|c|c", {"1|a|b"});
  EXPECT_EQ(out[0], R"({"type":"t.e","tags":[],"data":{"v":"b"}})");
}

TEST(ImportMap, MissingColumnsAreAllNamedWithWhatThereIs) {
  const auto out = map_rows(map_text("v = \"w\"\nu = \"x\"", kEmitV), "id|v", {});
  EXPECT_EQ(out[0], "the file lacks the columns `x`, `w` that map m reads; it has: id, v");
}

TEST(ImportMap, RowWithOtherWidthIsRejected) {
  const auto out = map_rows(map_text("v = \"v\"", kEmitV), "id|v", {"1", "1|2|3"});
  EXPECT_EQ(out[0], ": the row has 1 fields, the header has 2");
  EXPECT_EQ(out[1], ": the row has 3 fields, the header has 2");
}

TEST(ImportMap, HashDependsOnWhatTheMapSaysAndNotOnItsLayout) {
  const auto a = ImportMap::parse(map_text("v = \"v\"", kEmitV)).value().hash;
  const auto same = ImportMap::parse("# x\n" + map_text("v   = \"v\" # y", kEmitV)).value().hash;
  const auto other = ImportMap::parse(map_text("v = \"w\"", kEmitV)).value().hash;
  EXPECT_EQ(a, same);
  EXPECT_NE(a, other);
}

TEST(ImportMap, MistakesAreRefusedWithTheirPlace) {
  const std::pair<std::string, std::string> cases[] = {
      {"name = ", "line 1"},
      {"name = \"m\"", "columns: a map needs columns"},
      {map_text("", ""), "emit: a map needs at least one [[emit]]"},
      {"nome = 1\n" + map_text("v = \"v\"", kEmitV), "nome: unknown key (line 1)"},
      {map_text("v = { as = \"int\" }", kEmitV), "columns.v.as: `int` is none of"},
      {map_text("v = { form = \"x\" }", kEmitV), "columns.v.form: unknown key"},
      {map_text("v = { otherwise = \"x\" }", kEmitV), "columns.v: `otherwise`"},
      {map_text("", kEmitV), "emit[0].data.v: no column is called `v`"},
      {map_text("", "[[emit]]\ntype = \" t\"\n"), "emit[0].type: ` t` is no event type"},
      {map_text("", "[[emit]]\ntype = \"t.e\"\nwhen = \"often\"\n"), "emit[0].when: `often`"},
      {map_text("", "[[emit]]\ntype = \"t.e\"\ntime = \"id\"\n"), "emit[0].time: column `id`"},
      {map_text("", "[[emit]]\ntype = \"t.e\"\ntags = [\"t:{id\"]\n"), "`{` without `}`"},
      {map_text("", "[[emit]]\ntype = \"t.e\"\ninclude = [\"x\"]\n"), "there is no [shared.x]"},
  };
  for (const auto& [text, expected] : cases) {
    const auto map = ImportMap::parse(text);
    ASSERT_FALSE(map.ok()) << expected;
    EXPECT_EQ(map.error().reason, "import.map_invalid");
    EXPECT_NE(map.error().message.find(expected), std::string::npos) << map.error().message;
  }
}

}  // namespace
}  // namespace opsledger::testing
