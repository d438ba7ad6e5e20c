#include "storage/rocksdb/bulk_postings.hpp"

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <queue>

#include "storage/base/varint.hpp"

namespace opsledger::rocks {

namespace {

constexpr std::size_t kSlotsMin = 1u << 10;
constexpr std::size_t kBufferBytes = 256u << 10;
constexpr std::size_t kListHeadBytesMax = 8 + kVarintBytesMax;

Error io_error(const char* what, const std::filesystem::path& path) {
  return {Code::kIo, "storage.io",
          std::string("could not ") + what + " " + path.string() + ": " + std::strerror(errno) +
              "; check the disk and its free space, then load again"};
}

struct CloseFile {
  void operator()(std::FILE* file) const { std::fclose(file); }
};
using File = std::unique_ptr<std::FILE, CloseFile>;

/// A run: per list u64 hash, varint count, then the positions as varint gaps, the first from 0.
class RunWriter {
 public:
  static Result<RunWriter> create(const std::filesystem::path& path) {
    File file(std::fopen(path.c_str(), "wbe"));
    if (!file) return io_error("create", path);
    return RunWriter(path, std::move(file));
  }
  void add(std::uint64_t hash, Position base, std::span<const std::uint32_t> offsets) {
    put_u64_le(&buffer_, hash);
    put_varint(&buffer_, offsets.size());
    std::uint64_t before = 0;
    for (const std::uint32_t offset : offsets) {
      put_varint(&buffer_, base.value + offset - before);
      before = base.value + offset;
    }
    if (buffer_.size() >= kBufferBytes) flush();
  }
  Status finish() {
    flush();
    if (std::fflush(file_.get()) != 0 || failed_) return io_error("write", path_);
    return {};
  }

 private:
  RunWriter(std::filesystem::path path, File file)
      : path_(std::move(path)), file_(std::move(file)) {}
  void flush() {
    failed_ |= std::fwrite(buffer_.data(), 1, buffer_.size(), file_.get()) != buffer_.size();
    buffer_.clear();
  }
  std::filesystem::path path_;
  File file_;
  Bytes buffer_;
  bool failed_ = false;
};

class RunReader {
 public:
  static Result<std::unique_ptr<RunReader>> open(const std::filesystem::path& path) {
    File file(std::fopen(path.c_str(), "rbe"));
    if (!file) return io_error("open", path);
    return std::unique_ptr<RunReader>(new RunReader(path, std::move(file)));
  }

  /// To the next list; false at the end.
  Result<bool> next_list() {
    if (reader_.left() < kListHeadBytesMax) OPS_TRY(refill());
    if (reader_.empty()) return false;
    position_ = {};
    if (reader_.u64_le(&hash_) && reader_.varint(&left_)) return true;
    return io_error("read", path_);
  }
  std::uint64_t hash() const { return hash_; }

  /// Appends the list's next positions to `out`, at most `max`; none at its end.
  Status read(std::size_t max, std::vector<Position>* out) {
    for (; max > 0 && left_ > 0; --max, --left_) {
      if (reader_.left() < kVarintBytesMax) OPS_TRY(refill());
      std::uint64_t gap = 0;
      if (!reader_.varint(&gap)) return io_error("read", path_);
      position_.value += gap;
      out->push_back(position_);
    }
    return {};
  }

 private:
  RunReader(std::filesystem::path path, File file)
      : path_(std::move(path)), file_(std::move(file)), reader_(BytesView()) {}

  Status refill() {
    if (ended_) return {};
    Bytes rest(reader_.rest());
    const std::size_t kept = rest.size();
    rest.resize(kept + kBufferBytes);
    const std::size_t got = std::fread(rest.data() + kept, 1, kBufferBytes, file_.get());
    if (std::ferror(file_.get()) != 0) return io_error("read", path_);
    ended_ = got < kBufferBytes;
    rest.resize(kept + got);
    buffer_ = std::move(rest);
    reader_ = ByteReader(buffer_);
    return {};
  }

  std::filesystem::path path_;
  File file_;
  Bytes buffer_;
  ByteReader reader_;
  bool ended_ = false;
  std::uint64_t hash_ = 0, left_ = 0;
  Position position_{};
};

/// Cuts the lists into chunks. Runs cover the log one after the other, so a list's parts follow
/// each other in the order of the runs.
class RunMerge {
 public:
  RunMerge(std::size_t chunk_max, const PostingSorter::UseChunk& use)
      : chunk_max_(chunk_max), use_(use) {}

  Status add_run(const std::filesystem::path& path) {
    OPS_TRY_ASSIGN(auto run, RunReader::open(path));
    runs_.push_back(std::move(run));
    return advance(runs_.size() - 1);
  }

  Status run() {
    while (!next_.empty()) {
      const auto [hash, run] = next_.top();
      next_.pop();
      if (hash != hash_) OPS_TRY(flush());
      hash_ = hash;
      for (;;) {
        const std::size_t before = chunk_.size();
        OPS_TRY(runs_[run]->read(chunk_max_ - before, &chunk_));
        if (chunk_.size() < chunk_max_) break;
        OPS_TRY(flush());
      }
      OPS_TRY(advance(run));
    }
    return flush();
  }

 private:
  Status advance(std::size_t run) {
    OPS_TRY_ASSIGN(const bool more, runs_[run]->next_list());
    if (more) next_.emplace(runs_[run]->hash(), run);
    return {};
  }
  Status flush() {
    if (chunk_.empty()) return {};
    const Status used = use_(hash_, chunk_);
    chunk_.clear();
    return used;
  }

  using Next = std::pair<std::uint64_t, std::size_t>;  // hash, run
  const std::size_t chunk_max_;
  const PostingSorter::UseChunk& use_;
  std::vector<std::unique_ptr<RunReader>> runs_;
  std::priority_queue<Next, std::vector<Next>, std::greater<>> next_;
  std::uint64_t hash_ = 0;
  std::vector<Position> chunk_;
};

}  // namespace

/// The slot of `hash`: its list's, or the free one where it belongs.
std::uint32_t& PostingGroups::slot(std::uint64_t hash) {
  std::size_t at = hash & (slots_.size() - 1);
  while (slots_[at] != 0 && lists_[slots_[at] - 1].hash != hash)
    at = (at + 1) & (slots_.size() - 1);
  return slots_[at];
}

void PostingGroups::grow() {
  slots_.assign(std::max(kSlotsMin, slots_.size() * 2), 0);
  for (std::uint32_t list = 0; list < lists_.size(); ++list) slot(lists_[list].hash) = list + 1;
}

std::uint32_t PostingGroups::list_of(std::uint64_t hash) {
  if (lists_.size() * 2 >= slots_.size()) grow();
  std::uint32_t& found = slot(hash);
  if (found == 0) {
    lists_.push_back({hash, 0, 0});
    found = static_cast<std::uint32_t>(lists_.size());
  }
  return found - 1;
}

void PostingGroups::add(std::uint64_t hash, std::uint32_t offset) {
  const std::uint32_t number = list_of(hash);
  List& list = lists_[number];
  if (list.count > 0 && list.last == offset) return;
  ++list.count;
  list.last = offset;
  entries_.push_back({number, offset});
}

void PostingGroups::drain(const Use& use) {
  std::vector<std::uint32_t> order(lists_.size()), next(lists_.size());
  for (std::uint32_t list = 0; list < order.size(); ++list) order[list] = list;
  std::sort(order.begin(), order.end(),
            [&](std::uint32_t a, std::uint32_t b) { return lists_[a].hash < lists_[b].hash; });
  std::uint32_t begin = 0;
  for (const std::uint32_t list : order) {
    next[list] = begin;
    begin += lists_[list].count;
  }
  std::vector<std::uint32_t> offsets(entries_.size());
  for (const Entry& entry : entries_) offsets[next[entry.list]++] = entry.offset;
  for (const std::uint32_t list : order) {
    const std::uint32_t count = lists_[list].count;
    use(lists_[list].hash, std::span(offsets).subspan(next[list] - count, count));
  }
  entries_.clear();
  lists_.clear();
  slots_.clear();
}

std::filesystem::path PostingSorter::run_path(std::size_t run) const {
  return path_.string() + "-" + std::to_string(run) + ".run";
}

/// A run ends between two events, so that a list never has one position twice.
Status PostingSorter::add(std::uint64_t hash, Position position) {
  const bool full = groups_.size() >= postings_max_ || position.value - base_.value > UINT32_MAX;
  if (full && position > last_) OPS_TRY(spill());
  if (groups_.size() == 0) base_ = position;
  last_ = position;
  groups_.add(hash, static_cast<std::uint32_t>(position.value - base_.value));
  return {};
}

Status PostingSorter::spill() {
  if (groups_.size() == 0) return {};
  OPS_TRY_ASSIGN(auto run, RunWriter::create(run_path(runs_)));
  groups_.drain([&](std::uint64_t hash, std::span<const std::uint32_t> offsets) {
    run.add(hash, base_, offsets);
  });
  ++runs_;
  return run.finish();
}

Status PostingSorter::merge(std::size_t chunk_max, const UseChunk& use) {
  OPS_TRY(spill());
  RunMerge merge(chunk_max, use);
  for (std::size_t run = 0; run < runs_; ++run) OPS_TRY(merge.add_run(run_path(run)));
  return merge.run();
}

}  // namespace opsledger::rocks
