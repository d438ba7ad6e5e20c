// Files, sources and sinks for import tests.
#pragma once

#include <gtest/gtest.h>
#include <boost/json.hpp>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "kernel/import/csv_import.hpp"
#include "kernel/import/csv_reader.hpp"

namespace opsledger::testing {

/// A folder that goes away with the test.
class TempFolder {
 public:
  TempFolder() {
    std::string name = (std::filesystem::temp_directory_path() / "import-test-XXXXXX").string();
    path_ = mkdtemp(name.data());
  }
  ~TempFolder() { std::filesystem::remove_all(path_); }
  std::string write(const std::string& name, std::string_view content) const {
    const auto file = path_ / name;
    std::ofstream(file, std::ios::binary) << content;
    return file.string();
  }

 private:
  std::filesystem::path path_;
};

/// Hands out `content` in pieces of `step` bytes.
class TextSource : public ByteSource {
 public:
  TextSource(std::string content, std::size_t step) : content_(std::move(content)), step_(step) {}
  Result<std::size_t> read(char* out, std::size_t size) override {
    const auto count = std::min({size, step_, content_.size() - at_});
    content_.copy(out, count, at_);
    at_ += count;
    return count;
  }
  std::uint64_t bytes_read() const override { return at_; }
  std::uint64_t bytes_total() const override { return content_.size(); }

 private:
  std::string content_;
  std::size_t step_, at_ = 0;
};

/// Keeps what it is given, in order; refuses events whose type ends in `_bad`, as a server would.
class RecordingSink : public ImportSink {
 public:
  void submit(const ImportBatch& batch, Completion done) override {
    const auto body = boost::json::parse(batch.body);
    const auto& events = body.at("events").as_array();
    EXPECT_EQ(events.size(), batch.rows.size());
    if (fail_after_ && batches.size() >= *fail_after_) {
      return done(Error{Code::kTimeout, "test.gone", "the server is gone"});
    }
    Error refused{Code::kInvalid, "schema.invalid", "some events do not fit"};
    for (std::size_t i = 0; i < events.size(); ++i) {
      if (!events[i].at("data").as_object().contains("refuse")) continue;
      refused.fields.push_back({"/events/" + std::to_string(i) + "/data/refuse", "not allowed"});
    }
    if (!refused.fields.empty()) return done(refused);
    batches.push_back(batch);
    for (const auto& event : events) all.push_back(event);
    done(AppendOutcome{{all.size() - events.size() + 1}, {all.size()}, {}, false});
  }
  void fail_after(std::size_t batches_taken) { fail_after_ = batches_taken; }

  std::vector<ImportBatch> batches;
  std::vector<boost::json::value> all;

 private:
  std::optional<std::size_t> fail_after_;
};

inline std::optional<std::string> datasets() {
  const char* folder = std::getenv("OPSLEDGER_DATASETS");
  return folder ? std::optional<std::string>(folder) : std::nullopt;
}

}  // namespace opsledger::testing
