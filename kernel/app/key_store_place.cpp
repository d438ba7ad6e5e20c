#include "kernel/app/key_store_place.hpp"

#include <filesystem>

#include "storage/rocksdb/rocks_record_store.hpp"

namespace opsledger {

Result<std::unique_ptr<KeyStore>> open_key_store(const Config& config) {
  const std::filesystem::path data = config.data_directory;
  const auto directory = data / "keystore";
  const auto file = config.master_key_file.empty() ? data / "keystore.key"
                                                   : std::filesystem::path(config.master_key_file);
  std::error_code ignored;
  const bool fresh = !std::filesystem::exists(directory / "CURRENT", ignored);
  OPS_TRY_ASSIGN(const auto key, load_master_key(file, fresh));
  OPS_TRY_ASSIGN(auto records, open_record_store({.directory = directory}));
  std::filesystem::permissions(directory, std::filesystem::perms::owner_all, ignored);
  return KeyStore::open(std::move(records), key, directory.string());
}

}  // namespace opsledger
