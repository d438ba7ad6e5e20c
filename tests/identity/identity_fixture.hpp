// Identities over ledger and records in memory that outlive a restart.
#pragma once

#include <gtest/gtest.h>

#include <atomic>
#include <boost/json.hpp>

#include "kernel/identity/identities.hpp"
#include "storage/memory/memory_ledger.hpp"
#include "storage/memory/memory_record_store.hpp"

namespace opsledger::testing {

class ManualClock final : public Clock {
 public:
  Time now() const override { return {us_.load()}; }
  void advance(std::chrono::milliseconds by) { us_ += std::chrono::microseconds(by).count(); }

 private:
  std::atomic<std::int64_t> us_{1'794'398'400'000'000};
};

/// Passes on to records that live longer.
class SharedRecords final : public RecordStore {
 public:
  explicit SharedRecords(RecordStore& records) : records_(records) {}
  Result<std::optional<Bytes>> get(BytesView key) const override { return records_.get(key); }
  Status write(std::span<const RecordWrite> writes) override { return records_.write(writes); }
  Status scan(BytesView prefix, const Visit& visit) const override {
    return records_.scan(prefix, visit);
  }
  Status erase_for_good(std::span<const Bytes> keys) override {
    return records_.erase_for_good(keys);
  }

 private:
  RecordStore& records_;
};

class IdentityTest : public ::testing::Test {
 protected:
  void SetUp() override { restart(); }

  void restart() {
    identities.reset();
    auto opened = KeyStore::open(std::make_unique<SharedRecords>(records), key, "memory");
    ASSERT_TRUE(opened.ok());
    secrets = std::move(*opened);
    auto made = Identities::open(ledger, *secrets, clock, limits);
    ASSERT_TRUE(made.ok());
    identities = std::move(*made);
  }
  Accounts& accounts() { return identities->accounts(); }

  /// With the password `<id>-password`.
  void make(const std::string& id, const std::string& login = "") {
    const auto made =
        accounts().create({id, AccountKind::kPerson, login, id + "-password"}, "admin-1");
    ASSERT_TRUE(made.ok()) << made.error().message;
  }
  std::string log_in(const std::string& login, std::string_view password,
                     const std::string& address = "10.0.0.1") {
    const auto account = accounts().log_in(login, password, address);
    return account ? (*account)->id : account.error().reason;
  }
  std::string token_for(const std::string& account, std::vector<std::string> scopes = {}) {
    auto issued = identities->issue_token({account, "", std::move(scopes), {}}, account);
    return issued ? issued->text : issued.error().reason;
  }
  std::string session_of(const std::string& account) {
    auto issued = identities->open_session(accounts().find(account), "10.0.0.1");
    return issued ? issued->text : issued.error().reason;
  }
  bool token_good(std::string_view text) { return identities->check_token(text).ok(); }
  bool session_good(std::string_view text) { return identities->check_session(text).ok(); }

  /// `type account actor` of every event, in order, without the ledger's own.
  std::vector<std::string> events() {
    std::vector<std::string> found;
    const auto cursor = ledger.read({}, {}).value();
    for (;;) {
      const auto some = cursor->next().value();
      if (some.empty()) return found;
      for (const auto& event : some) {
        const auto data = boost::json::parse(event.data);
        EXPECT_TRUE(event.has_tag("account:" + std::string(data.at("account").as_string())));
        found.push_back(std::string(event.type) + " " +
                        std::string(data.at("account").as_string()) + " " +
                        std::string(event.actor));
      }
    }
  }
  /// All bytes of all events.
  std::string ledger_bytes() {
    std::string bytes;
    const auto cursor = ledger.read({}, {}).value();
    for (;;) {
      const auto some = cursor->next().value();
      if (some.empty()) return bytes;
      for (const auto& event : some) bytes += event.encoded;
    }
  }

  ManualClock clock;
  IdentityLimits limits;
  MemoryLedger ledger{clock};
  MemoryRecordStore records;
  const MasterKey key{{7}};
  std::unique_ptr<KeyStore> secrets;
  std::unique_ptr<Identities> identities;
};

}  // namespace opsledger::testing
