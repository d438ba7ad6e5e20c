#include "kernel/identity/account.hpp"

#include <algorithm>

#include "kernel/identity/limits.hpp"

namespace opsledger {

namespace {

bool alphanumeric(char c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

}  // namespace

std::string_view account_kind_name(AccountKind kind) {
  return kind == AccountKind::kPerson ? "person" : "service";
}

std::optional<AccountKind> parse_account_kind(std::string_view name) {
  if (name == "person") return AccountKind::kPerson;
  if (name == "service") return AccountKind::kService;
  return {};
}

bool is_account_id(std::string_view text) {
  if (text.empty() || text.size() > identity_limits::kAccountIdBytesMax) return false;
  return alphanumeric(text.front()) && std::all_of(text.begin(), text.end(), [](char c) {
           return alphanumeric(c) || c == '.' || c == '_' || c == '-';
         });
}

}  // namespace opsledger
