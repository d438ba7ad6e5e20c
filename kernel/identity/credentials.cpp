#include "kernel/identity/credentials.hpp"

#include <algorithm>
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <mutex>

#include "kernel/keystore/password_hash.hpp"

namespace opsledger {

namespace {

namespace json = boost::json;

Bytes to_text(const Credential& credential) {
  return json::serialize(
      json::object{{"hash", hex(credential.hash.bytes)},
                   {"account", credential.account->id},
                   {"scopes", json::array(credential.scopes.begin(), credential.scopes.end())},
                   {"label", credential.label},
                   {"created_us", credential.created_at.us},
                   {"expires_us", credential.expires_at.us},
                   {"used_us", credential.used_at().us}});
}

/// Throws what JSON access throws: the caller says that the record is broken.
std::shared_ptr<Credential> from_text(std::string_view id, BytesView text,
                                      const Credentials::FindAccount& find) {
  const json::value value = json::parse(text);
  auto credential = std::make_shared<Credential>();
  credential->id = id;
  Bytes hash;
  if (!unhex(value.at("hash").as_string(), &hash) || hash.size() != credential->hash.bytes.size()) {
    throw std::invalid_argument("hash");
  }
  std::copy(hash.begin(), hash.end(), credential->hash.bytes.begin());
  credential->account = find(value.at("account").as_string());
  for (const auto& scope : value.at("scopes").as_array()) {
    credential->scopes.emplace_back(scope.as_string());
  }
  credential->label = value.at("label").as_string();
  credential->created_at = {value.at("created_us").as_int64()};
  credential->expires_at = {value.at("expires_us").as_int64()};
  credential->used_us = value.at("used_us").as_int64();
  return credential;
}

}  // namespace

Status Credentials::load(const FindAccount& find) {
  bool broken = false;
  OPS_TRY(secrets_.for_each(kind_, [&](std::string_view id, BytesView text) {
    try {
      auto credential = from_text(id, text, find);
      if (!credential->account) return;
      const auto used = credential->used_at().us;
      by_id_[std::string(id)] = {std::move(credential), used};
    } catch (const std::exception&) {
      broken = true;
    }
  }));
  if (!broken) return {};
  return Error{Code::kCorrupt, "keystore.corrupt",
               "a record of kind " + std::string(kind_) + " in the key store is malformed"};
}

KeyStore::Write Credentials::record_of(const Credential& credential, Bytes* text) const {
  *text = to_text(credential);
  return {{kind_, credential.id}, *text};
}

Result<Credentials::Issued> Credentials::add(Credential&& facts) {
  NewSecret secret = make_secret(prefix_);
  auto credential = std::make_shared<Credential>();
  credential->id = std::move(secret.id);
  credential->hash = secret.hash;
  credential->account = std::move(facts.account);
  credential->scopes = std::move(facts.scopes);
  credential->label = std::move(facts.label);
  credential->created_at = facts.created_at;
  credential->expires_at = facts.expires_at;
  credential->used_us = facts.created_at.us;
  Bytes text;
  const auto record = record_of(*credential, &text);
  OPS_TRY(secrets_.write({&record, 1}));
  const std::unique_lock lock(mutex_);
  by_id_[credential->id] = {credential, credential->used_at().us};
  return Issued{std::move(credential), std::move(secret.text)};
}

CredentialRef Credentials::find(std::string_view text) const {
  const auto parts = parse_secret(prefix_, text);
  if (!parts) return nullptr;
  const Hash hash = hash_of(*parts);
  auto credential = by_id(parts->id);
  if (!credential || !equal_in_constant_time(hash.view(), credential->hash.view())) return nullptr;
  return credential;
}

CredentialRef Credentials::by_id(std::string_view id) const {
  const std::shared_lock lock(mutex_);
  const auto found = by_id_.find(id);
  return found == by_id_.end() ? nullptr : found->second.credential;
}

std::vector<CredentialRef> Credentials::all() const {
  std::vector<CredentialRef> out;
  {
    const std::shared_lock lock(mutex_);
    for (const auto& [id, kept] : by_id_) out.push_back(kept.credential);
  }
  std::sort(out.begin(), out.end(), [](const auto& a, const auto& b) {
    return std::tie(a->created_at.us, a->id) < std::tie(b->created_at.us, b->id);
  });
  return out;
}

std::vector<CredentialRef> Credentials::of_account(std::string_view account) const {
  auto out = all();
  std::erase_if(out, [&](const auto& credential) { return credential->account->id != account; });
  return out;
}

Status Credentials::remove(const std::vector<CredentialRef>& credentials) {
  std::vector<KeyStore::Write> writes;
  for (const auto& credential : credentials) {
    writes.push_back({{kind_, credential->id}, std::nullopt});
  }
  {
    const std::unique_lock lock(mutex_);
    for (const auto& credential : credentials) {
      credential->removed = true;
      by_id_.erase(credential->id);
    }
  }
  return writes.empty() ? Status() : secrets_.write(writes);
}

Status Credentials::save_used() {
  std::vector<CredentialRef> changed;
  {
    const std::unique_lock lock(mutex_);
    for (auto& [id, kept] : by_id_) {
      const auto used = kept.credential->used_at().us;
      if (used == kept.saved_us) continue;
      kept.saved_us = used;
      changed.push_back(kept.credential);
    }
  }
  std::vector<Bytes> texts(changed.size());
  std::vector<KeyStore::Write> writes;
  for (std::size_t i = 0; i < changed.size(); ++i) {
    if (by_id(changed[i]->id)) writes.push_back(record_of(*changed[i], &texts[i]));
  }
  return writes.empty() ? Status() : secrets_.write(writes);
}

}  // namespace opsledger
