// The one key that opens the key store. It never enters the store, the ledger or a log.
#pragma once

#include <array>
#include <filesystem>

#include "storage/base/result.hpp"

namespace opsledger {

/// 32 random bytes, wiped when destroyed. Movable only.
class MasterKey {
 public:
  static constexpr std::size_t kBytes = 32;
  explicit MasterKey(const std::array<unsigned char, kBytes>& bytes);
  ~MasterKey();
  MasterKey(MasterKey&& other) noexcept;
  MasterKey& operator=(MasterKey&&) = delete;
  const std::array<unsigned char, kBytes>& bytes() const { return bytes_; }

 private:
  std::array<unsigned char, kBytes> bytes_;
};

/// Reads the key: 64 hexadecimal digits. Where the file is missing and `create`, makes it, durably,
/// with mode 0600. Errors: kNotFound `keystore.key_missing`; kInvalid `keystore.key_exposed`
/// (others than the owner may read it), `keystore.key_malformed`; kIo `keystore.io`. No error text
/// holds any of the key.
Result<MasterKey> load_master_key(const std::filesystem::path& file, bool create);

}  // namespace opsledger
