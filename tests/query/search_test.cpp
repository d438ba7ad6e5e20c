#include "kernel/query/search_table.hpp"

#include <gtest/gtest.h>

#include <boost/json.hpp>
#include <random>

#include "kernel/projection/search_terms.hpp"
#include "kernel/projection/table_batch.hpp"
#include "kernel/query/limits.hpp"
#include "storage/memory/memory_table_store.hpp"
#include "tests/support/environment.hpp"

namespace opsledger {
namespace {

using Terms = std::vector<std::string>;

TEST(SearchTerms, WordsAreFoldedAndSeparatedByEverythingElse) {
  EXPECT_EQ(search_terms("T-202611-0042 Ｆull-width ÉCOLE"),
            (Terms{"0042", "202611", "full", "t", "width", "école"}));
  EXPECT_TRUE(search_terms(" ,;!? ").empty());
}

TEST(SearchTerms, IdeographsBecomeBigramsAndTheLastStandsAlone) {
  EXPECT_EQ(search_terms("促销价"), (Terms{"价", "促销", "销价"}));
  EXPECT_EQ(question_terms("促销价"), (Terms{"促销", "销价"}));
  EXPECT_EQ(question_terms("价"), (Terms{"价"}));
  EXPECT_EQ(question_terms("双11促销"), (Terms{"11", "促销", "双"}));
}

TEST(SearchTerms, BytesThatAreNoTextAndEndlessWordsAreBounded) {
  for (const auto& term : search_terms("\xff\xfe ok \x80")) EXPECT_EQ(term, "ok");
  const auto terms = search_terms(std::string(100'000, 'x'));
  ASSERT_EQ(terms.size(), 1u);
  EXPECT_EQ(terms[0].size(), kSearchTermBytesMax);
  std::string many;
  for (int i = 0; i < 1'000; ++i) many += std::to_string(i) + " ";
  EXPECT_LE(search_terms(many).size(), kSearchTermsMax);
}

class SearchTest : public ::testing::Test {
 protected:
  SearchTest() {
    TableInfo info;
    info.name = "tasks";
    info.row = Schema::parse(R"({"struct":[{"name":"title","type":"string"},)"
                             R"({"name":"note","type":{"optional":"string"}},)"
                             R"({"name":"n","type":"i64"}]})")
                   .value();
    info.key_column = "number";
    info.indexes = {"n"};
    info.search = {"title", "note"};
    shape_ = TableShape::make(info, 0).value();
    rows_ = store_.open("tasks").value();
    batch_ = std::make_unique<TableBatch>(*rows_, TableBatch::Shapes{shape_}, 1 << 20);
  }

  void put(const std::string& key, const std::string& title, const std::string& note = "") {
    boost::json::object row{{"title", title}, {"n", 1}};
    if (!note.empty()) row["note"] = note;
    position_ = position_.next();
    ASSERT_TRUE(batch_->rows(0).put(key, shape_->row->encode(row).value(), position_).ok());
    ASSERT_TRUE(batch_->commit({{}, position_, {}}).ok());
  }
  void erase(const std::string& key) {
    position_ = position_.next();
    ASSERT_TRUE(batch_->rows(0).erase(key, position_).ok());
    ASSERT_TRUE(batch_->commit({{}, position_, {}}).ok());
  }

  SearchHits search(const std::string& question, std::size_t limit = 20) {
    TableSnapshot snapshot;
    snapshot.shape = shape_;
    snapshot.generation = rows_;
    snapshot.as_of = position_;
    return search_table(snapshot, question, limit,
                        [this](RowContext& row) -> Result<bool> {
                          return !hidden_.contains(std::string(row.key()));
                        })
        .value();
  }
  std::string keys(const std::string& question, std::size_t limit = 20) {
    std::string joined;
    for (const auto& hit : search(question, limit).hits) {
      joined += (joined.empty() ? "" : " ") + hit.key;
    }
    return joined;
  }

  MemoryTableStore store_;
  std::shared_ptr<TableGeneration> rows_;
  std::shared_ptr<const TableShape> shape_;
  std::unique_ptr<TableBatch> batch_;
  Position position_{};
  std::set<std::string> hidden_;
};

TEST_F(SearchTest, FindsByNumberByWordAndByIdeographsNewestFirst) {
  put("T-202611-0001", "双11促销海报");
  put("T-202611-0002", "Check the promotion banner", "促销图");
  put("T-202611-0003", "盘点库存");
  EXPECT_EQ(keys("促销"), "T-202611-0002 T-202611-0001");
  EXPECT_EQ(keys("报"), "T-202611-0001");
  EXPECT_EQ(keys("PROMO"), "T-202611-0002") << "a word is found by its beginning";
  EXPECT_EQ(keys("T-202611-0003"), "T-202611-0003");
  EXPECT_EQ(keys("0003"), "T-202611-0003");
  EXPECT_EQ(keys("促销 海报"), "T-202611-0001") << "every word must be there";
  EXPECT_EQ(keys("销促"), "") << "the order of ideographs counts";
  EXPECT_EQ(search("盘点").hits.at(0).title, "盘点库存");
}

TEST_F(SearchTest, TheRowWithThisVeryNumberComesFirst) {
  put("T-1", "first");
  put("T-2", "follows T-1");
  EXPECT_EQ(keys("T-1"), "T-1 T-2");
}

TEST_F(SearchTest, ChangedAndErasedRowsAreFoundByWhatTheyAreNow) {
  put("a", "red fox");
  put("b", "red hen");
  put("a", "blue fox");
  erase("b");
  EXPECT_EQ(keys("red"), "");
  EXPECT_EQ(keys("fox"), "a");
  put("b", "red hen again");
  EXPECT_EQ(keys("red"), "b");
}

TEST_F(SearchTest, HiddenRowsNeitherShowNorTakeRoom) {
  for (int i = 0; i < 50; ++i) put("k" + std::to_string(i), "shared word");
  for (int i = 5; i < 50; ++i) hidden_.insert("k" + std::to_string(i));
  EXPECT_EQ(search("shared", 5).hits.size(), 5u);
}

TEST_F(SearchTest, SaysWhenItDidNotLookAtEverything) {
  for (std::size_t i = 0; i <= query_limits::kSearchRowsMax; ++i) {
    const auto bytes = shape_->row->encode({{"title", "common"}, {"n", 1}}).value();
    position_ = position_.next();
    ASSERT_TRUE(batch_->rows(0).put("k" + std::to_string(i), bytes, position_).ok());
  }
  put("rare", "common needle");
  EXPECT_FALSE(search("common").complete);
  const auto rare = search("common needle");
  EXPECT_TRUE(rare.complete) << "the rarest word decides what is looked at";
  EXPECT_EQ(rare.hits.size(), 1u);
}

TEST_F(SearchTest, AgreesWithAScanOverRandomTitles) {
  const auto seed = testing_support::from_environment("OPSLEDGER_SEED", std::random_device()());
  SCOPED_TRACE("OPSLEDGER_SEED=" + std::to_string(seed));
  std::mt19937_64 random(seed);
  const std::vector<std::string> parts{"促", "销", "价", "格", "red", "fox", " ", "11", "-"};
  const auto text = [&] {
    std::string out;
    for (auto n = random() % 6 + 1; n > 0; --n) out += parts[random() % parts.size()];
    return out;
  };
  std::map<std::string, std::string> titles;
  for (int i = 0; i < 300; ++i) {
    const auto key = "k" + std::to_string(random() % 60);
    titles[key] = text();
    put(key, titles[key]);
  }
  for (int i = 0; i < 200; ++i) {
    const auto question = text();
    const auto words = question_terms(question);
    std::set<std::string> wanted, got;
    for (const auto& [key, title] : titles) {
      auto terms = search_terms(title);
      for (auto& term : search_terms(key)) terms.push_back(term);
      std::sort(terms.begin(), terms.end());
      if (!words.empty() && terms_match(terms, words)) wanted.insert(key);
    }
    for (const auto& hit : search(question, 1'000).hits) got.insert(hit.key);
    EXPECT_EQ(got, wanted) << question;
  }
}

}  // namespace
}  // namespace opsledger
