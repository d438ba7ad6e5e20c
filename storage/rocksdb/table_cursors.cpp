#include "storage/rocksdb/table_cursors.hpp"

#include <rocksdb/db.h>

#include "storage/rocksdb/rocks_status.hpp"
#include "storage/rocksdb/table_keys.hpp"

namespace opsledger::rocks {

namespace {

constexpr int kStepsBeforeSeek = 8;  // Next() within a row's versions is cheaper than a Seek

BytesView view(const rocksdb::Slice& slice) {
  return {slice.data(), slice.size()};
}

/// An iterator confined to [lower, upper), with the bounds it points to.
class BoundedIterator {
 public:
  BoundedIterator(const TableFamily& family, std::string lower, std::string upper,
                  const rocksdb::Snapshot* snapshot = nullptr)
      : lower_(std::move(lower)), upper_(std::move(upper)), upper_slice_(upper_) {
    lower_slice_ = lower_;
    rocksdb::ReadOptions options;
    options.total_order_seek = true;
    options.iterate_lower_bound = &lower_slice_;
    options.iterate_upper_bound = &upper_slice_;
    options.snapshot = snapshot;
    it_.reset(family.db().NewIterator(options, family.handle));
  }
  BoundedIterator(const BoundedIterator&) = delete;

  void begin(bool backward) {
    if (backward) {
      it_->SeekToLast();
    } else {
      it_->Seek(lower_slice_);
    }
  }
  /// To the first entry, then to the next one each; false when the end was passed before.
  bool step(bool backward) {
    if (!started_) {
      started_ = true;
      begin(backward);
      return true;
    }
    if (!it_->Valid()) return false;
    if (backward) {
      it_->Prev();
    } else {
      it_->Next();
    }
    return true;
  }
  rocksdb::Iterator& operator*() { return *it_; }
  rocksdb::Iterator* operator->() { return it_.get(); }

 private:
  std::string lower_, upper_;
  rocksdb::Slice lower_slice_, upper_slice_;
  std::unique_ptr<rocksdb::Iterator> it_;
  bool started_ = false;
};

/// Key bounds for `range` behind `prefix`, the components escaped or bare.
std::pair<std::string, std::string> bounds(const std::string& prefix, const KeyRange& range,
                                           bool escaped) {
  std::string lower = prefix, upper = prefix;
  if (escaped) {
    append_escaped(range.begin, &lower);
    append_escaped(range.end, &upper);
  } else {
    lower += range.begin;
    upper += range.end;
  }
  if (range.end.empty()) upper = after_prefix(prefix);
  if (upper < lower) upper = lower;
  return {std::move(lower), std::move(upper)};
}

/// Rows of the head range, straight out of the iterator.
class HeadCursor final : public RowCursor {
 public:
  HeadCursor(std::shared_ptr<TableFamily> family, std::uint32_t table, const KeyRange& range,
             bool backward)
      : family_(std::move(family)), backward_(backward) {
    auto [lower, upper] = bounds(head_prefix(table), range, false);
    it_.emplace(*family_, std::move(lower), std::move(upper));
  }

  bool next() override {
    if (!status_.ok() || !(*it_).step(backward_)) return false;
    if (!(*it_)->Valid()) {
      status_ = to_status((*it_)->status(), "scan rows");
      return false;
    }
    if ((*it_)->value().size() >= kPositionBytes) return true;
    status_ = corrupt("a head row", "too short");
    return false;
  }
  BytesView key() const override { return view((*it_)->key()).substr(kHeadPrefixBytes); }
  BytesView row() const override { return view((*it_)->value()).substr(kPositionBytes); }
  Position position() const override { return {read_be64(view((*it_)->value()))}; }
  Status status() const override { return status_; }

 private:
  static constexpr std::size_t kHeadPrefixBytes = 5;
  std::shared_ptr<TableFamily> family_;
  mutable std::optional<BoundedIterator> it_;
  bool backward_;
  Status status_;
};

/// For every row the newest version that is not newer than `as_of`, erased rows left out.
class AsOfCursor final : public RowCursor {
 public:
  AsOfCursor(std::shared_ptr<TableFamily> family, std::uint32_t table, const KeyRange& range,
             Position as_of, bool backward)
      : family_(std::move(family)), as_of_(as_of), backward_(backward) {
    auto [lower, upper] = bounds(version_prefix(table), range, true);
    it_.emplace(*family_, std::move(lower), std::move(upper));
    (*it_).begin(backward_);
  }

  bool next() override {
    while (status_.ok() && leave_row() && (*it_)->Valid()) {
      const BytesView entry = view((*it_)->key());
      row_prefix_.assign(entry.substr(0, entry.size() - kPositionBytes));
      if (seek_version() && decode()) return true;
    }
    if (status_.ok()) status_ = to_status((*it_)->status(), "scan rows as of a position");
    return false;
  }
  BytesView key() const override { return version_.key; }
  BytesView row() const override { return version_.row; }
  Position position() const override { return version_.position; }
  Status status() const override { return status_; }

 private:
  bool in_row() const {
    const BytesView entry = (*it_)->Valid() ? view((*it_)->key()) : BytesView();
    return entry.size() == row_prefix_.size() + kPositionBytes && entry.starts_with(row_prefix_);
  }
  std::string target(std::uint64_t suffix) const {
    std::string key = row_prefix_;
    append_be64(suffix, &key);
    return key;
  }
  /// From anywhere in or beside the current row to the first entry of the next one.
  bool leave_row() {
    if (row_prefix_.empty()) return true;
    if (backward_) {
      (*it_)->SeekForPrev(target(0));
    } else {
      for (int i = 0; i < kStepsBeforeSeek && in_row(); ++i) (*it_)->Next();
      if (in_row()) (*it_)->Seek(target(UINT64_MAX));
    }
    return true;
  }
  /// True when the row has a version at or before `as_of`; the iterator is then on it.
  bool seek_version() {
    if (backward_) {
      (*it_)->Seek(target(~as_of_.value));
      return in_row();
    }
    for (int i = 0; i < kStepsBeforeSeek && in_row(); ++i) {
      if (~read_be64(view((*it_)->key()).substr(row_prefix_.size())) <= as_of_.value) return true;
      (*it_)->Next();
    }
    if (in_row()) (*it_)->Seek(target(~as_of_.value));
    return in_row();
  }
  /// Reads the version under the iterator; false when it is an erasure or damaged.
  bool decode() {
    auto version = version_of_run((*it_)->key(), (*it_)->value(), as_of_);
    if (!version.ok()) return status_ = version.error(), false;
    if (version->erased) return false;
    version_ = std::move(*version);
    BytesView rest = view((*it_)->key()).substr(5);
    if (take_escaped(&rest, &version_.key)) return true;
    status_ = corrupt("a row's version", "key");
    return false;
  }

  std::shared_ptr<TableFamily> family_;
  mutable std::optional<BoundedIterator> it_;
  Position as_of_;
  bool backward_;
  std::string row_prefix_;  // of the row the iterator is in or has just left
  RowVersion version_;
  Status status_;
};

/// Index entries of the head, each with its head row out of the same snapshot.
class IndexCursor final : public RowCursor {
 public:
  IndexCursor(std::shared_ptr<TableFamily> family, std::uint32_t table, std::uint32_t index,
              const KeyRange& range, bool backward)
      : family_(std::move(family)), table_(table), backward_(backward) {
    snapshot_ = family_->db().GetSnapshot();
    prefix_bytes_ = index_prefix(table, index).size();
    auto [lower, upper] = bounds(index_prefix(table, index), range, true);
    it_.emplace(*family_, std::move(lower), std::move(upper), snapshot_);
  }
  ~IndexCursor() override {
    it_.reset();
    family_->db().ReleaseSnapshot(snapshot_);
  }

  bool next() override {
    if (!status_.ok() || !(*it_).step(backward_)) return false;
    if (!(*it_)->Valid()) {
      status_ = to_status((*it_)->status(), "scan an index");
      return false;
    }
    status_ = load();
    return status_.ok();
  }
  BytesView key() const override { return key_; }
  BytesView row() const override { return view(row_).substr(kPositionBytes); }
  Position position() const override { return {read_be64(view(row_))}; }
  Status status() const override { return status_; }

 private:
  Status load() {
    key_ = view((*it_)->key()).substr(prefix_bytes_);
    if (!take_escaped(&key_, &column_)) return corrupt("an index entry", "key");
    rocksdb::ReadOptions options;
    options.snapshot = snapshot_;
    row_.Reset();
    const auto got = family_->db().Get(options, family_->handle, head_key(table_, key_), &row_);
    if (got.IsNotFound()) return corrupt("an index entry", "it names a row that is not there");
    OPS_TRY(to_status(got, "read an indexed row"));
    if (row_.size() < kPositionBytes) return corrupt("a head row", "too short");
    return {};
  }

  std::shared_ptr<TableFamily> family_;
  const rocksdb::Snapshot* snapshot_ = nullptr;
  mutable std::optional<BoundedIterator> it_;
  std::uint32_t table_;
  std::size_t prefix_bytes_ = 0;
  bool backward_;
  BytesView key_;
  std::string column_;
  rocksdb::PinnableSlice row_;
  Status status_;
};

}  // namespace

Result<RowVersion> version_of_run(const rocksdb::Slice& key, const rocksdb::Slice& value,
                                  Position as_of) {
  RunReader run(view(key), view(value));
  RowVersion version;
  BytesView row;
  bool found = false;
  while (run.next() && run.position() <= as_of) {
    found = true;
    version.position = run.position();
    version.erased = run.erased();
    row = run.row();
  }
  if (run.damaged() || !found) return corrupt("a row's versions", "bytes");
  version.row.assign(row);
  return version;
}

std::unique_ptr<RowCursor> make_head_cursor(std::shared_ptr<TableFamily> family,
                                            std::uint32_t table, const KeyRange& range,
                                            bool backward) {
  return std::make_unique<HeadCursor>(std::move(family), table, range, backward);
}

std::unique_ptr<RowCursor> make_as_of_cursor(std::shared_ptr<TableFamily> family,
                                             std::uint32_t table, const KeyRange& range,
                                             Position as_of, bool backward) {
  return std::make_unique<AsOfCursor>(std::move(family), table, range, as_of, backward);
}

std::unique_ptr<RowCursor> make_index_cursor(std::shared_ptr<TableFamily> family,
                                             std::uint32_t table, std::uint32_t index,
                                             const KeyRange& range, bool backward) {
  return std::make_unique<IndexCursor>(std::move(family), table, index, range, backward);
}

}  // namespace opsledger::rocks
