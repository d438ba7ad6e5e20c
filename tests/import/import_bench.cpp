// Rows per second through reader, map and JSON, without sending: one core.
#include <benchmark/benchmark.h>

#include <sstream>

#include "kernel/import/batch_builder.hpp"
#include "kernel/import/csv_import.hpp"

namespace opsledger {
namespace {

/// Lines like those of a shop's export.
std::string sample(int rows) {
  std::ostringstream text;
  text << "InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country\n";
  for (int i = 0; i < rows; ++i) {
    text << 536365 + i / 20 << ',' << 20000 + i % 4000 << ",WHITE HANGING HEART T-LIGHT HOLDER,"
         << i % 12 << ",2010-12-0" << 1 + i % 9 << " 08:26:00,2.55," << 12000 + i % 4372
         << ".0,United Kingdom\n";
  }
  return text.str();
}

class TextSource : public ByteSource {
 public:
  explicit TextSource(const std::string& text) : text_(text) {}
  Result<std::size_t> read(char* out, std::size_t size) override {
    const auto count = text_.copy(out, size, at_);
    at_ += count;
    return count;
  }
  std::uint64_t bytes_read() const override { return at_; }
  std::uint64_t bytes_total() const override { return text_.size(); }

 private:
  const std::string& text_;
  std::size_t at_ = 0;
};

void import_rows(benchmark::State& state) {
  constexpr int kRows = 100'000;
  const auto text = sample(kRows);
  const auto map = ImportMap::load(OPSLEDGER_SOURCE "/tools/import/online-retail.toml").value();
  for (auto _ : state) {
    TextSource source(text);
    BatchBuilder builder(source, map, Hash{});
    if (!builder.start().ok()) return state.SkipWithError("bad header");
    for (;;) {
      auto batch = builder.next([](const RejectedRow&) { return Status{}; });
      if (!*batch) break;
      benchmark::DoNotOptimize((*batch)->body.data());
    }
  }
  state.SetItemsProcessed(state.iterations() * kRows);
  state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(text.size()));
}
BENCHMARK(import_rows)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace opsledger
