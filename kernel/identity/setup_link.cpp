#include "kernel/identity/setup_link.hpp"

#include "kernel/keystore/password_hash.hpp"
#include "storage/core/random_bytes.hpp"
#include "storage/core/sha256.hpp"

namespace opsledger {

namespace {

constexpr std::size_t kTokenBytes = 32;

}  // namespace

std::string SetupLink::issue() {
  const std::string token = hex(random_bytes(kTokenBytes));
  const std::lock_guard lock(mutex_);
  hash_ = sha256(token);
  expires_at_ = {clock_.now().us + lifetime_us_};
  return token;
}

Result<SetupLink::Use> SetupLink::begin(const std::string& token) {
  std::unique_lock lock(mutex_);
  const bool valid = hash_ && clock_.now() < expires_at_ &&
                     equal_in_constant_time(sha256(token).view(), hash_->view());
  if (!valid) {
    return Error{Code::kUnauthenticated, "access.setup_refused",
                 "this set-up link was used, has expired or is not the one; restart the server for "
                 "a new one, or use `opsledger user create` on its host"};
  }
  return Use(this, std::move(lock));
}

}  // namespace opsledger
