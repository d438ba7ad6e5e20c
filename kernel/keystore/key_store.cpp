#include "kernel/keystore/key_store.hpp"

#include <sodium.h>

#include <vector>

namespace opsledger {

namespace {

constexpr char kKeyContext[crypto_kdf_CONTEXTBYTES + 1] = "opskeyst";
constexpr std::size_t kPlaceHashBytes = 24;
constexpr std::size_t kNonceBytes = crypto_aead_xchacha20poly1305_ietf_NPUBBYTES;
constexpr std::size_t kTagBytes = crypto_aead_xchacha20poly1305_ietf_ABYTES;
constexpr std::size_t kNameLengthBytes = 2;
constexpr SecretName kMark{"mark", "master key"};  ///< proves that the key is the right one
constexpr std::string_view kMarkValue = "opsledger key store 1";

const unsigned char* bytes(BytesView view) {
  return reinterpret_cast<const unsigned char*>(view.data());
}
unsigned char* bytes(Bytes& text) {
  return reinterpret_cast<unsigned char*>(text.data());
}

Error corrupt(std::string_view kind) {
  return {Code::kCorrupt, "keystore.corrupt",
          "a record of kind " + std::string(kind) +
              " in the key store does not open: it was changed or damaged; restore the key store"};
}

}  // namespace

/// Derived from the master key; wiped when destroyed.
struct KeyStore::Keys {
  unsigned char names[crypto_generichash_KEYBYTES];
  unsigned char records[crypto_aead_xchacha20poly1305_ietf_KEYBYTES];

  explicit Keys(const MasterKey& key) {
    static_assert(MasterKey::kBytes == crypto_kdf_KEYBYTES);
    crypto_kdf_derive_from_key(names, sizeof names, 1, kKeyContext, key.bytes().data());
    crypto_kdf_derive_from_key(records, sizeof records, 2, kKeyContext, key.bytes().data());
  }
  ~Keys() { sodium_memzero(this, sizeof *this); }
};

KeyStore::KeyStore(std::unique_ptr<RecordStore> records, const MasterKey& key)
    : records_(std::move(records)), keys_(std::make_unique<Keys>(key)) {}
KeyStore::~KeyStore() = default;

Result<std::unique_ptr<KeyStore>> KeyStore::open(std::unique_ptr<RecordStore> records,
                                                 const MasterKey& key, const std::string& where) {
  std::unique_ptr<KeyStore> store(new KeyStore(std::move(records), key));
  OPS_TRY(store->check_key(where));
  return store;
}

/// The mark stands at a place that does not depend on the key, so that another key finds it.
Status KeyStore::check_key(const std::string& where) {
  const std::string place = std::string(kMark.kind) + '\0';
  OPS_TRY_ASSIGN(const auto found, records_->get(place));
  if (!found) {
    const RecordWrite mark{place, seal(place, kMark, kMarkValue)};
    return records_->write({&mark, 1});
  }
  const auto opened = unseal(place, *found);
  if (opened && opened->value == kMarkValue) return {};
  return Error{Code::kInvalid, "keystore.wrong_key",
               "the master key does not open " + where +
                   "; put back the key that it was made with, or correct keystore.master_key_file"};
}

/// Kind, NUL, keyed hash of the name.
Bytes KeyStore::place_of(SecretName name) const {
  Bytes place(name.kind);
  place += '\0';
  const std::size_t prefix = place.size();
  place.resize(prefix + kPlaceHashBytes);
  crypto_generichash_state state;
  crypto_generichash_init(&state, keys_->names, sizeof keys_->names, kPlaceHashBytes);
  crypto_generichash_update(&state, bytes(place), prefix);
  crypto_generichash_update(&state, bytes(name.name), name.name.size());
  crypto_generichash_final(&state, bytes(place) + prefix, kPlaceHashBytes);
  return place;
}

/// Nonce, then the sealed form of: length of the name (2 bytes, little-endian), name, value.
Bytes KeyStore::seal(BytesView place, SecretName name, BytesView value) const {
  Bytes plain;
  plain.reserve(kNameLengthBytes + name.name.size() + value.size());
  plain += static_cast<char>(name.name.size() & 0xff);
  plain += static_cast<char>(name.name.size() >> 8);
  plain.append(name.name).append(value);
  Bytes sealed(kNonceBytes + plain.size() + kTagBytes, '\0');
  randombytes_buf(bytes(sealed), kNonceBytes);
  crypto_aead_xchacha20poly1305_ietf_encrypt(bytes(sealed) + kNonceBytes, nullptr, bytes(plain),
                                             plain.size(), bytes(place), place.size(), nullptr,
                                             bytes(sealed), keys_->records);
  sodium_memzero(plain.data(), plain.size());
  return sealed;
}

std::optional<KeyStore::Opened> KeyStore::unseal(BytesView place, BytesView sealed) const {
  if (sealed.size() < kNonceBytes + kNameLengthBytes + kTagBytes) return {};
  Bytes plain(sealed.size() - kNonceBytes - kTagBytes, '\0');
  if (crypto_aead_xchacha20poly1305_ietf_decrypt(
          bytes(plain), nullptr, nullptr, bytes(sealed) + kNonceBytes, sealed.size() - kNonceBytes,
          bytes(place), place.size(), bytes(sealed), keys_->records) != 0) {
    return {};
  }
  const std::size_t name = static_cast<unsigned char>(plain[0]) |
                           static_cast<std::size_t>(static_cast<unsigned char>(plain[1])) << 8;
  if (plain.size() < kNameLengthBytes + name) return {};
  return Opened{plain.substr(kNameLengthBytes, name), plain.substr(kNameLengthBytes + name)};
}

Result<std::optional<Bytes>> KeyStore::get(SecretName name) const {
  const Bytes place = place_of(name);
  OPS_TRY_ASSIGN(const auto found, records_->get(place));
  if (!found) return std::optional<Bytes>();
  auto opened = unseal(place, *found);
  if (!opened || opened->name != name.name) return corrupt(name.kind);
  return std::optional<Bytes>(std::move(opened->value));
}

Status KeyStore::write(std::span<const Write> writes) {
  std::vector<RecordWrite> sealed;
  for (const Write& write : writes) {
    if (write.name.name.size() > kSecretNameBytesMax ||
        (write.value && write.value->size() > kSecretValueBytesMax)) {
      return Error{Code::kTooLarge, "keystore.too_large",
                   "a secret's name may have 512 bytes and its value 65536"};
    }
    Bytes place = place_of(write.name);
    std::optional<Bytes> value;
    if (write.value) value = seal(place, write.name, *write.value);
    sealed.push_back({std::move(place), std::move(value)});
  }
  return records_->write(sealed);
}

Status KeyStore::put(SecretName name, BytesView value) {
  const Write write{name, value};
  return this->write({&write, 1});
}

Status KeyStore::for_each(std::string_view kind, const Visit& visit) const {
  bool broken = false;
  OPS_TRY(records_->scan(std::string(kind) + '\0', [&](BytesView place, BytesView sealed) {
    const auto opened = unseal(place, sealed);
    broken = broken || !opened;
    if (opened) visit(opened->name, opened->value);
  }));
  if (broken) return corrupt(kind);
  return {};
}

Status KeyStore::destroy(std::string_view kind, std::span<const std::string> names) {
  std::vector<Bytes> places;
  for (const std::string& name : names) places.push_back(place_of({kind, name}));
  return records_->erase_for_good(places);
}

}  // namespace opsledger
