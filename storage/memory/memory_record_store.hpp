// Records in memory, for tests.
#pragma once

#include <map>
#include <mutex>

#include "storage/api/record_store.hpp"

namespace opsledger {

/// A RecordStore that forgets everything when destroyed.
class MemoryRecordStore final : public RecordStore {
 public:
  Result<std::optional<Bytes>> get(BytesView key) const override;
  Status write(std::span<const RecordWrite> writes) override;
  Status scan(BytesView prefix, const Visit& visit) const override;
  Status erase_for_good(std::span<const Bytes> keys) override;

 private:
  mutable std::mutex mutex_;
  std::map<Bytes, Bytes, std::less<>> records_;
};

}  // namespace opsledger
