#include "customfield.hpp"

#include <opsledger/testing.hpp>

namespace customfield {
namespace {

using ops::spec;
using Texts = std::vector<std::string>;

Define define(const std::string& key, Type kind, bool required = false, Texts options = {}) {
  return {"OPS", "task", key, kind, key + "字段", key, required, std::move(options)};
}
Set set(std::map<std::string, std::string> values) {
  return {"OPS", "task", "T-1", std::move(values)};
}

TEST(Define, AddsAFieldToADepartmentsEntity) {
  auto s = spec();
  s.when(define("batch", Type::text))
      .then(Defined{"OPS.task.batch", "OPS", "task", "batch", Type::text, "batch字段", "batch"});
  s.when(define("batch", Type::text)).then_rejected("customfield.exists");
  auto other = define("batch", Type::number);
  other.department = "NET";
  s.when(other);
  EXPECT_EQ(s.table("fields").count(), 2u);
}

TEST(Define, IsChecked) {
  auto s = spec();
  s.when(define("No", Type::text)).then_rejected("customfield.key");
  auto bare = define("a", Type::text);
  bare.label_en = "";
  s.when(bare).then_rejected("customfield.label");
  s.when(define("a", Type::select)).then_rejected("customfield.options");
  s.when(define("a", Type::select, false, {"x", "x"})).then_rejected("customfield.options");
  s.when(define("a", Type::text, false, {"x"})).then_rejected("customfield.options");
  for (int i = 0; i < 100; ++i) s.when(define("f" + std::to_string(i), Type::text));
  s.when(define("a", Type::text)).then_rejected("customfield.too_many");
}

TEST(Retire, KeepsTheTypeOfTheKeyForGood) {
  auto s = spec();
  s.when(define("a", Type::date)).when(Retire{"OPS", "task", "a"});
  s.then(Retired{"OPS.task.a", "OPS", "task", "a"});
  EXPECT_FALSE(s.table("fields").row<FieldTable::Row>("OPS.task.a")->active);
  s.when(Retire{"OPS", "task", "a"}).then_rejected("entity.not_found");
  s.when(set({{"a", "2026-11-11"}})).then_rejected("customfield.unknown");
  s.when(define("a", Type::text)).then_rejected("customfield.type_changed");
  s.when(define("a", Type::date));
}

TEST(Set, KeepsWhatChangedAndClearsWhatIsEmpty) {
  auto s = spec();
  s.when(define("a", Type::text)).when(define("b", Type::text));
  s.when(set({{"a", "x"}, {"b", "y"}}))
      .then(ValuesSet{"task", "T-1", "OPS", {{"a", "x"}, {"b", "y"}}, {}});
  s.when(set({{"a", "x"}, {"b", ""}})).then(ValuesSet{"task", "T-1", "OPS", {}, {"b"}});
  s.when(set({{"a", "x"}})).then_rejected("customfield.unchanged");
  s.table("values").lacks("task:T-1/b");
  EXPECT_EQ(s.table("values").row<ValueTable::Row>("task:T-1/a")->value, "x");
}

TEST(Set, RequiredFieldsHaveAValueFromTheFirstTimeOn) {
  auto s = spec();
  s.when(define("a", Type::text, true)).when(define("b", Type::text));
  s.when(set({{"b", "x"}})).then_rejected("customfield.required");
  s.when(set({{"a", "x"}}));
  s.when(set({{"a", ""}})).then_rejected("customfield.required");
  s.when(set({{"b", "x"}}));
  EXPECT_EQ(s.table("values").count(), 2u);
}

struct Case {
  Type kind;
  Texts good, bad;
};
TEST(Set, EachTypeTakesItsValuesAndNoOthers) {
  const std::string sha(64, 'a');
  const std::vector<Case> cases{
      {Type::text, {"任何文字"}, {std::string(4'001, 'x')}},
      {Type::number, {"1", "-2.50"}, {"x", "1e3", "1.", "--1"}},
      {Type::money, {"12.50 CNY", "-3 USD"}, {"12.505 CNY", "12", "12 cny", "x CNY", "1  CNY"}},
      {Type::date, {"2026-02-28"}, {"2026-02-29", "2026-2-28", "26-02-28", "2026-02-28x"}},
      {Type::datetime,
       {"2026-11-11T20:04:00Z", "2026-11-11T20:04:00+08:00"},
       {"2026-11-11", "2026-11-11T25:00:00Z", "2026-11-11T20:04:00", "2026-11-11T20:04:00+8"}},
      {Type::select, {"red"}, {"pink", "red,blue"}},
      {Type::multi_select,
       {R"(["red"])", R"(["red","blue"])"},
       {"red", R"(["pink"])", R"(["red","red"])", "[]", "{}", "[1]"}},
      {Type::person, {"P-0001"}, {"a b", "-x"}},
      {Type::department, {"OPS"}, {"O/S"}},
      {Type::link,
       {"https://example.com/x"},
       {"ftp://x", "https://a b", "javascript:x", "http://"}},
      {Type::file, {sha}, {sha + "a", std::string(64, 'G')}},
      {Type::boolean, {"true", "false"}, {"yes", "TRUE"}},
  };
  ASSERT_EQ(cases.size(), ops_enum_names(Type{}).size()) << "a type has no values here";
  for (const Case& c : cases) {
    SCOPED_TRACE(std::string(ops::enum_name(c.kind)));
    const bool chooses = c.kind == Type::select || c.kind == Type::multi_select;
    auto s = spec();
    s.when(define("f", c.kind, false, chooses ? Texts{"red", "blue"} : Texts{}));
    for (const auto& value : c.good) {
      s.when(set({{"f", value}})).then(ValuesSet{"task", "T-1", "OPS", {{"f", value}}, {}});
    }
    for (const auto& value : c.bad) s.when(set({{"f", value}})).then_rejected("customfield.value");
  }
}

}  // namespace
}  // namespace customfield
