// Search, inbox and calendar through the real server.
#include <gtest/gtest.h>

#include "kernel/http/ical.hpp"
#include "tests/http/http_fixture.hpp"

namespace opsledger {
namespace {

Time at(std::int64_t seconds) {
  return {seconds * 1'000'000};
}

TEST(Ical, HoldsEventsAndToDosWithEscapedTexts) {
  Calendar calendar("Wang", at(1'795'000'000));
  calendar.add_event("a/1@opsledger", "晨会; 8:45, room\\1\nsecond", at(1'795'053'600),
                     at(1'795'054'500));
  calendar.add_todo("t/1@opsledger", "Report", at(1'795'060'800));
  EXPECT_EQ(std::move(calendar).text(),
            "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//OpsLedger//EN\r\n"
            "CALSCALE:GREGORIAN\r\nX-WR-CALNAME:Wang\r\n"
            "BEGIN:VEVENT\r\nUID:a/1@opsledger\r\nDTSTAMP:20261118T110640Z\r\n"
            "SUMMARY:晨会\\; 8:45\\, room\\\\1\\nsecond\r\n"
            "DTSTART:20261119T020000Z\r\nDTEND:20261119T021500Z\r\nEND:VEVENT\r\n"
            "BEGIN:VTODO\r\nUID:t/1@opsledger\r\nDTSTAMP:20261118T110640Z\r\n"
            "SUMMARY:Report\r\nDUE:20261119T040000Z\r\nEND:VTODO\r\nEND:VCALENDAR\r\n");
}

TEST(Ical, LongLinesAreFoldedBetweenCharacters) {
  std::string title;
  for (int i = 0; i < 100; ++i) title += "促销";
  Calendar calendar("c", at(0));
  calendar.add_todo("u", title, at(0));
  const auto text = std::move(calendar).text();
  std::string unfolded;
  for (std::size_t from = 0; from < text.size();) {
    const auto end = text.find("\r\n", from);
    const auto line = text.substr(from, end - from);
    EXPECT_LE(line.size(), 75u);
    const char first = line[line[0] == ' ' ? 1 : 0];
    EXPECT_NE(static_cast<unsigned char>(first) & 0xC0, 0x80) << "cut inside a character";
    unfolded += line[0] == ' ' ? line.substr(1) : "\n" + line;
    from = end + 2;
  }
  EXPECT_NE(unfolded.find("SUMMARY:" + title), std::string::npos);
}

TEST(Ical, NothingButTextGetsIntoALine) {
  Calendar calendar("c", at(0));
  calendar.add_todo("u", "a\r\nATTENDEE:x\x01", at(0));
  EXPECT_EQ(std::move(calendar).text().find("\r\nATTENDEE"), std::string::npos);
}

class SearchHttp : public testing::HttpTest {
 protected:
  void open_account(const std::string& id) {
    const auto answer =
        post("/v1/commands/wallet.open",
             boost::json::serialize(boost::json::object{{"id", id}, {"backup", ""}, {"limit", 0}}),
             {{"Content-Type", "application/json"}});
    ASSERT_EQ(answer.status, 200u) << answer.body;
    position = answer.json().at("position").to_number<std::uint64_t>();
    ASSERT_TRUE(projections->wait_for("wallet", Position{position}, std::chrono::seconds(20)).ok());
  }
  std::uint64_t position = 0;
};

TEST_F(SearchHttp, FindsRowsOfAnyModuleByWords) {
  open_account("促销-7 north");
  open_account("清仓-8 north");
  const auto both = get("/v1/search?q=north").json();
  ASSERT_EQ(both.at("results").as_array().size(), 2u);
  EXPECT_EQ(both.at("results").at(0).at("key"), "清仓-8 north") << "the newest first";
  const auto one = get("/v1/search?q=%E4%BF%83%E9%94%80").json();
  ASSERT_EQ(one.at("results").as_array().size(), 1u);
  EXPECT_EQ(one.at("results").at(0).at("table"), "wallet.accounts");
  EXPECT_EQ(one.at("complete"), true);
  EXPECT_TRUE(get("/v1/search?q=south").json().at("results").as_array().empty());
}

TEST_F(SearchHttp, RefusesQuestionsThatAreNone) {
  for (const auto* bad : {"/v1/search", "/v1/search?q=", "/v1/search?q=a&q=b", "/v1/search?p=a",
                          "/v1/search?q=a&limit=x"}) {
    EXPECT_EQ(get(bad).status, 400u) << bad;
  }
  EXPECT_EQ(get("/v1/search?q=" + std::string(201, 'a')).status, 400u);
}

TEST_F(SearchHttp, NobodyHasAnEmptyInboxAndCalendar) {
  EXPECT_EQ(get("/v1/inbox").body, "[]");
  const auto feed = get("/v1/me/calendar.ics");
  EXPECT_EQ(feed.status, 200u);
  EXPECT_EQ(feed.header("Content-Type"), "text/calendar; charset=utf-8");
  EXPECT_TRUE(feed.body.starts_with("BEGIN:VCALENDAR\r\n"));
}

}  // namespace
}  // namespace opsledger
