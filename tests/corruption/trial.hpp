// What becomes of a data directory with one damage: does `verify` say so, does a start?
#pragma once

#include <filesystem>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "tests/corruption/mutation.hpp"

namespace opsledger::testing_support {

struct Outcome {
  enum class Kind : unsigned char {
    kTold,       ///< `verify` or a start says so and names the place; nothing wrong was served
    kUnnamed,    ///< said so without the place: a finding
    kSilent,     ///< nobody says so, everything reads as before
    kDifferent,  ///< a start serves something else than was written: a finding
    kCrashed     ///< the process ended: a finding
  };
  Kind kind = Kind::kCrashed;
  std::string said;  ///< by `verify` and by the start
};
inline constexpr int kOutcomeKinds = 5;
const char* name_of(Outcome::Kind kind);
inline bool is_finding(Outcome::Kind kind) {
  return kind != Outcome::Kind::kTold && kind != Outcome::Kind::kSilent;
}

/// How a good directory reads, so that a damaged copy can be held against it.
struct Reference {
  std::filesystem::path directory;
  std::string ledger;
  std::map<std::string, std::string> tables;
  std::vector<std::string> notes;  ///< what `verify` says of it although it is good
};

/// Verifies and starts a copy of the reference with the mutation in it, made at `directory`.
Outcome try_directory(const Reference& reference, const Mutation& mutation,
                      const std::filesystem::path& directory);

/// What was said, or that nobody said anything, or that what is served is `different`.
Outcome::Kind judge(const std::string& said, const std::string& file, bool different);

/// Tries each mutation in child processes, so that a crash is an outcome like others; this process
/// must not have RocksDB's threads. `scratch` exists. In the order of `mutations`.
using Trial = std::function<Outcome(const Mutation&)>;
std::vector<Outcome> try_all(const std::vector<Mutation>& mutations,
                             const std::filesystem::path& scratch, const Trial& trial);

/// Reads `directory` in a child process: this one never has RocksDB's threads.
Reference read_reference(const std::filesystem::path& directory,
                         const std::filesystem::path& scratch);

/// Runs `body` in a child process, which must not fail.
void in_child(const std::function<void()>& body);

}  // namespace opsledger::testing_support
