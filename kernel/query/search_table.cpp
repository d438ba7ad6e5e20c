#include "kernel/query/search_table.hpp"

#include <algorithm>
#include <memory>

#include "kernel/projection/column_key.hpp"
#include "kernel/projection/row_terms.hpp"
#include "kernel/projection/search_terms.hpp"
#include "kernel/query/limits.hpp"

namespace opsledger {
namespace {

/// Index entries of all terms that begin with `word`.
KeyRange entries_of(std::string_view word) {
  Bytes begin;
  append_text_key(word, &begin);
  begin.resize(begin.size() - 2);  // without the end mark: a prefix
  auto end = end_of_prefix(begin);
  return {std::move(begin), std::move(end)};
}

/// The keys of the rows that have the rarest of `words`: all lists are walked in step until the
/// shortest ends.
Result<std::vector<Bytes>> candidates(const TableSnapshot& snapshot,
                                      const std::vector<std::string>& words, bool* complete) {
  struct List {
    std::unique_ptr<RowCursor> cursor;
    std::vector<Bytes> keys;
  };
  std::vector<List> lists;
  for (const auto& word : words) {
    lists.push_back(
        {snapshot.generation->scan_index(snapshot.shape->number, snapshot.shape->search_index(),
                                         entries_of(word), false),
         {}});
  }
  for (std::size_t steps = 0; steps < query_limits::kSearchRowsMax; ++steps) {
    for (auto& list : lists) {
      if (list.cursor->next()) {
        list.keys.emplace_back(list.cursor->key());
        continue;
      }
      OPS_TRY(list.cursor->status());
      return std::move(list.keys);
    }
  }
  *complete = false;
  return std::move(lists.front().keys);
}

bool is_better(const SearchHit& a, const SearchHit& b) {
  if (a.exact != b.exact) return a.exact;
  if (a.position != b.position) return a.position > b.position;
  return a.key < b.key;
}

ColumnRef text_column(const TableShape& shape, std::uint32_t field) {
  return {ColumnRef::Kind::kField, field, shape.fields()[field].type.get()};
}

std::string title_of(const TableShape& shape, const RowContext& row) {
  for (const auto field : shape.search) {
    const auto column = text_column(shape, field);
    if (!row.is_null(column) && !row.text(column).empty()) return std::string(row.text(column));
  }
  return {};
}

bool has_words(const TableShape& shape, const RowContext& row,
               const std::vector<std::string>& words) {
  std::vector<BytesView> values;
  for (std::uint32_t field = 0; field < shape.fields().size(); ++field) {
    values.push_back(row.value(text_column(shape, field)));
  }
  return terms_match(row_terms(shape, row.key(), values), words);
}

}  // namespace

Result<SearchHits> search_table(const TableSnapshot& snapshot, std::string_view question,
                                std::size_t limit,
                                const std::function<Result<bool>(RowContext&)>& visible) {
  SearchHits found;
  const TableShape& shape = *snapshot.shape;
  const auto words = question_terms(question);
  if (shape.search.empty() || words.empty()) return found;
  OPS_TRY_ASSIGN(auto keys, candidates(snapshot, words, &found.complete));
  std::sort(keys.begin(), keys.end());
  keys.erase(std::unique(keys.begin(), keys.end()), keys.end());
  RowContext row(shape);
  for (const auto& key : keys) {
    OPS_TRY_ASSIGN(const auto version, snapshot.generation->get(shape.number, key, kHead));
    if (!version || version->erased) continue;
    OPS_TRY(row.set(version->key, version->row, version->position));
    if (!has_words(shape, row, words)) continue;
    OPS_TRY_ASSIGN(const bool allowed, visible(row));
    if (!allowed) continue;
    found.hits.push_back({key, title_of(shape, row), version->position, key == question});
  }
  std::sort(found.hits.begin(), found.hits.end(), is_better);
  if (found.hits.size() > limit) found.hits.resize(limit);
  return found;
}

}  // namespace opsledger
