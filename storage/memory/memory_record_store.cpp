#include "storage/memory/memory_record_store.hpp"

namespace opsledger {

Result<std::optional<Bytes>> MemoryRecordStore::get(BytesView key) const {
  const std::lock_guard lock(mutex_);
  const auto found = records_.find(key);
  return found == records_.end() ? std::optional<Bytes>() : std::optional<Bytes>(found->second);
}

Status MemoryRecordStore::write(std::span<const RecordWrite> writes) {
  const std::lock_guard lock(mutex_);
  for (const RecordWrite& write : writes) {
    if (write.value) {
      records_[write.key] = *write.value;
    } else {
      records_.erase(write.key);
    }
  }
  return {};
}

Status MemoryRecordStore::scan(BytesView prefix, const Visit& visit) const {
  std::map<Bytes, Bytes, std::less<>> copy;
  {
    const std::lock_guard lock(mutex_);
    copy = records_;
  }
  for (auto at = copy.lower_bound(prefix); at != copy.end() && at->first.starts_with(prefix);
       ++at) {
    visit(at->first, at->second);
  }
  return {};
}

Status MemoryRecordStore::erase_for_good(std::span<const Bytes> keys) {
  const std::lock_guard lock(mutex_);
  for (const Bytes& key : keys) records_.erase(key);
  return {};
}

}  // namespace opsledger
