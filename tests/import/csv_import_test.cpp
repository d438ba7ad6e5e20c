// The whole way: file -> batches -> sink.
#include "kernel/import/csv_import.hpp"

#include "kernel/events/raw_append.hpp"
#include "kernel/import/ledger_sink.hpp"
#include "storage/memory/memory_ledger.hpp"
#include "tests/import/import_support.hpp"
#include "tests/support/test_module.hpp"

namespace opsledger::testing {
namespace {

using OnError = ImportOptions::OnError;

constexpr const char* kMap = R"(
name = "moves"
batch_rows = 10
[columns]
id = "wallet"
amount = { as = "integer" }
refuse = "refuse"
[[emit]]
type = "wallet.deposited"
tags = ["wallet:{id}"]
data = { id = "{id}", amount = "{amount}", refuse = "{refuse}" }
)";

std::string file_of(int rows, const std::function<std::string(int)>& row) {
  std::string text = "wallet,amount,refuse\n";
  for (int i = 1; i <= rows; ++i) text += row(i) + "\n";
  return text;
}

class CsvImport : public ::testing::Test {
 protected:
  Result<ImportReport> run(const std::string& text, ImportSink& sink,
                           OnError on_error = OnError::kStop) {
    ImportOptions options;
    options.on_error = on_error;
    options.on_rejected = [this](const RejectedRow& row) { rejected_.push_back(row); };
    options.on_progress = [this](const ImportProgress& progress) { progress_ = progress; };
    return import_csv(folder_.write("f.csv", text), map_, sink, options);
  }

  TempFolder folder_;
  ImportMap map_ = ImportMap::parse(kMap).value();
  std::vector<RejectedRow> rejected_;
  ImportProgress progress_;
};

TEST_F(CsvImport, RowsBecomeBatchesWithFixedBordersInTheOrderOfTheFile) {
  RecordingSink sink;
  const auto report = run(file_of(25, [](int i) { return "a," + std::to_string(i) + ","; }), sink);
  ASSERT_TRUE(report.ok()) << report.error().message;
  EXPECT_EQ(report->rows, 25u);
  EXPECT_EQ(report->events, 25u);
  EXPECT_EQ(report->batches, 3u);
  EXPECT_EQ(report->last.value, 25u);
  ASSERT_EQ(sink.batches.size(), 3u);
  EXPECT_EQ(sink.batches[1].first_row, 11u);
  EXPECT_EQ(sink.batches[1].last_row, 20u);
  EXPECT_EQ(sink.batches[2].last_row, 25u);
  for (int i = 0; i < 25; ++i) {
    EXPECT_EQ(sink.all[static_cast<std::size_t>(i)].at("data").at("amount"), i + 1);
  }
  EXPECT_EQ(progress_.bytes_read, progress_.bytes_total);
}

TEST_F(CsvImport, KeysNameContentMapAndRowsAndNothingElse) {
  RecordingSink first, second, other_file, other_map;
  const auto text = file_of(12, [](int) { return "a,1,"; });
  ASSERT_TRUE(run(text, first).ok());
  ASSERT_TRUE(run(text, second).ok());
  ASSERT_TRUE(run(text + "a,1,\n", other_file).ok());
  map_ = ImportMap::parse(std::string(kMap) + "department = \"ops\"\n").value();
  ASSERT_TRUE(run(text, other_map).ok());
  EXPECT_NE(first.batches[0].key, first.batches[1].key);  // equal rows, other place
  EXPECT_EQ(first.batches[0].key, second.batches[0].key);
  EXPECT_NE(first.batches[0].key, other_file.batches[0].key);
  EXPECT_NE(first.batches[0].key, other_map.batches[0].key);
  EXPECT_TRUE(first.batches[0].key.starts_with("import:"));
  EXPECT_TRUE(first.batches[0].key.ends_with(":1-10"));
}

TEST_F(CsvImport, WideRowsEndABatchEarlyAndAlwaysAtTheSameRow) {
  const auto text = file_of(40, [](int) { return std::string(100'000, 'x') + ",1,"; });
  RecordingSink first, second;
  map_ = ImportMap::parse(R"(
name = "wide"
[columns]
id = "wallet"
[[emit]]
type = "t.e"
data = { id = "{id}" }
)")
             .value();
  ASSERT_TRUE(run(text, first).ok());
  ASSERT_TRUE(run(text, second).ok());
  ASSERT_EQ(first.batches.size(), second.batches.size());
  EXPECT_GT(first.batches.size(), 4u);
  for (std::size_t i = 0; i < first.batches.size(); ++i) {
    EXPECT_LT(first.batches[i].body.size(), 700'000u);
    EXPECT_EQ(first.batches[i].key, second.batches[i].key);
  }
}

TEST_F(CsvImport, BadRowStopsTheImportBeforeItsBatchAndIsNamed) {
  RecordingSink sink;
  const auto result = run(file_of(25, [](int i) { return i == 17 ? "a,x," : "a,1,"; }), sink);
  ASSERT_FALSE(result.ok());
  EXPECT_EQ(result.error().reason, "import.row_invalid");
  EXPECT_TRUE(result.error().message.starts_with("row 17 (line 18), column amount: `x` is no "))
      << result.error().message;
  ASSERT_EQ(sink.batches.size(), 1u);
  EXPECT_EQ(sink.batches[0].last_row, 10u);
}

TEST_F(CsvImport, BadRowsAreSkippedAndReportedWhenAsked) {
  RecordingSink sink;
  const auto report = run(file_of(25,
                                  [](int i) {
                                    if (i == 3) return std::string("a,x,");
                                    if (i == 17) return std::string("only one field");
                                    return "a," + std::to_string(i) + ",";
                                  }),
                          sink, OnError::kSkip);
  ASSERT_TRUE(report.ok()) << report.error().message;
  EXPECT_EQ(report->rejected, 2u);
  EXPECT_EQ(report->events, 23u);
  ASSERT_EQ(rejected_.size(), 2u);
  EXPECT_EQ(rejected_[0].row, 3u);
  EXPECT_EQ(rejected_[0].line, 4u);
  EXPECT_EQ(rejected_[0].column, "amount");
  EXPECT_EQ(rejected_[1].row, 17u);
  EXPECT_EQ(sink.batches[1].first_row, 11u);  // borders do not move
}

TEST_F(CsvImport, RowsThatTheSinkRefusesAreSkippedAndTheRestOfTheBatchIsSent) {
  RecordingSink sink;
  const auto report = run(
      file_of(12, [](int i) { return i % 5 == 0 ? "a,1,yes" : "a," + std::to_string(i) + ","; }),
      sink, OnError::kSkip);
  ASSERT_TRUE(report.ok()) << report.error().message;
  EXPECT_EQ(report->events, 10u);
  EXPECT_EQ(report->rejected, 2u);
  ASSERT_EQ(rejected_.size(), 2u);
  EXPECT_EQ(rejected_[0].row, 5u);
  EXPECT_EQ(rejected_[0].column, "/data/refuse");
  EXPECT_EQ(sink.all[4].at("data").at("amount"), 6);
}

TEST_F(CsvImport, RowThatTheSinkRefusesStopsTheImportOtherwise) {
  RecordingSink sink;
  const auto result = run(file_of(25, [](int i) { return i == 12 ? "a,1,yes" : "a,1,"; }), sink);
  ASSERT_FALSE(result.ok());
  EXPECT_NE(result.error().message.find("row 12, /data/refuse: not allowed"), std::string::npos)
      << result.error().message;
  EXPECT_EQ(sink.batches.size(), 1u);
}

TEST_F(CsvImport, SinkThatFailsEndsTheImportWithTheRowsAtFault) {
  RecordingSink sink;
  sink.fail_after(2);
  const auto result = run(file_of(100, [](int) { return "a,1,"; }), sink, OnError::kSkip);
  ASSERT_FALSE(result.ok());
  EXPECT_EQ(result.error().code, Code::kTimeout);
  EXPECT_NE(result.error().message.find("rows 21 to 30"), std::string::npos);
  EXPECT_EQ(sink.batches.size(), 2u);
}

TEST_F(CsvImport, FilesThatAreNoCsvOfThisMapAreRefusedBeforeAnythingIsSent) {
  RecordingSink sink;
  EXPECT_EQ(run("", sink).error().reason, "import.empty");
  EXPECT_EQ(run("x,y\n1,2\n", sink).error().reason, "import.columns_missing");
  EXPECT_EQ(run("\"acc\"x,y\n1,2\n", sink).error().reason, "import.header_invalid");
  EXPECT_TRUE(sink.batches.empty());
}

class FixedClock : public Clock {
 public:
  Time now() const override { return {1'790'000'000'000'000}; }
};

class CsvImportIntoLedger : public CsvImport {
 protected:
  void SetUp() override {
    auto module = std::make_shared<TestModule>();
    for (const auto& type : module->info().event_types) {
      if (!type.owned) continue;
      ASSERT_TRUE(schemas_.ensure(ledger_, type.type, type.version, type.schema).ok());
    }
    ASSERT_TRUE(registry_.add(module).ok());
  }
  std::uint64_t head() const { return ledger_.durable().position.value; }

  FixedClock clock_;
  MemoryLedger ledger_{clock_};
  SchemaCatalog schemas_;
  Registry registry_;
  RawAppend raw_append_{registry_};
};

TEST_F(CsvImportIntoLedger, ImportRepeatedStoresNothingTwiceAlsoWithEqualRows) {
  LedgerSink sink(ledger_, raw_append_, {});
  const auto text = file_of(35, [](int) { return "a,1,"; });
  const auto before = head();
  const auto first = run(text, sink);
  ASSERT_TRUE(first.ok()) << first.error().message;
  EXPECT_EQ(head(), before + 35);
  EXPECT_EQ(first->batches_known, 0u);
  const auto again = run(text, sink);
  ASSERT_TRUE(again.ok());
  EXPECT_EQ(head(), before + 35);
  EXPECT_EQ(again->events, 35u);
  EXPECT_EQ(again->batches_known, 4u);
  EXPECT_EQ(again->first, first->first);
}

TEST_F(CsvImportIntoLedger, ImportThatStoppedGoesOnWhereItWasAndEndsAsIfItNeverStopped) {
  LedgerSink sink(ledger_, raw_append_, {});
  const auto before = head();
  const auto text = file_of(35, [](int i) { return "a," + std::to_string(i) + ","; });
  {
    class HalfSink : public ImportSink {
     public:
      explicit HalfSink(ImportSink& rest) : rest_(rest) {}
      void submit(const ImportBatch& batch, Completion done) override {
        if (batch.first_row > 20) return done(Error{Code::kTimeout, "test.gone", "gone"});
        rest_.submit(batch, std::move(done));
      }
      ImportSink& rest_;
    } half(sink);
    ASSERT_FALSE(run(text, half).ok());
  }
  EXPECT_EQ(head(), before + 20);
  const auto report = run(text, sink);
  ASSERT_TRUE(report.ok()) << report.error().message;
  EXPECT_EQ(report->batches_known, 2u);
  EXPECT_EQ(head(), before + 35);
}

TEST_F(CsvImportIntoLedger, DryRunChecksAgainstTheSchemaAndStoresNothing) {
  CheckSink sink(raw_append_);
  const auto before = head();
  const auto report =
      run(file_of(12, [](int i) { return i == 7 ? "a,1,yes" : "a,1,"; }), sink, OnError::kSkip);
  ASSERT_TRUE(report.ok()) << report.error().message;
  EXPECT_EQ(report->rejected, 1u);
  EXPECT_EQ(rejected_[0].row, 7u);
  EXPECT_EQ(head(), before);
}

TEST_F(CsvImportIntoLedger, FailedSyncEndsTheImport) {
  LedgerSink sink(ledger_, raw_append_, {});
  ledger_.fail_next_sync();
  const auto result = run(file_of(500, [](int) { return "a,1,"; }), sink);
  ASSERT_FALSE(result.ok());
  EXPECT_TRUE(result.error().code == Code::kIo || result.error().code == Code::kNotReady);
}

}  // namespace
}  // namespace opsledger::testing
