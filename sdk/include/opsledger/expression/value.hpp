// What an expression computes with: one value of any of the language's kinds.
#pragma once

#include <opsledger/decimal.hpp>
#include <opsledger/money.hpp>
#include <opsledger/time.hpp>

#include <algorithm>
#include <concepts>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace ops::expr {

enum class Kind : std::uint8_t {
  kNull,
  kBool,
  kInteger,
  kDecimal,
  kMoney,
  kText,
  kTime,
  kDate,
  kList,
  kRecord
};

/// The word for a kind in messages: `integer`, `list`.
constexpr const char* name_of(Kind kind) {
  constexpr const char* kNames[] = {"null", "bool", "integer", "decimal", "money",
                                    "text", "time", "date",    "list",    "record"};
  return kNames[static_cast<std::size_t>(kind)];
}

class Record;
class Value;
using List = std::vector<Value>;

/// Immutable but by assignment; copies of lists and records share. There is no floating kind.
class Value {
 public:
  Value() = default;
  Value(std::nullptr_t) {}
  Value(bool v) : value_(v) {}
  template <std::integral I>
  requires(!std::same_as<I, bool>) Value(I v) : value_(static_cast<std::int64_t>(v)) {}
  Value(Decimal v) : value_(v) {}
  Value(Money v) : value_(v) {}
  Value(const char* v) : value_(std::string(v)) {}
  Value(std::string v) : value_(std::move(v)) {}
  Value(Time v) : value_(v) {}
  Value(Date v) : value_(v) {}
  Value(List v);
  Value(Record v);

  Kind kind() const { return static_cast<Kind>(value_.index()); }
  bool is_null() const { return value_.index() == 0; }
  /// The value when it is a T (bool, std::int64_t, Decimal, Money, std::string, Time, Date, List,
  /// Record), else null. Valid as long as this value is.
  template <class T>
  const T* get() const {
    if constexpr (std::same_as<T, List> || std::same_as<T, Record>) {
      const auto* shared = std::get_if<std::shared_ptr<const T>>(&value_);
      return shared != nullptr ? shared->get() : nullptr;
    } else {
      return std::get_if<T>(&value_);
    }
  }
  /// As a reader sees it: text itself, `12.50 CNY`, `2026-11-11`, lists as `[a, b]`, null as "".
  std::string str() const;

 private:
  std::variant<std::monostate, bool, std::int64_t, Decimal, Money, std::string, Time, Date,
               std::shared_ptr<const List>, std::shared_ptr<const Record>>
      value_;
};

/// Named values: what the names of an expression stand for.
class Record {
 public:
  Record() = default;
  Record(std::initializer_list<std::pair<std::string, Value>> members) {
    for (const auto& [name, value] : members) set(name, value);
  }
  void set(std::string_view name, Value value) {
    const auto at = lower_bound(name);
    if (at != members_.end() && at->first == name) {
      at->second = std::move(value);
    } else {
      members_.emplace(at, std::string(name), std::move(value));
    }
  }
  /// Null when there is no such member. Valid until the next `set`.
  const Value* find(std::string_view name) const {
    const auto at = const_cast<Record*>(this)->lower_bound(name);
    return at != members_.end() && at->first == name ? &at->second : nullptr;
  }
  /// In the order of their names.
  const std::vector<std::pair<std::string, Value>>& members() const { return members_; }

 private:
  std::vector<std::pair<std::string, Value>>::iterator lower_bound(std::string_view name) {
    return std::lower_bound(
        members_.begin(), members_.end(), name,
        [](const auto& member, std::string_view n) { return member.first < n; });
  }

  std::vector<std::pair<std::string, Value>> members_;
};

inline Value::Value(List v) : value_(std::make_shared<const List>(std::move(v))) {}
inline Value::Value(Record v) : value_(std::make_shared<const Record>(std::move(v))) {}

/// `12.50 CNY`: minor units of a hundredth, as every currency the platform counts in has.
inline std::string text_of(const Money& money) {
  return Decimal(money.minor, 2U).str() + " " + std::string(money.code());
}

inline std::string Value::str() const {
  switch (kind()) {
    case Kind::kNull:
      return {};
    case Kind::kBool:
      return *get<bool>() ? "true" : "false";
    case Kind::kInteger:
      return std::to_string(*get<std::int64_t>());
    case Kind::kDecimal:
      return get<Decimal>()->str();
    case Kind::kMoney:
      return text_of(*get<Money>());
    case Kind::kText:
      return *get<std::string>();
    case Kind::kTime:
      return get<Time>()->str();
    case Kind::kDate:
      return get<Date>()->str();
    case Kind::kRecord:
      return "{record}";
    case Kind::kList:
      break;
  }
  std::string out = "[";
  for (const Value& element : *get<List>()) {
    if (out.size() > 1) out += ", ";
    out += element.str();
  }
  return out + "]";
}

}  // namespace ops::expr
