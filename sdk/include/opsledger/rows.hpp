// The rows of a table while events are applied to it.
#pragma once

#include <opsledger/codec.hpp>
#include <opsledger/view.hpp>

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>

namespace ops {
namespace detail {

struct TextHash {
  using is_transparent = void;
  std::size_t operator()(std::string_view text) const {
    return std::hash<std::string_view>()(text);
  }
};

inline void check_host(ops_status status, const char* what) {
  if (status != OPS_OK) throw HostError(std::string(what) + " failed in the host");
}
template <class F>
F granted(F function, const char* what) {
  if (function == nullptr) throw HostError(std::string(what) + " is not granted here");
  return function;
}

}  // namespace detail

/// One span of events sees one Rows: a row is read from the host and decoded at most once. Every
/// change is a row version at the position of the event being applied.
template <class Row>
class Rows {
 public:
  explicit Rows(const ops_host* host) : host_(host) {}

  /// The row now, or null. Valid until this row changes.
  const Row* get(std::string_view key) {
    const std::optional<Row>& row = entry(key)->second;
    return row ? &*row : nullptr;
  }
  /// Writes the row; key: 1 to 512 bytes.
  void put(std::string_view key, Row row) {
    auto found = cache_.find(key);
    if (found == cache_.end()) found = cache_.emplace(std::string(key), std::nullopt).first;
    found->second = std::move(row);
    store(*found);
  }
  /// Reads the row (a default one where there is none), lets `change` edit it and writes it.
  template <class Change>
  void edit(std::string_view key, Change&& change) {
    auto& entry = *this->entry(key);
    if (!entry.second) entry.second.emplace();
    change(*entry.second);
    store(entry);
  }
  /// Does nothing where there is no such row.
  void erase(std::string_view key) {
    if (get(key) == nullptr) return;
    entry(key)->second.reset();
    detail::check_host(
        detail::granted(host_->row_erase, "row_erase")(host_, position_, to_view(key)),
        "erasing a row");
  }

  /// True the first time that this table is asked about `what`, ever: for distinct counts. Kept as
  /// a note of the table; notes are no rows and nobody sees them.
  bool first_time(std::string_view what) {
    std::string key(1, '\0');
    key += what;
    if (!notes_.insert(key).second) return false;
    ops_view found{};
    const auto status = detail::granted(host_->row_get, "row_get")(host_, to_view(key), &found);
    if (status == OPS_OK) return false;
    if (status != OPS_NOT_FOUND) throw HostError("reading a note failed in the host");
    detail::check_host(
        detail::granted(host_->row_put, "row_put")(host_, position_, to_view(key), to_view("")),
        "writing a note");
    return true;
  }

  /// For the SDK: the event whose changes follow.
  void at(std::uint64_t position) { position_ = position; }

 private:
  using Cache =
      std::unordered_map<std::string, std::optional<Row>, detail::TextHash, std::equal_to<>>;

  typename Cache::iterator entry(std::string_view key) {
    const auto found = cache_.find(key);
    if (found != cache_.end()) return found;
    ops_view bytes{};
    const auto status = detail::granted(host_->row_get, "row_get")(host_, to_view(key), &bytes);
    if (status != OPS_OK && status != OPS_NOT_FOUND)
      throw HostError("reading a row failed in the host");
    std::optional<Row> row;
    if (status == OPS_OK) detail::read_bytes(in_, from_view(bytes), row.emplace());
    return cache_.emplace(std::string(key), std::move(row)).first;
  }
  void store(const typename Cache::value_type& entry) {
    bytes_.clear();
    out_.value(*entry.second);
    detail::check_host(detail::granted(host_->row_put, "row_put")(
                           host_, position_, to_view(entry.first), to_view(bytes_)),
                       "writing a row");
  }

  const ops_host* host_;
  std::uint64_t position_ = 0;
  Cache cache_;
  std::unordered_set<std::string> notes_;
  detail::InputArchive in_;
  std::string bytes_;
  detail::OutputArchive out_{bytes_};
};

/// Collects the rows that events will probably touch, so that a host can fetch them at once.
class Keys {
 public:
  explicit Keys(const ops_host* host) : host_(host) {}
  void add(std::string_view key) {
    if (!seen_.insert(std::string(key)).second) return;
    detail::check_host(detail::granted(host_->key, "key")(host_, to_view(key)), "naming a key");
  }
  /// For Rows::first_time.
  void add_note(std::string_view what) { add(std::string(1, '\0').append(what)); }

 private:
  const ops_host* host_;
  std::unordered_set<std::string> seen_;
};

}  // namespace ops
