#include "kernel/import/batch_builder.hpp"

#include <algorithm>

#include "kernel/import/limits.hpp"

namespace opsledger {

namespace {
constexpr std::string_view kBodyBegin = R"({"events":[)";
constexpr std::string_view kBodyEnd = "]}";
constexpr std::size_t kMapHashDigits = 16;
}  // namespace

BatchBuilder::BatchBuilder(ByteSource& source, const ImportMap& map, const Hash& content)
    : map_(map),
      key_prefix_("import:" + hex(content.bytes) + ":" +
                  hex(map.hash.bytes).substr(0, kMapHashDigits) + ":"),
      reader_(source, map.delimiter) {}

Status BatchBuilder::start() {
  OPS_TRY_ASSIGN(const bool found, reader_.next(&record_));
  if (!found) return Error{Code::kInvalid, "import.empty", "the file is empty: no header line"};
  if (record_.bad) {
    return Error{Code::kInvalid, "import.header_invalid", "the header line: " + *record_.bad};
  }
  OPS_TRY_ASSIGN(mapper_, RowMapper::make(map_, record_.fields));
  return {};
}

std::string BatchBuilder::key_of(const ImportBatch& batch) const {
  return key_prefix_ + std::to_string(batch.first_row) + "-" + std::to_string(batch.last_row);
}

Result<std::optional<ImportBatch>> BatchBuilder::next(
    const std::function<Status(const RejectedRow&)>& bad) {
  ImportBatch batch;
  batch.first_row = row_ + 1;
  batch.body = kBodyBegin;
  while (row_ + 1 - batch.first_row < map_.batch_rows &&
         batch.body.size() < import_limits::kBatchBodyBytes) {
    OPS_TRY_ASSIGN(const bool found, reader_.next(&record_));
    if (!found) break;
    ++row_;
    std::optional<RowProblem> problem;
    if (record_.bad) {
      problem = RowProblem{"", *record_.bad};
    } else {
      problem = mapper_->map(record_.fields, &batch.body, &batch.ends);
    }
    if (problem) {
      OPS_TRY(bad({row_, record_.line, std::move(problem->column), std::move(problem->why)}));
    }
    batch.rows.resize(batch.ends.size(), row_);
  }
  batch.last_row = row_;
  if (batch.last_row < batch.first_row) return std::optional<ImportBatch>{};
  batch.body += kBodyEnd;
  batch.key = key_of(batch);
  return std::optional(std::move(batch));
}

ImportBatch without_rows(const ImportBatch& batch, const std::vector<std::uint64_t>& rows) {
  ImportBatch out;
  out.first_row = batch.first_row;
  out.last_row = batch.last_row;
  out.key = batch.key;
  out.body = kBodyBegin;
  std::size_t begin = kBodyBegin.size();
  for (std::size_t i = 0; i < batch.rows.size(); ++i) {
    if (!std::binary_search(rows.begin(), rows.end(), batch.rows[i])) {
      if (!out.rows.empty()) out.body += ',';
      out.body.append(batch.body, begin, batch.ends[i] - begin);
      out.rows.push_back(batch.rows[i]);
      out.ends.push_back(out.body.size());
    }
    begin = batch.ends[i] + 1;  // behind the comma
  }
  out.body += kBodyEnd;
  return out;
}

}  // namespace opsledger
