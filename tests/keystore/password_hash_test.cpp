#include "kernel/keystore/password_hash.hpp"

namespace opsledger::testing {
namespace {

TEST(PasswordHash, MatchesItsPasswordAndNoOther) {
  const auto hash = hash_password("correct horse");
  ASSERT_TRUE(hash.ok());
  EXPECT_TRUE(hash->starts_with("$argon2id$v=19$m=65536,t=2,p=1$"));
  EXPECT_TRUE(password_matches(*hash, "correct horse"));
  EXPECT_FALSE(password_matches(*hash, "correct horsf"));
  EXPECT_FALSE(password_matches(*hash, ""));
  EXPECT_NE(*hash_password("correct horse"), *hash) << "salted";
}

TEST(PasswordHash, NobodysHashCostsAsMuchAsARealOne) {
  const auto& nobody = unmatchable_password_hash();
  EXPECT_TRUE(nobody.starts_with("$argon2id$v=19$m=65536,t=2,p=1$"));
  EXPECT_FALSE(password_matches(nobody, ""));
  EXPECT_FALSE(password_matches(nobody, "correct horse"));
}

TEST(PasswordHash, ABrokenHashMatchesNothing) {
  EXPECT_FALSE(password_matches("", ""));
  EXPECT_FALSE(password_matches("$argon2id$v=19$", "x"));
}

TEST(EqualInConstantTime, ComparesAllBytes) {
  EXPECT_TRUE(equal_in_constant_time("abc", "abc"));
  EXPECT_FALSE(equal_in_constant_time("abc", "abd"));
  EXPECT_FALSE(equal_in_constant_time("abc", "ab"));
  EXPECT_TRUE(equal_in_constant_time("", ""));
}

}  // namespace
}  // namespace opsledger::testing
