#include "kernel/query/limits.hpp"
#include "kernel/query/query_error.hpp"
#include "kernel/query/row_json.hpp"
#include "kernel/query/table_query.hpp"
#include "kernel/schema/json_text.hpp"

namespace opsledger {
namespace {

/// Two scans in key order side by side: a row version is looked into only when its position
/// differs, so that what did not change costs a comparison of keys.
class Differ {
 public:
  Differ(const TableSnapshot& snapshot, RowFilter* filter)
      : columns_(whole_row(*snapshot.shape)), filter_(filter), row_(*snapshot.shape, filter) {}

  Status run(RowCursor& from, RowCursor& to) {
    OPS_TRY_ASSIGN(bool has_from, next(from));
    OPS_TRY_ASSIGN(bool has_to, next(to));
    while (has_from || has_to) {
      const int order = !has_from ? 1 : !has_to ? -1 : from.key().compare(to.key());
      if (order < 0) OPS_TRY(append(from, &removed_));
      if (order > 0) OPS_TRY(append(to, &added_));
      if (order == 0 && from.position() != to.position() && from.row() != to.row()) {
        OPS_TRY(append_changed(from, to));
      }
      if (order <= 0) {
        OPS_TRY_ASSIGN(has_from, next(from));
      }
      if (order >= 0) {
        OPS_TRY_ASSIGN(has_to, next(to));
      }
    }
    OPS_TRY(from.status());
    return to.status();
  }

  std::string json() const {
    return "\"added\":[" + added_ + "],\"changed\":[" + changed_ + "],\"removed\":[" + removed_ +
           "]}";
  }

 private:
  /// The next row that may be seen; what may not is as if it were not there.
  Result<bool> next(RowCursor& cursor) {
    while (cursor.next()) {
      if (filter_ == nullptr) return true;
      OPS_TRY(row_.set(cursor.key(), cursor.row(), cursor.position()));
      OPS_TRY_ASSIGN(const bool seen, filter_->sees(row_));
      if (seen) return true;
    }
    return false;
  }

  Status append(const RowCursor& cursor, std::string* out) {
    if (++rows_ > query_limits::kDiffRowsMax) {
      return query_too_large("more than " + std::to_string(query_limits::kDiffRowsMax) +
                             " rows differ; compare positions that are closer");
    }
    if (!out->empty()) *out += ',';
    return append_row(cursor, out);
  }

  Status append_row(const RowCursor& cursor, std::string* out) {
    OPS_TRY(row_.set(cursor.key(), cursor.row(), cursor.position()));
    return append_columns(columns_, row_, out);
  }

  Status append_changed(const RowCursor& from, const RowCursor& to) {
    if (!changed_.empty()) changed_ += ',';
    changed_ += "{\"key\":";
    append_json_string(to.key(), &changed_);
    changed_ += ",\"position\":";
    append_decimal(to.position().value, &changed_);
    changed_ += ",\"from\":";
    OPS_TRY(append_row(from, &changed_));
    changed_ += ",\"to\":";
    std::string shown;
    OPS_TRY(append(to, &shown));
    changed_ += shown + '}';
    return {};
  }

  const std::vector<OutputColumn> columns_;
  RowFilter* const filter_;
  RowContext row_;
  std::uint64_t rows_ = 0;
  std::string added_, changed_, removed_;
};

}  // namespace

Result<std::string> diff_table(const TableSnapshot& snapshot, Position from, Position to,
                               RowFilter* filter) {
  const auto head = snapshot.generation->progress().position;
  to = std::min(to, head);
  if (from > to) {
    return query_invalid("from", "position " + std::to_string(from.value) +
                                     " is not before position " + std::to_string(to.value) +
                                     "; the table has been built up to " +
                                     std::to_string(head.value));
  }
  const auto table = snapshot.shape->number;
  const auto before = snapshot.generation->scan(table, KeyRange{}, from, false);
  const auto after = snapshot.generation->scan(table, KeyRange{}, to, false);
  Differ differ(snapshot, filter);
  OPS_TRY(differ.run(*before, *after));
  std::string json = "{\"from\":";
  append_decimal(from.value, &json);
  json += ",\"to\":";
  append_decimal(to.value, &json);
  json += ",\"generation\":";
  append_json_string(snapshot.generation_name, &json);
  return json + ',' + differ.json();
}

}  // namespace opsledger
