#include "kernel/query/evaluate.hpp"
#include "kernel/query/grouping.hpp"
#include "kernel/query/limits.hpp"
#include "kernel/query/query_error.hpp"
#include "kernel/query/row_json.hpp"
#include "kernel/query/row_source.hpp"
#include "kernel/query/sort_key.hpp"
#include "kernel/query/table_query.hpp"
#include "kernel/query/top_rows.hpp"

namespace opsledger {
namespace {

/// Pulls the rows that pass, and minds the bound on rows looked at.
class Matches {
 public:
  Matches(const BoundQuery& query, RowSource& source, RowFilter* filter)
      : query_(query), source_(source), filter_(filter), row_(*query.shape, filter) {}

  /// The next row that passes, or null at the end.
  Result<RowContext*> next() {
    while (source_.next()) {
      if (++examined_ > query_limits::kRowsExaminedMax) {
        return query_too_large("more than " + std::to_string(query_limits::kRowsExaminedMax) +
                               " rows would be read; filter by the key or an indexed column");
      }
      OPS_TRY(row_.set(source_.key(), source_.row(), source_.position()));
      if (evaluate(query_.where, row_) != Truth::kTrue) continue;
      if (filter_ != nullptr) {
        OPS_TRY_ASSIGN(const bool seen, filter_->sees(row_));
        if (!seen) continue;
      }
      return ++matched_, &row_;
    }
    OPS_TRY(source_.status());
    return nullptr;
  }
  std::uint64_t matched() const { return matched_; }

 private:
  const BoundQuery& query_;
  RowSource& source_;
  RowFilter* const filter_;
  RowContext row_;
  std::uint64_t examined_ = 0, matched_ = 0;
};

Status check_page_bytes(const TablePage& page) {
  if (page.json.size() <= query_limits::kPageBytesMax) return {};
  return query_too_large("the page exceeds " + std::to_string(query_limits::kPageBytesMax >> 20) +
                         " MiB; ask for fewer rows with limit, or fewer columns with select");
}

Status append_row(const BoundQuery& query, const RowContext& row, TablePage* page) {
  if (page->rows++ > 0) page->json += ',';
  OPS_TRY(append_columns(query.output, row, &page->json));
  return check_page_bytes(*page);
}

/// Rows come in the order asked for: write them as they come, and stop early unless counting.
Status write_ordered(const BoundQuery& query, bool count_exact, Matches& matches, TablePage* page) {
  while (count_exact || page->rows < query.limit) {
    OPS_TRY_ASSIGN(RowContext* const row, matches.next());
    if (row == nullptr) break;
    if (matches.matched() <= query.offset || page->rows >= query.limit) continue;
    OPS_TRY(append_row(query, *row, page));
  }
  return {};
}

Status write_sorted(const BoundQuery& query, Matches& matches, RowFilter* filter, TablePage* page) {
  const auto offset = std::min<std::uint64_t>(query.offset, query_limits::kRowsExaminedMax);
  TopRows top(static_cast<std::size_t>(offset + query.limit));
  Bytes sort_key;
  while (true) {
    OPS_TRY_ASSIGN(RowContext* const row, matches.next());
    if (row == nullptr) break;
    sort_key.clear();
    append_sort_key(query, *row, &sort_key);
    OPS_TRY(top.add({sort_key, Bytes(row->key()), Bytes(row->row()), row->position()}));
  }
  const auto rows = top.take();
  RowContext row(*query.shape, filter);
  for (std::size_t i = offset; i < rows.size(); ++i) {
    OPS_TRY(row.set(rows[i].key, rows[i].row, rows[i].position));
    OPS_TRY(append_row(query, row, page));
  }
  return {};
}

Status write_groups(const BoundQuery& query, bool count_exact, Matches& matches, TablePage* page) {
  Grouping grouping(query);
  while (true) {
    OPS_TRY_ASSIGN(RowContext* const row, matches.next());
    if (row == nullptr) break;
    OPS_TRY(grouping.add(*row));
  }
  page->rows = grouping.append_json(query.offset, query.limit, &page->json);
  if (count_exact) page->total = grouping.size();
  return check_page_bytes(*page);
}

Status write_rows(const BoundQuery& query, bool ordered, bool count_exact, Matches& matches,
                  RowFilter* filter, TablePage* page) {
  if (ordered) {
    OPS_TRY(write_ordered(query, count_exact, matches, page));
  } else {
    OPS_TRY(write_sorted(query, matches, filter, page));
  }
  if (count_exact) page->total = matches.matched();
  return {};
}

}  // namespace

Result<TablePage> read_table(const TableSnapshot& snapshot, const QueryParameters& parameters,
                             bool count_exact, RowFilter* filter) {
  OPS_TRY_ASSIGN(const auto parsed, parse_query(parameters));
  OPS_TRY_ASSIGN(const auto query, bind_query(parsed, snapshot.shape));
  OPS_TRY_ASSIGN(auto opened, open_plan(snapshot, query));
  TablePage page;
  page.offset = query.offset;
  page.as_of = opened.as_of;
  page.generation = snapshot.generation_name;
  page.json = "[";
  Matches matches(query, opened.source, filter);
  OPS_TRY(query.aggregated
              ? write_groups(query, count_exact, matches, &page)
              : write_rows(query, opened.plan.ordered, count_exact, matches, filter, &page));
  page.json += ']';
  return page;
}

}  // namespace opsledger
