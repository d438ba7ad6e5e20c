// The open files of a simulated disk: each hands everything on to the disk.
#pragma once

#include <rocksdb/file_system.h>

#include <memory>
#include <string>
#include <utility>

#include "tests/faults/simulated_disk.hpp"

namespace opsledger::testing_support {

class SequentialFile final : public rocksdb::FSSequentialFile {
 public:
  SequentialFile(SimulatedDisk& disk, std::shared_ptr<DiskFile> file)
      : disk_(disk), file_(std::move(file)) {}
  rocksdb::IOStatus Read(size_t bytes, const rocksdb::IOOptions&, rocksdb::Slice* result,
                         char* scratch, rocksdb::IODebugContext*) override {
    const auto status = disk_.read(*file_, at_, bytes, result, scratch);
    if (status.ok()) at_ += result->size();
    return status;
  }
  rocksdb::IOStatus Skip(uint64_t bytes) override {
    at_ += bytes;
    return rocksdb::IOStatus::OK();
  }

 private:
  SimulatedDisk& disk_;
  std::shared_ptr<DiskFile> file_;
  std::uint64_t at_ = 0;
};

class RandomAccessFile final : public rocksdb::FSRandomAccessFile {
 public:
  RandomAccessFile(SimulatedDisk& disk, std::shared_ptr<DiskFile> file)
      : disk_(disk), file_(std::move(file)) {}
  rocksdb::IOStatus Read(uint64_t offset, size_t bytes, const rocksdb::IOOptions&,
                         rocksdb::Slice* result, char* scratch,
                         rocksdb::IODebugContext*) const override {
    return disk_.read(*file_, offset, bytes, result, scratch);
  }

 private:
  SimulatedDisk& disk_;
  std::shared_ptr<DiskFile> file_;
};

class WritableFile final : public rocksdb::FSWritableFile {
 public:
  WritableFile(SimulatedDisk& disk, std::shared_ptr<DiskFile> file)
      : disk_(disk), file_(std::move(file)) {}
  using FSWritableFile::Append;
  rocksdb::IOStatus Append(const rocksdb::Slice& bytes, const rocksdb::IOOptions&,
                           rocksdb::IODebugContext*) override {
    return disk_.append(*file_, bytes);
  }
  rocksdb::IOStatus Append(const rocksdb::Slice& bytes, const rocksdb::IOOptions&,
                           const rocksdb::DataVerificationInfo&,
                           rocksdb::IODebugContext*) override {
    return disk_.append(*file_, bytes);
  }
  using FSWritableFile::PositionedAppend;
  rocksdb::IOStatus PositionedAppend(const rocksdb::Slice& bytes, uint64_t offset,
                                     const rocksdb::IOOptions&, rocksdb::IODebugContext*) override {
    return disk_.write_at(*file_, offset, bytes);
  }
  rocksdb::IOStatus Truncate(uint64_t size, const rocksdb::IOOptions&,
                             rocksdb::IODebugContext*) override {
    return disk_.resize(*file_, size);
  }
  rocksdb::IOStatus Close(const rocksdb::IOOptions&, rocksdb::IODebugContext*) override {
    return rocksdb::IOStatus::OK();
  }
  rocksdb::IOStatus Flush(const rocksdb::IOOptions&, rocksdb::IODebugContext*) override {
    return rocksdb::IOStatus::OK();
  }
  rocksdb::IOStatus Sync(const rocksdb::IOOptions&, rocksdb::IODebugContext*) override {
    return disk_.sync(*file_);
  }
  bool IsSyncThreadSafe() const override { return true; }
  uint64_t GetFileSize(const rocksdb::IOOptions&, rocksdb::IODebugContext*) override {
    return disk_.size_of(*file_);
  }

 private:
  SimulatedDisk& disk_;
  std::shared_ptr<DiskFile> file_;
};

class InPlaceFile final : public rocksdb::FSRandomRWFile {
 public:
  InPlaceFile(SimulatedDisk& disk, std::shared_ptr<DiskFile> file)
      : disk_(disk), file_(std::move(file)) {}
  rocksdb::IOStatus Write(uint64_t offset, const rocksdb::Slice& bytes, const rocksdb::IOOptions&,
                          rocksdb::IODebugContext*) override {
    return disk_.write_at(*file_, offset, bytes);
  }
  rocksdb::IOStatus Read(uint64_t offset, size_t bytes, const rocksdb::IOOptions&,
                         rocksdb::Slice* result, char* scratch,
                         rocksdb::IODebugContext*) const override {
    return disk_.read(*file_, offset, bytes, result, scratch);
  }
  rocksdb::IOStatus Flush(const rocksdb::IOOptions&, rocksdb::IODebugContext*) override {
    return rocksdb::IOStatus::OK();
  }
  rocksdb::IOStatus Sync(const rocksdb::IOOptions&, rocksdb::IODebugContext*) override {
    return disk_.sync(*file_);
  }
  rocksdb::IOStatus Close(const rocksdb::IOOptions&, rocksdb::IODebugContext*) override {
    return rocksdb::IOStatus::OK();
  }

 private:
  SimulatedDisk& disk_;
  std::shared_ptr<DiskFile> file_;
};

class Directory final : public rocksdb::FSDirectory {
 public:
  Directory(SimulatedDisk& disk, std::string name) : disk_(disk), name_(std::move(name)) {}
  rocksdb::IOStatus Fsync(const rocksdb::IOOptions&, rocksdb::IODebugContext*) override {
    return disk_.sync_directory(name_);
  }

 private:
  SimulatedDisk& disk_;
  std::string name_;
};

}  // namespace opsledger::testing_support
