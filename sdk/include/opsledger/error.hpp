// What the SDK throws. Nothing thrown crosses the ABI: the trampolines turn it into a status.
#pragma once

#include <stdexcept>
#include <string>
#include <utility>

namespace ops {

/// Bytes or text that do not have the shape they should have.
class DecodeError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// A value that cannot be written or computed: overflow, a number that is not finite, a tag that
/// is no tag. Thrown while deciding it rejects the command with `command.invalid`.
class ValueError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// A module that is declared wrongly: an undeclared event is emitted, a type recurses. The
/// author's mistake, never the user's.
class DeclarationError : public std::logic_error {
 public:
  using std::logic_error::logic_error;
};

/// The host could not or would not do what was asked.
class HostError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

}  // namespace ops
