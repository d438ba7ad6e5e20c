// The two maps against the real data ($OPSLEDGER_DATASETS).
#include <map>
#include <set>

#include "tests/import/import_support.hpp"

namespace opsledger::testing {
namespace {

const std::string kMaps = OPSLEDGER_SOURCE "/tools/import/";

#define REQUIRE_DATASETS() \
  if (!datasets()) GTEST_SKIP() << "set OPSLEDGER_DATASETS to the folder of the data sets"

/// Counts without keeping: the sets are large.
class CountingSink : public ImportSink {
 public:
  explicit CountingSink(std::function<void(const boost::json::object&)> look)
      : look_(std::move(look)) {}
  void submit(const ImportBatch& batch, Completion done) override {
    ++batches;
    events += batch.rows.size();
    keys.insert(batch.key);
    if (look_) {
      const auto body = boost::json::parse(batch.body);
      for (const auto& event : body.at("events").as_array()) look_(event.as_object());
    }
    done(AppendOutcome{{1}, {1}, {}, false});
  }
  std::uint64_t batches = 0, events = 0;
  std::set<std::string> keys;

 private:
  std::function<void(const boost::json::object&)> look_;
};

ImportMap load_map(const std::string& name) {
  return ImportMap::load(kMaps + name).value();
}

std::string text_of(const boost::json::object& event, std::string_view field) {
  const auto& data = event.at("data").as_object();
  const auto* value = data.if_contains(field);
  return value ? std::string(value->as_string()) : "";
}

TEST(RealData, OnlineRetailHasItsKnownFacts) {
  REQUIRE_DATASETS();
  std::set<std::string> invoices, cancelled, customers, skus, countries;
  std::uint64_t without_customer = 0, negative = 0;
  std::string first_time, last_time;
  CountingSink sink([&](const boost::json::object& event) {
    invoices.insert(text_of(event, "invoice"));
    if (event.at("data").at("cancelled").as_bool()) cancelled.insert(text_of(event, "invoice"));
    const auto customer = text_of(event, "customer");
    without_customer += customer.empty();
    if (!customer.empty()) customers.insert(customer);
    EXPECT_EQ(event.at("tags").as_array().size(), customer.empty() ? 2u : 3u);
    skus.insert(text_of(event, "sku"));
    countries.insert(text_of(event, "country"));
    negative += event.at("data").at("quantity").as_int64() < 0;
    if (first_time.empty()) first_time = event.at("time").as_string();
    last_time = event.at("time").as_string();
  });
  const auto report = import_csv(*datasets() + "/online-retail-uci/online-retail-uci.csv.zst",
                                 load_map("online-retail.toml"), sink, {});
  ASSERT_TRUE(report.ok()) << report.error().message;
  EXPECT_EQ(report->rows, 541'909u);
  EXPECT_EQ(report->rejected, 0u);
  EXPECT_EQ(sink.events, 541'909u);
  EXPECT_EQ(sink.batches, 542u);
  EXPECT_EQ(sink.keys.size(), 542u);
  EXPECT_EQ(invoices.size(), 25'900u);
  EXPECT_EQ(cancelled.size(), 3'836u);
  EXPECT_EQ(customers.size(), 4'372u);
  EXPECT_EQ(without_customer, 135'080u);
  EXPECT_EQ(skus.size(), 4'070u);
  EXPECT_EQ(negative, 10'624u);
  EXPECT_EQ(countries.size(), 38u);
  EXPECT_EQ(first_time, "2010-12-01T08:26:00Z");
  EXPECT_EQ(last_time, "2011-12-09T12:50:00Z");
}

TEST(RealData, ServiceNowLogHasItsKnownFacts) {
  REQUIRE_DATASETS();
  std::map<std::string, std::uint64_t> types;
  std::set<std::string> raised;
  CountingSink sink([&](const boost::json::object& event) {
    const std::string type(event.at("type").as_string());
    ++types[type];
    if (type == "incident.raised") {
      EXPECT_TRUE(raised.insert(text_of(event, "incident")).second);
    }
  });
  const auto report =
      import_csv(*datasets() + "/servicenow-incident-log/incident_event_log.csv.zst",
                 load_map("servicenow-incidents.toml"), sink, {});
  ASSERT_TRUE(report.ok()) << report.error().message;
  EXPECT_EQ(report->rows, 141'712u);
  EXPECT_EQ(report->rejected, 0u);
  EXPECT_EQ(raised.size(), 24'918u);
  EXPECT_EQ(sink.events, 141'712u + 24'918u);
  EXPECT_EQ(types["incident.note_added"], 52'761u);
  EXPECT_EQ(types["incident.state_unknown"], 2u);
  EXPECT_EQ(types["incident.closed"], 24'930u);
}

}  // namespace
}  // namespace opsledger::testing
