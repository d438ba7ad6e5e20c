// Columns, order, pages, aggregates, as of.
#include <cstdlib>
#include <ctime>
#include <locale>

#include "tests/query/table_fixture.hpp"

namespace opsledger::testing {
namespace {

class SelectTest : public TableTest {
 protected:
  void SetUp() override {
    put("a", R"("name":"x","age":3,"price":"1.10","state":"open","score":1.5)");
    put("b", R"("name":"y","age":null,"price":"2.2","state":"open","score":2.5)");
    put("c", R"("name":"x","age":1,"price":"3","state":"closed")");
    put("d", R"("name":"z","age":3,"price":"-1","state":"closed","score":-4)");
  }
};

TEST_F(SelectTest, EverythingShowsTheKeyThenTheFields) {
  const auto page = boost::json::parse(read({{"id", "eq.a"}})).as_array();
  ASSERT_EQ(page.size(), 1u);
  const auto& row = page[0].as_object();
  EXPECT_EQ(row.begin()->key(), "id");
  EXPECT_EQ(row.size(), 13u);
  EXPECT_TRUE(row.at("nick").is_null());
  EXPECT_EQ(row.at("price").as_string(), "1.10");
  EXPECT_EQ(boost::json::parse(read({{"id", "eq.a"}, {"select", "*"}})).as_array(), page);
  EXPECT_EQ(boost::json::parse(read_row(snapshot(), "a").value()), page[0]);
}

TEST_F(SelectTest, ColumnsComeAsAskedAndRenamed) {
  EXPECT_EQ(read({{"select", "age,who:id"}, {"id", "eq.a"}}), R"([{"age":3,"who":"a"}])");
  EXPECT_EQ(read({{"select", "_position,id"}, {"id", "eq.c"}}), R"([{"_position":3,"id":"c"}])");
  EXPECT_EQ(read({{"select", R"("my name":name)"}, {"id", "eq.a"}}), R"([{"my name":"x"}])");
}

TEST_F(SelectTest, SelectErrorsSayWhatIsWrong) {
  EXPECT_EQ(reason({{"select", "agee"}}), "query.invalid");
  EXPECT_EQ(reason({{"select", "age,age"}}), "query.invalid");
  EXPECT_EQ(reason({{"select", "age,,id"}}), "query.malformed");
  EXPECT_EQ(reason({{"select", "age::text"}}), "query.unsupported");
  EXPECT_EQ(reason({{"select", "paid->minor"}}), "query.unsupported");
  EXPECT_EQ(reason({{"select", "actors(name)"}}), "query.unsupported");
  EXPECT_EQ(reason({{"select", "...actors(name)"}}), "query.unsupported");
  EXPECT_EQ(reason({{"select", "age.median()"}}), "query.unsupported");
}

TEST_F(SelectTest, OrderFollowsPostgresWithNullsLargest) {
  EXPECT_EQ(keys({}), "a b c d") << "key order when none is asked for";
  EXPECT_EQ(keys({{"order", "age"}}), "c a d b");
  EXPECT_EQ(keys({{"order", "age.desc"}}), "b d a c") << "ties follow the direction";
  EXPECT_EQ(keys({{"order", "age.desc.nullslast"}}), "d a c b");
  EXPECT_EQ(keys({{"order", "age.asc.nullsfirst"}}), "b c a d");
  EXPECT_EQ(keys({{"order", "age.nullsfirst"}}), "b c a d");
  EXPECT_EQ(keys({{"order", "name.desc,id.asc"}}), "d b a c");
  EXPECT_EQ(keys({{"order", "state,price.desc"}}), "b a c d") << "declared order of the enum";
  EXPECT_EQ(keys({{"order", "_position.desc"}}), "d c b a");
  EXPECT_EQ(keys({{"order", "id.desc"}}), "d c b a");
}

TEST_F(SelectTest, OrderErrorsSayWhatIsWrong) {
  EXPECT_EQ(reason({{"order", "agee"}}), "query.invalid");
  EXPECT_EQ(reason({{"order", "age.up"}}), "query.malformed");
  EXPECT_EQ(reason({{"order", ""}}), "query.malformed");
  EXPECT_EQ(reason({{"order", "tags"}}), "query.unsupported");
  EXPECT_EQ(reason({{"order", "actors(name)"}}), "query.unsupported");
}

TEST_F(SelectTest, LimitAndOffsetCutPages) {
  EXPECT_EQ(keys({{"limit", "2"}}), "a b");
  EXPECT_EQ(keys({{"limit", "2"}, {"offset", "1"}}), "b c");
  EXPECT_EQ(keys({{"order", "price"}, {"limit", "2"}, {"offset", "1"}}), "a b");
  EXPECT_EQ(keys({{"order", "score"}, {"limit", "1"}, {"offset", "3"}}), "c");
  EXPECT_EQ(keys({{"offset", "9"}}), "");
  EXPECT_EQ(keys({{"limit", "0"}}), "");
  EXPECT_EQ(reason({{"limit", "-1"}}), "query.malformed");
  EXPECT_EQ(reason({{"offset", "x"}}), "query.malformed");
}

TEST_F(SelectTest, CountExactCountsBeyondThePage) {
  for (const auto& order : {"id", "price", "score"}) {
    const auto page = read_table(
        snapshot(), {{"limit", "1"}, {"offset", "1"}, {"order", order}, {"age", "not.is.null"}},
        true);
    ASSERT_TRUE(page.ok());
    EXPECT_EQ(page->total, 3u);
    EXPECT_EQ(page->rows, 1u);
    EXPECT_EQ(page->offset, 1u);
    EXPECT_EQ(page->as_of, position_);
    EXPECT_EQ(page->generation, "items@1");
  }
  EXPECT_FALSE(read_table(snapshot(), {}, false)->total.has_value());
}

TEST_F(SelectTest, AggregatesOverAllRows) {
  EXPECT_EQ(read({{"select", "count()"}}), R"([{"count":4}])");
  EXPECT_EQ(read({{"select", "age.count(),n:count()"}}), R"([{"count":3,"n":4}])");
  EXPECT_EQ(read({{"select", "age.sum()"}}), R"([{"sum":7}])");
  EXPECT_EQ(read({{"select", "price.sum(),price.min(),price.max(),price.avg()"}}),
            R"([{"sum":"5.30","min":"-1","max":"3","avg":"1.32500000"}])");
  EXPECT_EQ(read({{"select", "score.sum(),score.avg()"}, {"age", "eq.3"}}),
            R"([{"sum":-2.5,"avg":-1.25}])");
  EXPECT_EQ(read({{"select", "paid.sum(),a:paid.avg()"}}),
            R"([{"sum":{"minor":400,"currency":"CNY"},"a":{"minor":100,"currency":"CNY"}}])");
  EXPECT_EQ(read({{"select", "name.min(),s:state.max(),t:at.min()"}}),
            R"([{"min":"x","s":"closed","t":"2026-11-11T00:00:00Z"}])");
}

TEST_F(SelectTest, AggregatesOverNothingAreNullAndZero) {
  EXPECT_EQ(read({{"select", "count(),age.sum(),price.avg(),name.min()"}, {"id", "eq.zz"}}),
            R"([{"count":0,"sum":null,"avg":null,"min":null}])");
  EXPECT_EQ(read({{"select", "name,count()"}, {"id", "eq.zz"}}), "[]");
}

TEST_F(SelectTest, OtherSelectedColumnsGroup) {
  EXPECT_EQ(read({{"select", "state,count(),price.sum()"}}),
            R"([{"state":"open","count":2,"sum":"3.30"},{"state":"closed","count":2,"sum":"2"}])");
  EXPECT_EQ(read({{"select", "n:age.count(),age"}, {"order", "age.desc"}}),
            R"([{"n":0,"age":null},{"n":2,"age":3},{"n":1,"age":1}])");
  EXPECT_EQ(
      read({{"select", "name,count()"}, {"order", "name.desc"}, {"limit", "1"}, {"offset", "1"}}),
      R"([{"name":"y","count":1}])");
  EXPECT_EQ(read_table(snapshot(), {{"select", "name,count()"}, {"limit", "1"}}, true)->total, 3u);
}

TEST_F(SelectTest, AggregateErrorsSayWhatIsWrong) {
  EXPECT_EQ(reason({{"select", "name.sum()"}}), "query.invalid");
  EXPECT_EQ(reason({{"select", "tags.max()"}}), "query.invalid");
  EXPECT_EQ(reason({{"select", "tags,count()"}}), "query.unsupported");
  EXPECT_EQ(reason({{"select", "count()"}, {"order", "age"}}), "query.unsupported");
  EXPECT_EQ(reason({{"select", "age.sum(),price.sum()"}}), "query.invalid");
  put("e", R"("paid":{"minor":1,"currency":"EUR"})");
  EXPECT_EQ(reason({{"select", "paid.sum()"}}), "query.invalid");
}

TEST_F(SelectTest, IntegerSumsDoNotOverflow) {
  put("e", R"("size":18446744073709551615)");
  put("f", R"("size":18446744073709551615)");
  EXPECT_EQ(read({{"select", "size.sum()"}, {"id", "in.(e,f)"}}),
            R"([{"sum":36893488147419103230}])");
}

TEST_F(SelectTest, AsOfReadsThePast) {
  put("a", R"("age":99)");
  erase("b");
  EXPECT_EQ(keys({{"age", "eq.3"}}), "d");
  EXPECT_EQ(keys({{"age", "eq.3"}}, {4}), "a d");
  EXPECT_EQ(keys({}, {2}), "a b");
  EXPECT_EQ(keys({}), "a c d");
  EXPECT_EQ(keys({}, {0}), "");
  EXPECT_EQ(read_row(snapshot({4}), "b").ok(), true);
  EXPECT_EQ(read_row(snapshot(), "b").error().reason, "entity.not_found");
}

TEST_F(SelectTest, DiffNamesWhatWasAddedChangedAndRemoved) {
  put("a", R"("age":99)");
  erase("b");
  put("e", "");
  put("c", R"("name":"x","age":1,"price":"3","state":"closed")");  // the same again
  const auto diff = boost::json::parse(diff_table(snapshot(), {4}, kHead).value());
  ASSERT_EQ(diff.at("added").as_array().size(), 1u);
  EXPECT_EQ(diff.at("added").at(0).at("id").as_string(), "e");
  ASSERT_EQ(diff.at("changed").as_array().size(), 1u);
  EXPECT_EQ(diff.at("changed").at(0).at("key").as_string(), "a");
  EXPECT_EQ(diff.at("changed").at(0).at("from").at("age"), 3);
  EXPECT_EQ(diff.at("changed").at(0).at("to").at("age"), 99);
  ASSERT_EQ(diff.at("removed").as_array().size(), 1u);
  EXPECT_EQ(diff.at("removed").at(0).at("id").as_string(), "b");
  EXPECT_EQ(diff_table(snapshot(), {5}, {3}).error().reason, "query.invalid");
}

TEST_F(SelectTest, TimeZoneAndLocaleChangeNothing) {
  struct CommaPoint : std::numpunct<char> {
    char do_decimal_point() const override { return ','; }
    char do_thousands_sep() const override { return '.'; }
    std::string do_grouping() const override { return "\3"; }
  };
  const QueryParameters parameters = {
      {"at", "lte.2026-11-11T08:00:00+08:00"}, {"price", "gt.1.05"}, {"score", "lt.2.6"}};
  const auto before = read(parameters);
  EXPECT_NE(before, "[]");
  const char* zone = std::getenv("TZ");
  const std::string old_zone = zone != nullptr ? zone : "";
  const auto old_locale = std::locale::global(
      std::locale(std::locale::classic(), std::make_unique<CommaPoint>().release()));
  setenv("TZ", "Asia/Shanghai", 1);
  tzset();
  EXPECT_EQ(read(parameters), before);
  std::locale::global(old_locale);
  setenv("TZ", old_zone.c_str(), 1);
  tzset();
}

TEST_F(SelectTest, KeysWithAnyTextAreFoundByRangeAndPrefix) {
  put(R"(k"1\)", "");
  put("k/中", "");
  EXPECT_EQ(keys({{"id", "like.k*"}}), R"(k"1\ k/中)");
  EXPECT_EQ(keys({{"id", "gte.d"}, {"id", "lt.k/"}}), R"(d k"1\)");
  EXPECT_EQ(keys({{"id", "gt.d"}, {"order", "id.desc"}}), R"(k/中 k"1\)");
  EXPECT_EQ(keys({{"id", "eq.k/中"}}), "k/中");
  EXPECT_EQ(keys({{"id", "lt.a"}}), "");
  EXPECT_EQ(keys({{"id", "gt.c"}, {"id", "lt.b"}}), "");
}

}  // namespace
}  // namespace opsledger::testing
