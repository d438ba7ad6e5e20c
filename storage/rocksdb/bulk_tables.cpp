#include "storage/rocksdb/bulk_tables.hpp"

#include "storage/rocksdb/rocks_status.hpp"

namespace opsledger::rocks {

namespace {

constexpr std::uint64_t kBytesPerSync = 1u << 20;  // the disk writes on while we go on

rocksdb::Options table_options(const BulkTarget& target, rocksdb::ColumnFamilyHandle* family) {
  rocksdb::Options options = target.db.db().GetOptions(family);
  options.bytes_per_sync = kBytesPerSync;
  return options;
}

}  // namespace

BulkTables::BulkTables(const BulkTarget& target, Family family, std::string name)
    : target_(target),
      family_(target.db.family(family)),
      name_(std::move(name)),
      options_(table_options(target, family_)) {}

Status BulkTables::open_next() {
  const auto path = target_.directory / (name_ + "-" + std::to_string(tables_.size()) + ".sst");
  writer_ =
      std::make_unique<rocksdb::SstFileWriter>(rocksdb::EnvOptions(options_), options_, family_);
  return to_status(writer_->Open(path.string()), "create a sorted table");
}

Status BulkTables::put(BytesView key, BytesView value) {
  if (writer_ && writer_->FileSize() >= target_.table_bytes_max) OPS_TRY(finish());
  if (!writer_) OPS_TRY(open_next());
  return to_status(writer_->Put(slice(key), slice(value)), "write a sorted table");
}

Status BulkTables::finish() {
  if (!writer_) return {};
  const auto writer = std::move(writer_);
  rocksdb::ExternalSstFileInfo info;
  OPS_TRY(to_status(writer->Finish(&info), "finish a sorted table"));
  tables_.push_back(
      {info.file_path, std::move(info.file_checksum), std::move(info.file_checksum_func_name)});
  return {};
}

}  // namespace opsledger::rocks
