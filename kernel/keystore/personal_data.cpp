#include "kernel/keystore/personal_data.hpp"

#include <sodium.h>

#include <mutex>
#include <shared_mutex>
#include <string>
#include <unordered_map>

namespace opsledger {
namespace {

constexpr char kClear = '\0', kSealed = '\1', kErased = '\2';  // kernel/schema/personal_tokens.hpp
constexpr std::size_t kKeyBytes = crypto_aead_xchacha20poly1305_ietf_KEYBYTES;
constexpr std::size_t kNonceBytes = crypto_aead_xchacha20poly1305_ietf_NPUBBYTES;
constexpr std::size_t kTagBytes = crypto_aead_xchacha20poly1305_ietf_ABYTES;
constexpr std::string_view kGone = "gone";  ///< in the place of a key: the subject was erased

const unsigned char* bytes(BytesView view) {
  return reinterpret_cast<const unsigned char*>(view.data());
}
unsigned char* bytes(Bytes& text) {
  return reinterpret_cast<unsigned char*>(text.data());
}

void append_text(std::string_view text, Bytes* out) {
  *out += static_cast<char>(text.size() & 0xff);
  *out += static_cast<char>(text.size() >> 8);
  *out += text;
}

/// Takes a text off the front of `from`; nothing when there is none.
std::optional<std::string_view> take_text(BytesView* from) {
  if (from->size() < 2) return {};
  const std::size_t size = static_cast<unsigned char>((*from)[0]) |
                           static_cast<std::size_t>(static_cast<unsigned char>((*from)[1])) << 8;
  if (from->size() < 2 + size) return {};
  const auto text = from->substr(2, size);
  from->remove_prefix(2 + size);
  return text;
}

struct Token {
  std::string_view subject;
  BytesView header, nonce, sealed;
};

std::optional<Token> read_token(BytesView token) {
  if (token.empty() || token[0] != kSealed) return {};
  BytesView rest = token.substr(1);
  const auto subject = take_text(&rest);
  if (!subject || !take_text(&rest) || rest.size() < kNonceBytes + kTagBytes) return {};
  return Token{*subject, token.substr(0, token.size() - rest.size()), rest.substr(0, kNonceBytes),
               rest.substr(kNonceBytes)};
}

Error damaged() {
  return {Code::kCorrupt, "personal.damaged",
          "a sealed personal value does not open with its subject's key: it was changed or the key "
          "store is another one"};
}

}  // namespace

/// Keys by subject; an empty one means that the subject was erased.
struct PersonalData::Cache {
  std::shared_mutex mutex;
  std::unordered_map<std::string, Bytes> keys;
  std::mutex making;  ///< one key at a time is made or destroyed

  std::optional<Bytes> find(std::string_view subject) {
    const std::shared_lock lock(mutex);
    const auto found = keys.find(std::string(subject));
    return found == keys.end() ? std::nullopt : std::optional(found->second);
  }
  void remember(std::string_view subject, Bytes key) {
    const std::unique_lock lock(mutex);
    if (keys.size() >= kPersonalKeysCachedMax) keys.clear();
    keys[std::string(subject)] = std::move(key);
  }
};

PersonalData::PersonalData(KeyStore& keys) : keys_(keys), cache_(std::make_unique<Cache>()) {}
PersonalData::~PersonalData() = default;

std::string_view PersonalData::subject_of(BytesView token) {
  const auto read = read_token(token);
  return read ? read->subject : std::string_view();
}

/// The key; empty when there is none, be it erased or never made.
Result<Bytes> PersonalData::key_of(std::string_view subject) const {
  if (auto known = cache_->find(subject)) return std::move(*known);
  OPS_TRY_ASSIGN(auto stored, keys_.get({kPersonSecret, subject}));
  if (!stored) return Bytes();
  if (*stored == kGone) stored->clear();
  cache_->remember(subject, *stored);
  return std::move(*stored);
}

Result<Bytes> PersonalData::make_key(std::string_view subject) {
  const std::lock_guard lock(cache_->making);
  OPS_TRY_ASSIGN(const auto stored, keys_.get({kPersonSecret, subject}));
  if (stored && *stored == kGone) {
    return Error{Code::kRejected, "personal.erased",
                 std::string(subject) +
                     " was erased: nothing personal can be kept under this id again; use another"};
  }
  Bytes key = stored.value_or(Bytes(kKeyBytes, '\0'));
  if (!stored) {
    randombytes_buf(key.data(), key.size());
    OPS_TRY(keys_.put({kPersonSecret, subject}, key));
  }
  cache_->remember(subject, key);
  return key;
}

Result<Bytes> PersonalData::seal(std::string_view subject, std::string_view pointer,
                                 BytesView clear) {
  OPS_TRY_ASSIGN(auto key, key_of(subject));
  if (key.empty()) {
    OPS_TRY_ASSIGN(key, make_key(subject));
  }
  Bytes token(1, kSealed);
  append_text(subject, &token);
  append_text(pointer, &token);
  const std::size_t header = token.size();
  token.resize(header + kNonceBytes + clear.size() + kTagBytes);
  unsigned char* const nonce = bytes(token) + header;
  randombytes_buf(nonce, kNonceBytes);
  crypto_aead_xchacha20poly1305_ietf_encrypt(nonce + kNonceBytes, nullptr, bytes(clear),
                                             clear.size(), bytes(token), header, nullptr, nonce,
                                             bytes(key));
  return token;
}

Result<Bytes> PersonalData::open(BytesView token) const {
  const auto read = read_token(token);
  if (!read) return damaged();
  OPS_TRY_ASSIGN(auto key, key_of(read->subject));
  if (key.empty()) return Bytes(1, kErased);
  Bytes clear(1 + read->sealed.size() - kTagBytes, kClear);
  if (crypto_aead_xchacha20poly1305_ietf_decrypt(
          bytes(clear) + 1, nullptr, nullptr, bytes(read->sealed), read->sealed.size(),
          bytes(read->header), read->header.size(), bytes(read->nonce), bytes(key)) != 0) {
    return damaged();
  }
  return clear;
}

Result<bool> PersonalData::erased(std::string_view subject) const {
  OPS_TRY_ASSIGN(const auto stored, keys_.get({kPersonSecret, subject}));
  return stored && *stored == kGone;
}

Status PersonalData::erase(std::string_view subject) {
  const std::lock_guard lock(cache_->making);
  OPS_TRY(keys_.destroy(kPersonSecret, std::vector<std::string>{std::string(subject)}));
  OPS_TRY(keys_.put({kPersonSecret, subject}, kGone));
  cache_->remember(subject, {});
  return {};
}

}  // namespace opsledger
