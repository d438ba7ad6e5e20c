// Every operator, as PostgREST documents it.
#include "tests/query/table_fixture.hpp"

namespace opsledger::testing {
namespace {

class FilterTest : public TableTest {
 protected:
  void SetUp() override {
    put("a", R"("name":"Ann","age":30,"price":"2.50","state":"open","done":true,"tags":["x","y"])");
    put("b", R"("name":"Bob","age":null,"price":"2.5","state":"held","done":false,"score":-1.5)");
    put("c", R"("name":"cy_n%","age":-4,"price":"-0.001","state":"closed","tags":["x","a,b"])");
    put("d", R"("name":"李雷","age":30,"price":"10","size":18446744073709551615,"nick":"null")");
    put("e", R"x("name":"Bo,b(\"q\")","age":31,"score":0,"due":"2026-11-12","nick":"")x");
  }
  std::string where(const std::string& column, const std::string& test) const {
    return keys({{column, test}});
  }
};

TEST_F(FilterTest, ComparisonsAreTypedAndLeaveNullsOut) {
  EXPECT_EQ(where("age", "eq.30"), "a d");
  EXPECT_EQ(where("age", "neq.30"), "c e");
  EXPECT_EQ(where("age", "gt.30"), "e");
  EXPECT_EQ(where("age", "gte.30"), "a d e");
  EXPECT_EQ(where("age", "lt.30"), "c");
  EXPECT_EQ(where("age", "lte.-4"), "c");
  EXPECT_EQ(where("size", "eq.18446744073709551615"), "d");
  EXPECT_EQ(where("score", "lt.0"), "b");
  EXPECT_EQ(where("score", "eq.-0"), "e");
}

TEST_F(FilterTest, DecimalsCompareByValueNotByDigits) {
  EXPECT_EQ(where("price", "eq.2.500"), "a b");
  EXPECT_EQ(where("price", "lt.0"), "c");
  EXPECT_EQ(where("price", "gt.9.99999999999999999"), "d");
}

TEST_F(FilterTest, EnumsCompareByNameAndDeclaredOrder) {
  EXPECT_EQ(where("state", "eq.held"), "b");
  EXPECT_EQ(where("state", "gt.open"), "b c");
  EXPECT_EQ(reason({{"state", "eq.lost"}}), "query.invalid");
}

TEST_F(FilterTest, TimesCompareAsInstantsWhateverTheirOffset) {
  EXPECT_EQ(where("at", "eq.2026-11-11T08:00:00+08:00"), "a b c d e");
  EXPECT_EQ(where("at", "lt.2026-11-11T00:00:00Z"), "");
  EXPECT_EQ(where("due", "gte.2026-11-12"), "e");
  EXPECT_EQ(reason({{"at", "gt.yesterday"}}), "query.invalid");
  EXPECT_EQ(reason({{"due", "gt.2026-02-30"}}), "query.invalid");
}

TEST_F(FilterTest, MoneyComparesAsItIsShown) {
  EXPECT_EQ(where("paid", R"(eq.{"minor":100,"currency":"CNY"})"), "a b c d e");
  EXPECT_EQ(where("paid", R"(gt.{"minor":100,"currency":"CNY"})"), "");
  EXPECT_EQ(reason({{"paid", "eq.100"}}), "query.invalid");
}

TEST_F(FilterTest, LikeTakesPercentStarUnderscoreAndEscapes) {
  EXPECT_EQ(where("name", "like.B%"), "b e");
  EXPECT_EQ(where("name", "like.B*"), "b e");
  EXPECT_EQ(where("name", "like.*b*"), "b e");
  EXPECT_EQ(where("name", "like.b*"), "");
  EXPECT_EQ(where("name", "ilike.b*"), "b e");
  EXPECT_EQ(where("name", "like.__"), "d") << "characters, not bytes";
  EXPECT_EQ(where("name", R"(like.cy\_n\%)"), "c");
  EXPECT_EQ(where("name", R"(like.%\_%)"), "c");
  EXPECT_EQ(where("name", "like.Ann"), "a");
  EXPECT_EQ(reason({{"name", R"(like.a\)"}}), "query.invalid");
  EXPECT_EQ(reason({{"age", "like.3*"}}), "query.invalid");
  EXPECT_EQ(where("nick", "like.*"), "d e") << "null matches nothing";
}

TEST_F(FilterTest, InTakesListsWithQuotes) {
  EXPECT_EQ(where("age", "in.(30,-4)"), "a c d");
  EXPECT_EQ(where("name", R"x(in.("Bo,b(\"q\")",Ann))x"), "a e");
  EXPECT_EQ(where("age", "in.()"), "");
  EXPECT_EQ(where("age", "not.in.()"), "a b c d e");
  EXPECT_EQ(where("age", "not.in.(30)"), "c e");
  EXPECT_EQ(where("id", "in.(e,a,zz,a)"), "a e");
  EXPECT_EQ(reason({{"age", "in.(30"}}), "query.malformed");
  EXPECT_EQ(reason({{"age", "in.30"}}), "query.malformed");
  EXPECT_EQ(reason({{"age", "in.(30)x"}}), "query.malformed");
}

TEST_F(FilterTest, IsTakesNullAndTruthValues) {
  EXPECT_EQ(where("age", "is.null"), "b");
  EXPECT_EQ(where("age", "not.is.null"), "a c d e");
  EXPECT_EQ(where("age", "is.not_null"), "a c d e");
  EXPECT_EQ(where("done", "is.true"), "a");
  EXPECT_EQ(where("done", "is.false"), "b");
  EXPECT_EQ(where("done", "is.unknown"), "c d e");
  EXPECT_EQ(where("done", "not.is.true"), "b c d e");
  EXPECT_EQ(where("name", "is.null"), "");
  EXPECT_EQ(reason({{"age", "is.true"}}), "query.invalid");
  EXPECT_EQ(reason({{"age", "is.5"}}), "query.invalid");
}

TEST_F(FilterTest, EqNullIsTheTextNotTheNull) {
  EXPECT_EQ(where("nick", "eq.null"), "d");
  EXPECT_EQ(where("nick", "eq."), "e");
  EXPECT_EQ(reason({{"age", "eq.null"}}), "query.invalid");
}

TEST_F(FilterTest, CsAsksForAllElements) {
  EXPECT_EQ(where("tags", "cs.{x}"), "a c");
  EXPECT_EQ(where("tags", "cs.{y,x}"), "a");
  EXPECT_EQ(where("tags", R"(cs.{"a,b"})"), "c");
  EXPECT_EQ(where("tags", "cs.{}"), "a b c d e");
  EXPECT_EQ(where("tags", "not.cs.{x}"), "b d e");
  EXPECT_EQ(reason({{"name", "cs.{x}"}}), "query.unsupported");
  EXPECT_EQ(reason({{"tags", "eq.x"}}), "query.unsupported");
}

TEST_F(FilterTest, NotIsThreeValued) {
  EXPECT_EQ(where("age", "not.eq.30"), "c e") << "null stays unknown";
  EXPECT_EQ(where("age", "not.gt.0"), "c");
}

TEST_F(FilterTest, ParametersAreConjunctiveAlsoOnOneColumn) {
  EXPECT_EQ(keys({{"age", "gte.30"}, {"age", "lt.31"}, {"state", "eq.open"}}), "a d");
}

TEST_F(FilterTest, OrAndAndNest) {
  EXPECT_EQ(keys({{"or", "(age.eq.31,state.eq.held)"}}), "b e");
  EXPECT_EQ(keys({{"and", "(age.gte.30,not.or(name.eq.Ann,age.eq.31))"}}), "d");
  EXPECT_EQ(keys({{"or", R"x((name.eq."Bo,b(\"q\")",tags.cs.{y,x},id.in.(d,zz)))x"}}), "a d e");
  EXPECT_EQ(keys({{"not.or", "(age.eq.30,age.eq.31)"}}), "c");
  EXPECT_EQ(keys({{"not.and", "(age.eq.30,name.eq.Ann)"}}), "b c d e")
      << "unknown and false is false";
  EXPECT_EQ(keys({{"or", "(age.not.is.null,age.is.null)"}}), "a b c d e");
  EXPECT_EQ(keys({{"or", "(age.gt.30,age.is.null)"}, {"state", "eq.held"}}), "b");
  EXPECT_EQ(keys({{"or", "(name.like.B*,and(age.gt.0,age.lt.31))"}}), "a b d e");
}

TEST_F(FilterTest, MalformedTreesAreRefused) {
  for (const auto* text : {"", "()", "(age.eq.1", "(age.eq.1)x", "age.eq.1", "(age)", "(age.eq.1,)",
                           "(or(age.eq.1)", "(\"age.eq.1)"}) {
    EXPECT_EQ(reason({{"or", text}}), "query.malformed") << text;
  }
}

TEST_F(FilterTest, WhatIsOutsideTheSubsetIsNamed) {
  for (const auto* test : {"fts.x", "match.x", "cd.{x}", "ov.{x}", "sl.(1,2)", "isdistinct.1",
                           "adj.(1,2)", "imatch.x", "plfts.x"}) {
    const auto answer = read({{"name", test}});
    EXPECT_TRUE(answer.starts_with("query.unsupported")) << answer;
    EXPECT_NE(answer.find(std::string(test).substr(0, std::string(test).find('.'))),
              std::string::npos);
  }
  EXPECT_EQ(reason({{"age", "eq(any).{1,2}"}}), "query.unsupported");
  EXPECT_EQ(reason({{"paid->minor", "eq.1"}}), "query.unsupported");
  EXPECT_EQ(reason({{"actors.age", "eq.1"}}), "query.unsupported");
  EXPECT_EQ(reason({{"columns", "age"}}), "query.unsupported");
  EXPECT_EQ(reason({{"age", "5"}}), "query.malformed");
}

TEST_F(FilterTest, UnknownColumnsAndBadValuesAreNamed) {
  const auto unknown = read({{"agee", "eq.1"}});
  EXPECT_TRUE(unknown.starts_with("query.invalid: agee")) << unknown;
  EXPECT_NE(unknown.find("age, size"), std::string::npos) << "it says what there is";
  EXPECT_EQ(reason({{"or", "(agee.eq.1)"}}), "query.invalid");
  for (const auto& [column, value] :
       std::initializer_list<std::pair<const char*, const char*>>{{"age", "eq.1.5"},
                                                                  {"age", "eq.2147483648"},
                                                                  {"age", "eq."},
                                                                  {"size", "eq.-1"},
                                                                  {"price", "eq.abc"},
                                                                  {"score", "eq.nan"},
                                                                  {"score", "eq.inf"},
                                                                  {"done", "eq.maybe"},
                                                                  {"_position", "gt.x"}}) {
    EXPECT_EQ(reason({{column, value}}), "query.invalid") << column << value;
  }
}

TEST_F(FilterTest, SizesAreLimited) {
  EXPECT_EQ(reason({{"name", "eq." + std::string(70'000, 'x')}}), "query.too_large");
  std::string deep;
  for (int i = 0; i < 20; ++i) deep += "(or";
  EXPECT_EQ(reason({{"or", deep}}), "query.too_large");
  std::string wide = "(age.eq.1";
  for (int i = 0; i < 300; ++i) wide += ",age.eq.1";
  EXPECT_EQ(reason({{"or", wide + ")"}}), "query.too_large");
  std::string many = "in.(1";
  for (int i = 0; i < 10'001; ++i) many += ",1";
  EXPECT_EQ(reason({{"age", many + ")"}}), "query.too_large");
}

TEST_F(FilterTest, BoolsAreWrittenAsPostgresWritesThem) {
  EXPECT_EQ(where("done", "eq.t"), "a");
  EXPECT_EQ(where("done", "neq.true"), "b");
  EXPECT_EQ(where("done", "gt.false"), "a");
}

}  // namespace
}  // namespace opsledger::testing
