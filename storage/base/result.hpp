// Result<T>: a value or an Error. One closed, stable code enum is shared by HTTP status and CLI
// exit code. Three kinds, never mixed: rejected (the caller's fault, 4xx), unavailable (retry,
// 503), broken (corruption or a broken invariant, 500).
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "storage/base/assert.hpp"

namespace opsledger {

/// What went wrong, coarse enough to decide what to do. Numbers are stable: never reuse one.
enum class Code : int {
  // rejected
  kMalformed = 10,        ///< not even parseable (HTTP 400)
  kInvalid = 11,          ///< parseable, but a field does not fit (HTTP 422)
  kNotFound = 12,         ///< HTTP 404
  kConflict = 13,         ///< an append condition failed, a normal outcome (HTTP 409)
  kKeyMismatch = 14,      ///< idempotency key known with other content (HTTP 422)
  kKeyPartial = 15,       ///< only some of the ids are known (HTTP 409)
  kForbidden = 16,        ///< HTTP 403
  kTooLarge = 17,         ///< a named size limit (HTTP 413)
  kUnsupported = 18,      ///< outside the supported subset (HTTP 400, or 415 for media types)
  kRejected = 19,         ///< a module's decide said no (HTTP 422)
  kDisabled = 20,         ///< module disabled for the department (HTTP 423)
  kUnauthenticated = 21,  ///< HTTP 401
  // unavailable
  kOverloaded = 40,  ///< a bounded queue is full (HTTP 503 + Retry-After)
  kNotReady = 41,    ///< starting, stopping, read-only, behind (HTTP 503 + Retry-After)
  kTimeout = 42,     ///< HTTP 503
  // broken
  kCorrupt = 60,   ///< stored bytes contradict themselves
  kIo = 61,        ///< the operating system or RocksDB failed
  kInternal = 62,  ///< a plugin or an invariant misbehaved
};

/// One field of bad input, as an RFC 6901 pointer into what the caller sent.
struct FieldError {
  std::string pointer;
  std::string detail;
};

/// Error texts have three parts: what, why (field, both values), what to do.
struct Error {
  Code code = Code::kInternal;
  std::string reason;  ///< stable dotted code for programs: `append.conflict`, `incident.exists`
  std::string message;
  std::vector<FieldError> fields = {};
};

/// A value or an Error; `[[nodiscard]]`, never empty. Not thread safe, like any value.
template <class T>
class [[nodiscard]] Result {
 public:
  Result(T value) : state_(std::in_place_index<0>, std::move(value)) {}
  Result(Error error) : state_(std::in_place_index<1>, std::move(error)) {}

  bool ok() const { return state_.index() == 0; }
  explicit operator bool() const { return ok(); }

  T& value() & { return check(), *std::get_if<0>(&state_); }
  const T& value() const& { return check(), *std::get_if<0>(&state_); }
  T&& value() && { return check(), std::move(*std::get_if<0>(&state_)); }
  T& operator*() & { return value(); }
  const T& operator*() const& { return value(); }
  T&& operator*() && { return std::move(*this).value(); }
  T* operator->() { return &value(); }
  const T* operator->() const { return &value(); }

  const Error& error() const& { return OPS_ASSERT(!ok()), *std::get_if<1>(&state_); }
  Error&& error() && { return OPS_ASSERT(!ok()), std::move(*std::get_if<1>(&state_)); }

 private:
  void check() const { OPS_ASSERT(ok()); }
  std::variant<T, Error> state_;
};

/// Success, or an Error.
template <>
class [[nodiscard]] Result<void> {
 public:
  Result() = default;
  Result(Error error) : error_(std::move(error)) {}
  bool ok() const { return !error_; }
  explicit operator bool() const { return ok(); }
  const Error& error() const& { return OPS_ASSERT(error_), *error_; }
  Error&& error() && { return OPS_ASSERT(error_), std::move(*error_); }

 private:
  std::optional<Error> error_;
};

using Status = Result<void>;

}  // namespace opsledger

#define OPS_CONCAT_INNER(a, b) a##b
#define OPS_CONCAT(a, b) OPS_CONCAT_INNER(a, b)
/// Returns the error of a Status or Result expression from the enclosing function.
#define OPS_TRY(expression)                                 \
  do {                                                      \
    if (auto ops_status = (expression); !ops_status.ok()) { \
      return std::move(ops_status).error();                 \
    }                                                       \
  } while (false)
/// `OPS_TRY_ASSIGN(auto x, f())`: x = value of f(), or returns its error.
#define OPS_TRY_ASSIGN(target, expression)                       \
  auto OPS_CONCAT(ops_result_, __LINE__) = (expression);         \
  if (!OPS_CONCAT(ops_result_, __LINE__).ok())                   \
    return std::move(OPS_CONCAT(ops_result_, __LINE__)).error(); \
  target = std::move(OPS_CONCAT(ops_result_, __LINE__)).value()
