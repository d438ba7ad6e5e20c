// Where the key store of a data directory and its master key are.
#pragma once

#include <memory>

#include "kernel/app/configuration.hpp"
#include "kernel/keystore/key_store.hpp"

namespace opsledger {

/// `keystore/` in the data directory, opened by the key in `keystore.master_key_file`, or
/// `keystore.key` beside it. Both are made where there is no key store yet; afterwards a missing
/// key is an error and never replaced. Errors: those of load_master_key, KeyStore::open and the
/// record store.
Result<std::unique_ptr<KeyStore>> open_key_store(const Config& config);

}  // namespace opsledger
