#include "tests/faults/simulated_disk.hpp"

#include <rocksdb/system_clock.h>

#include <algorithm>
#include <cstring>
#include <fstream>

#include "tests/faults/simulated_files.hpp"

namespace opsledger::testing_support {

namespace {

using rocksdb::IOStatus;
using rocksdb::Slice;

constexpr std::size_t kSectorBytes = 512;

std::string parent_of(const std::string& name) {
  return std::filesystem::path(name).parent_path().string();
}

/// "/a//b/" and "/a/b" are one name.
std::string plain(const std::string& name) {
  std::string path = std::filesystem::path(name).lexically_normal().string();
  if (path.size() > 1 && path.ends_with('/')) path.pop_back();
  return path;
}

IOStatus absent(const std::string& name) {
  return IOStatus::PathNotFound("simulated disk: no " + name);
}

IOStatus status_of(DiskError error) {
  switch (error) {
    case DiskError::kNoSpace:
    case DiskError::kShortWrite: {
      auto status = IOStatus::NoSpace("injected: No space left on device");
      status.SetRetryable(true);  // as the real file system says
      return status;
    }
    case DiskError::kTooManyOpenFiles:
      return IOStatus::IOError("injected: Too many open files");
    case DiskError::kIo:
      break;
  }
  return IOStatus::IOError("injected: Input/output error");
}

bool changes_disk(DiskOperation operation) {
  return operation != DiskOperation::kOpen && operation != DiskOperation::kRead &&
         operation != DiskOperation::kLook;
}

class Lock final : public rocksdb::FileLock {
 public:
  explicit Lock(std::string locked) : name(std::move(locked)) {}
  const std::string name;
};

class HastyClock final : public rocksdb::SystemClockWrapper {
 public:
  HastyClock() : SystemClockWrapper(SystemClock::Default()) {}
  const char* Name() const override { return "HastyClock"; }
  void SleepForMicroseconds(int us) override {
    SystemClockWrapper::SleepForMicroseconds(std::min(us, 1'000));
  }
};

class HastyEnv final : public rocksdb::EnvWrapper {
 public:
  explicit HastyEnv(std::unique_ptr<Env> env) : EnvWrapper(std::move(env)) {
    system_clock_ = std::make_shared<HastyClock>();
  }
};

/// RocksDB's info log: nobody reads it here.
class SilentLogger final : public rocksdb::Logger {
 public:
  using Logger::Logv;
  void Logv(const char*, va_list) override {}
};

}  // namespace

std::string DiskFile::durable() const {
  std::string bytes = data.substr(0, synced);
  for (auto write = replaced.rbegin(); write != replaced.rend(); ++write) {
    bytes.replace(write->offset, write->bytes.size(), write->bytes);
  }
  return bytes;
}

void SimulatedDisk::arm(const DiskFault& fault) {
  std::lock_guard lock(mutex_);
  counts_ = {};
  fault_ = fault;
  fired_ = false;
}
void SimulatedDisk::disarm() {
  std::lock_guard lock(mutex_);
  fault_.reset();
}
bool SimulatedDisk::fired() const {
  std::lock_guard lock(mutex_);
  return fired_;
}
std::array<std::uint64_t, kDiskOperationNames.size()> SimulatedDisk::counts() const {
  std::lock_guard lock(mutex_);
  return counts_;
}
void SimulatedDisk::cut_power_after(std::uint64_t changes) {
  std::lock_guard lock(mutex_);
  changes_left_ = changes;
}
void SimulatedDisk::cut_power() {
  std::lock_guard lock(mutex_);
  dark_ = true;
}
bool SimulatedDisk::dark() const {
  std::lock_guard lock(mutex_);
  return dark_;
}

IOStatus SimulatedDisk::gate(DiskOperation operation) {
  if (dark_) return IOStatus::IOError("the power is gone");
  const std::uint64_t count = ++counts_[static_cast<std::size_t>(operation)];
  if (changes_left_ && changes_disk(operation) && (*changes_left_)-- == 0) {
    changes_left_.reset();
    dark_ = true;
    return IOStatus::IOError("the power goes");
  }
  if (!fault_ || fault_->operation != operation) return IOStatus::OK();
  if (count != fault_->nth && !(fault_->stays && count > fault_->nth)) return IOStatus::OK();
  fired_ = true;
  return status_of(fault_->error);
}

IOStatus SimulatedDisk::find(DiskOperation operation, const std::string& name, FilePtr* file) {
  if (const auto status = gate(operation); !status.ok()) return status;
  const auto found = now_.files.find(plain(name));
  if (found == now_.files.end()) return absent(name);
  *file = found->second;
  return IOStatus::OK();
}

IOStatus SimulatedDisk::NewSequentialFile(const std::string& name, const rocksdb::FileOptions&,
                                          std::unique_ptr<rocksdb::FSSequentialFile>* file,
                                          Debug*) {
  std::lock_guard lock(mutex_);
  FilePtr found;
  const auto status = find(DiskOperation::kOpen, name, &found);
  if (status.ok()) *file = std::make_unique<SequentialFile>(*this, found);
  return status;
}

IOStatus SimulatedDisk::NewRandomAccessFile(const std::string& name, const rocksdb::FileOptions&,
                                            std::unique_ptr<rocksdb::FSRandomAccessFile>* file,
                                            Debug*) {
  std::lock_guard lock(mutex_);
  FilePtr found;
  const auto status = find(DiskOperation::kOpen, name, &found);
  if (status.ok()) *file = std::make_unique<RandomAccessFile>(*this, found);
  return status;
}

IOStatus SimulatedDisk::NewWritableFile(const std::string& name, const rocksdb::FileOptions&,
                                        std::unique_ptr<rocksdb::FSWritableFile>* file, Debug*) {
  std::lock_guard lock(mutex_);
  if (const auto status = gate(DiskOperation::kCreate); !status.ok()) return status;
  if (!now_.directories.contains(parent_of(plain(name)))) return absent(parent_of(name));
  const auto made = std::make_shared<DiskFile>();
  change(plain(name), made);
  *file = std::make_unique<WritableFile>(*this, made);
  return IOStatus::OK();
}

IOStatus SimulatedDisk::ReopenWritableFile(const std::string& name, const rocksdb::FileOptions&,
                                           std::unique_ptr<rocksdb::FSWritableFile>* file, Debug*) {
  std::lock_guard lock(mutex_);
  if (const auto status = gate(DiskOperation::kCreate); !status.ok()) return status;
  if (!now_.directories.contains(parent_of(plain(name)))) return absent(parent_of(name));
  if (!now_.files.contains(plain(name))) change(plain(name), std::make_shared<DiskFile>());
  *file = std::make_unique<WritableFile>(*this, now_.files[plain(name)]);
  return IOStatus::OK();
}

IOStatus SimulatedDisk::NewRandomRWFile(const std::string& name, const rocksdb::FileOptions&,
                                        std::unique_ptr<rocksdb::FSRandomRWFile>* file, Debug*) {
  std::lock_guard lock(mutex_);
  FilePtr found;
  const auto status = find(DiskOperation::kOpen, name, &found);
  if (!status.ok()) return status;
  *file = std::make_unique<InPlaceFile>(*this, found);
  return status;
}

IOStatus SimulatedDisk::NewDirectory(const std::string& name, const Options&,
                                     std::unique_ptr<rocksdb::FSDirectory>* directory, Debug*) {
  std::lock_guard lock(mutex_);
  if (const auto status = gate(DiskOperation::kOpen); !status.ok()) return status;
  if (!now_.directories.contains(plain(name)) && is_new(name)) return absent(name);
  *directory = std::make_unique<Directory>(*this, plain(name));
  return IOStatus::OK();
}

/// Directories that were there before the disk was made are none of its business.
bool SimulatedDisk::is_new(const std::string& name) const {
  return !std::filesystem::is_directory(name);
}

IOStatus SimulatedDisk::FileExists(const std::string& name, const Options&, Debug*) {
  std::lock_guard lock(mutex_);
  if (const auto status = gate(DiskOperation::kLook); !status.ok()) return status;
  const auto path = plain(name);
  const bool known = now_.files.contains(path) || now_.directories.contains(path);
  return known ? IOStatus::OK() : IOStatus::NotFound(name);
}

IOStatus SimulatedDisk::GetChildren(const std::string& name, const Options&,
                                    std::vector<std::string>* names, Debug*) {
  std::lock_guard lock(mutex_);
  names->clear();
  if (const auto status = gate(DiskOperation::kLook); !status.ok()) return status;
  const auto directory = plain(name);
  if (!now_.directories.contains(directory)) return IOStatus::NotFound(name);
  const auto add = [&](const std::string& path) {
    if (parent_of(path) == directory) names->push_back(path.substr(directory.size() + 1));
  };
  for (const auto& [path, file] : now_.files) add(path);
  for (const auto& path : now_.directories) add(path);
  return IOStatus::OK();
}

IOStatus SimulatedDisk::DeleteFile(const std::string& name, const Options&, Debug*) {
  std::lock_guard lock(mutex_);
  FilePtr found;
  const auto status = find(DiskOperation::kUnlink, name, &found);
  if (status.ok()) change(plain(name), nullptr);
  return status;
}

IOStatus SimulatedDisk::Truncate(const std::string& name, size_t size, const Options&, Debug*) {
  FilePtr found;
  {
    std::lock_guard lock(mutex_);
    const auto status = find(DiskOperation::kLook, name, &found);
    if (!status.ok()) return status;
  }
  return resize(*found, size);
}

IOStatus SimulatedDisk::CreateDir(const std::string& name, const Options& options, Debug* debug) {
  {
    std::lock_guard lock(mutex_);
    if (now_.directories.contains(plain(name))) return IOStatus::IOError("exists: " + name);
  }
  return CreateDirIfMissing(name, options, debug);
}

IOStatus SimulatedDisk::CreateDirIfMissing(const std::string& name, const Options&, Debug*) {
  std::lock_guard lock(mutex_);
  if (now_.directories.contains(plain(name))) return IOStatus::OK();
  if (const auto status = gate(DiskOperation::kMakeDirectory); !status.ok()) return status;
  change_directory(plain(name), true);
  std::filesystem::create_directories(name);
  return IOStatus::OK();
}

IOStatus SimulatedDisk::DeleteDir(const std::string& name, const Options&, Debug*) {
  std::lock_guard lock(mutex_);
  if (const auto status = gate(DiskOperation::kUnlink); !status.ok()) return status;
  if (!now_.directories.contains(plain(name))) return absent(name);
  change_directory(plain(name), false);
  return IOStatus::OK();
}

IOStatus SimulatedDisk::GetFileSize(const std::string& name, const Options&, uint64_t* size,
                                    Debug*) {
  std::lock_guard lock(mutex_);
  FilePtr found;
  const auto status = find(DiskOperation::kLook, name, &found);
  if (status.ok()) *size = found->data.size();
  return status;
}

IOStatus SimulatedDisk::GetFileModificationTime(const std::string&, const Options&, uint64_t* time,
                                                Debug*) {
  *time = 0;
  return IOStatus::OK();
}

IOStatus SimulatedDisk::RenameFile(const std::string& from, const std::string& to, const Options&,
                                   Debug*) {
  std::lock_guard lock(mutex_);
  if (const auto status = gate(DiskOperation::kRename); !status.ok()) return status;
  const auto found = now_.files.find(plain(from));
  if (found == now_.files.end()) return absent(from);
  const FilePtr file = found->second;
  change(plain(to), file);
  change(plain(from), nullptr);
  return IOStatus::OK();
}

IOStatus SimulatedDisk::LinkFile(const std::string& from, const std::string& to, const Options&,
                                 Debug*) {
  std::lock_guard lock(mutex_);
  FilePtr found;
  const auto status = find(DiskOperation::kLink, from, &found);
  if (status.ok()) change(plain(to), found);
  return status;
}

IOStatus SimulatedDisk::AreFilesSame(const std::string& a, const std::string& b, const Options&,
                                     bool* same, Debug*) {
  *same = plain(a) == plain(b);
  return IOStatus::OK();
}

IOStatus SimulatedDisk::LockFile(const std::string& name, const Options&, rocksdb::FileLock** lock,
                                 Debug*) {
  std::lock_guard guard(mutex_);
  *lock = nullptr;
  if (const auto status = gate(DiskOperation::kOpen); !status.ok()) return status;
  if (!locks_.insert(plain(name)).second) return IOStatus::IOError("lock held: " + name);
  *lock = std::make_unique<Lock>(plain(name)).release();
  return IOStatus::OK();
}

IOStatus SimulatedDisk::UnlockFile(rocksdb::FileLock* lock, const Options&, Debug*) {
  std::lock_guard guard(mutex_);
  const std::unique_ptr<Lock> held(static_cast<Lock*>(lock));
  locks_.erase(held->name);
  return IOStatus::OK();
}

IOStatus SimulatedDisk::GetTestDirectory(const Options&, std::string*, Debug*) {
  return IOStatus::NotSupported("test directory");
}
IOStatus SimulatedDisk::NewLogger(const std::string&, const Options&,
                                  std::shared_ptr<rocksdb::Logger>* logger, Debug*) {
  *logger = std::make_shared<SilentLogger>();
  return IOStatus::OK();
}
IOStatus SimulatedDisk::GetAbsolutePath(const std::string& name, const Options&, std::string* path,
                                        Debug*) {
  *path = name;
  return IOStatus::OK();
}
IOStatus SimulatedDisk::IsDirectory(const std::string& name, const Options&, bool* is, Debug*) {
  std::lock_guard lock(mutex_);
  *is = now_.directories.contains(plain(name));
  return IOStatus::OK();
}

IOStatus SimulatedDisk::read(const DiskFile& file, std::uint64_t offset, std::size_t bytes,
                             Slice* result, char* scratch) {
  std::lock_guard lock(mutex_);
  *result = Slice();
  if (const auto status = gate(DiskOperation::kRead); !status.ok()) return status;
  if (offset >= file.data.size()) return IOStatus::OK();
  const std::size_t got = std::min<std::size_t>(bytes, file.data.size() - offset);
  std::memcpy(scratch, file.data.data() + offset, got);
  *result = Slice(scratch, got);
  return IOStatus::OK();
}

/// How much of `bytes` a write keeps that ended so.
std::size_t SimulatedDisk::taken(const IOStatus& status, std::size_t bytes) const {
  if (status.ok()) return bytes;
  const bool partly = fired_ && fault_ && fault_->error == DiskError::kShortWrite;
  return partly ? bytes / 2 : 0;
}

IOStatus SimulatedDisk::append(DiskFile& file, const Slice& bytes) {
  std::lock_guard lock(mutex_);
  const auto status = gate(DiskOperation::kWrite);
  const std::size_t kept = taken(status, bytes.size());
  file.data.append(bytes.data(), kept);
  return status;
}

IOStatus SimulatedDisk::write_at(DiskFile& file, std::uint64_t offset, const Slice& bytes) {
  std::lock_guard lock(mutex_);
  const auto status = gate(DiskOperation::kWrite);
  const std::size_t kept = taken(status, bytes.size());
  if (file.data.size() < offset + kept) file.data.resize(offset + kept, '\0');
  if (offset < file.synced) {
    file.replaced.push_back(
        {offset, file.data.substr(offset, std::min(kept, file.synced - offset))});
  }
  std::memcpy(file.data.data() + offset, bytes.data(), kept);
  return status;
}

IOStatus SimulatedDisk::resize(DiskFile& file, std::uint64_t size) {
  std::lock_guard lock(mutex_);
  if (const auto status = gate(DiskOperation::kWrite); !status.ok()) return status;
  file.data.resize(size, '\0');
  file.synced = std::min<std::size_t>(file.synced, size);
  return IOStatus::OK();
}

IOStatus SimulatedDisk::sync(DiskFile& file) {
  std::lock_guard lock(mutex_);
  const bool dark_before = dark_;
  const auto status = gate(DiskOperation::kSync);
  // A cut while syncing: the disk may have been done, nobody was told.
  const bool done = status.ok() || (dark_ && !dark_before && random_() % 2 == 0);
  if (!done && !dark_) file.broken = true;
  if (!done || file.broken) return status;
  file.replaced.clear();
  file.synced = file.data.size();
  return status;
}

IOStatus SimulatedDisk::sync_directory(const std::string& directory) {
  std::lock_guard lock(mutex_);
  if (const auto status = gate(DiskOperation::kSyncDirectory); !status.ok()) return status;
  std::erase_if(pending_, [&](const Change& change) {
    if (parent_of(change.path) != directory) return false;
    apply(change, &durable_);
    return true;
  });
  return IOStatus::OK();
}

void SimulatedDisk::apply(const Change& change, Names* names) {
  if (change.is_directory && change.there) names->directories.insert(change.path);
  if (change.is_directory && !change.there) names->directories.erase(change.path);
  if (change.is_directory) return;
  if (change.file) names->files[change.path] = change.file;
  if (!change.file) names->files.erase(change.path);
}

void SimulatedDisk::change(const std::string& name, FilePtr file) {
  pending_.push_back({name, std::move(file), false, false});
  apply(pending_.back(), &now_);
}

void SimulatedDisk::change_directory(const std::string& name, bool there) {
  pending_.push_back({name, nullptr, true, there});
  apply(pending_.back(), &now_);
}

std::uint64_t SimulatedDisk::size_of(const DiskFile& file) const {
  std::lock_guard lock(mutex_);
  return file.data.size();
}

/// Of the names that changed since their directory was synced: none, all, or the first few. What is
/// in a lost directory is lost.
void SimulatedDisk::lose_names() {
  const std::uint64_t mood = random_() % 3;
  std::size_t kept = mood == 0 ? 0 : pending_.size();
  if (mood == 2) kept = random_() % (pending_.size() + 1);
  for (std::size_t i = 0; i < kept; ++i) apply(pending_[i], &durable_);
  pending_.clear();
  std::erase_if(durable_.files, [&](const auto& entry) {
    return !durable_.directories.contains(parent_of(entry.first));
  });
  now_ = durable_;
}

/// Sector by sector: as it was, as it became, zero, or something else entirely.
std::string SimulatedDisk::torn(const std::string& durable, const std::string& written,
                                bool sectors) {
  std::string result = durable;
  if (!sectors || random_() % 2 == 0) {  // the tail ends somewhere
    if (written.size() > durable.size()) {
      result += written.substr(durable.size(), random_() % (written.size() - durable.size() + 1));
    }
    return result;
  }
  result.resize(std::max(durable.size(), written.size()), '\0');
  for (std::size_t at = 0; at < written.size();) {
    const std::size_t end = std::min((at / kSectorBytes + 1) * kSectorBytes, written.size());
    const bool changed =
        end > durable.size() || written.compare(at, end - at, durable, at, end - at) != 0;
    const std::uint64_t fate = changed ? random_() % 4 : 0;
    if (fate == 1) result.replace(at, end - at, written, at, end - at);
    if (fate >= 2) {
      const std::size_t from = at < durable.size() && end > durable.size() ? durable.size() : at;
      for (std::size_t i = from; i < end; ++i)
        result[i] = fate == 2 ? '\0' : static_cast<char>(random_());
    }
    at = end;
  }
  return result;
}

void SimulatedDisk::lose_bytes(const std::string& name, DiskFile& file, PowerLoss loss) {
  const std::string durable = file.durable();
  file.data = loss == PowerLoss::kUnsynced
                  ? durable
                  : torn(durable, file.data, name.find("MANIFEST-") == std::string::npos);
  file.synced = file.data.size();
  file.replaced.clear();
  file.broken = false;
}

void SimulatedDisk::restore_power(PowerLoss loss) {
  std::lock_guard lock(mutex_);
  lose_names();
  std::set<DiskFile*> done;  // hard links
  for (auto& [path, file] : now_.files) {
    if (done.insert(file.get()).second) lose_bytes(path, *file, loss);
  }
  durable_ = now_;
  locks_.clear();
  fault_.reset();
  changes_left_.reset();
  dark_ = false;
}

void SimulatedDisk::export_to(const std::string& from, const std::filesystem::path& to) const {
  std::lock_guard lock(mutex_);
  const std::string root = plain(from);
  for (const auto& directory : now_.directories) {
    if (!directory.starts_with(root)) continue;
    std::filesystem::create_directories(to.string() + directory.substr(root.size()));
  }
  for (const auto& [path, file] : now_.files) {
    if (!path.starts_with(root + "/")) continue;
    std::ofstream out(to.string() + path.substr(root.size()), std::ios::binary);
    out << file->data;
  }
}

std::unique_ptr<rocksdb::Env> env_of(const std::shared_ptr<SimulatedDisk>& disk) {
  return std::make_unique<HastyEnv>(rocksdb::NewCompositeEnv(disk));
}

}  // namespace opsledger::testing_support
