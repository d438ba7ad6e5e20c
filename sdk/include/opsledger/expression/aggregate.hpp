// Aggregate: count, sum, average and their like over values that come one by one.
#pragma once

#include <opsledger/detail/expression/arithmetic.hpp>

#include <optional>

namespace ops::expr {

enum class AggregateKind : std::uint8_t {
  kCount,
  kSum,
  kAverage,
  kMinimum,
  kMaximum,
  kP50,
  kP90,
  kFirst,
  kLast
};

/// Nulls are passed over. Of nothing, `count` is 0 and all others are null. Percentiles are the
/// nearest rank (a value that was there, never one between) and keep every value; the others
/// keep one. Used by expressions over lists, and alone where values come one event at a time.
/// `add` and `result` throw ValueError: values that cannot be added or compared, overflow.
class Aggregate {
 public:
  explicit Aggregate(AggregateKind kind) : kind_(kind) {}

  void add(const Value& value) {
    if (value.is_null()) return;
    ++count_;
    switch (kind_) {
      case AggregateKind::kCount:
        return;
      case AggregateKind::kSum:
      case AggregateKind::kAverage:
        kept_ = count_ == 1 ? detail::add(zero_like(value), value) : detail::add(kept_, value);
        return;
      case AggregateKind::kMinimum:
        if (checked(value), count_ == 1 || detail::compare(value, kept_) < 0) kept_ = value;
        return;
      case AggregateKind::kMaximum:
        if (checked(value), count_ == 1 || detail::compare(value, kept_) > 0) kept_ = value;
        return;
      case AggregateKind::kFirst:
        if (count_ == 1) kept_ = value;
        return;
      case AggregateKind::kLast:
        kept_ = value;
        return;
      case AggregateKind::kP50:
      case AggregateKind::kP90:
        checked(value);
        all_.push_back(value);
    }
  }
  Value result() const {
    if (kind_ == AggregateKind::kCount) return count_;
    if (count_ == 0) return {};
    if (kind_ == AggregateKind::kAverage) return detail::divide(kept_, count_);
    if (kind_ == AggregateKind::kP50) return percentile(50);
    if (kind_ == AggregateKind::kP90) return percentile(90);
    return kept_;
  }
  std::int64_t count() const { return count_; }

 private:
  // Adding to zero refuses what is no number, also when it stands alone.
  static Value zero_like(const Value& value) {
    if (const auto* money = value.get<Money>()) return Money{0, money->currency};
    return 0;
  }
  // One order for all: numbers among numbers, else one kind.
  void checked(const Value& value) {
    static_cast<void>(detail::compare(value, value));
    if (count_ == 1) first_kind_ = value.kind();
    const Kind kind = value.kind();
    const auto numeric = [](Kind k) { return k == Kind::kInteger || k == Kind::kDecimal; };
    if (kind != first_kind_ && !(numeric(kind) && numeric(first_kind_))) {
      throw ValueError(std::string("cannot order ") + name_of(first_kind_) + " and " +
                       name_of(kind));
    }
  }
  Value percentile(unsigned percent) const {
    auto sorted = all_;
    const std::size_t rank = (sorted.size() * percent + 99) / 100;
    const auto at = sorted.begin() + static_cast<std::ptrdiff_t>(rank - 1);
    std::nth_element(sorted.begin(), at, sorted.end(),
                     [](const Value& a, const Value& b) { return detail::compare(a, b) < 0; });
    return *at;
  }

  AggregateKind kind_;
  std::int64_t count_ = 0;
  Kind first_kind_ = Kind::kNull;
  Value kept_;
  std::vector<Value> all_;
};

}  // namespace ops::expr
