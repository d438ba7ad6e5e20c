#include "tests/corruption/trial.hpp"

#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <fstream>
#include <iostream>

#include "storage/rocksdb/verify.hpp"
#include "tests/corruption/small_directory.hpp"

namespace opsledger::testing_support {

namespace fs = std::filesystem;

namespace {

constexpr std::size_t kTrialsPerChild = 400, kOptionsStarts = 64;

std::string read_all(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

/// Whether a text names the file, or a record, entry or position by number.
bool names_place(const std::string& text, const std::string& file) {
  const std::string name = fs::path(file).filename();
  if (text.find(name) != std::string::npos) return true;
  for (const char* record :
       {"event ", "commit record ", "Merkle tile ", "index entry ", "at byte ", "ends at position ",
        "the ledger's identity", "the tables are laid out as "}) {
    if (text.find(record) != std::string::npos) return true;
  }
  return false;
}

/// What `verify` says of `directory` beyond what it says of the good one.
std::string verify_says(const fs::path& directory, const Reference& reference) {
  const VerifyReport report = verify_ledger({.directory = directory, .block_cache_bytes = 1 << 20});
  std::string said;
  if (report.verdict != VerifyVerdict::kGood) said = report.message;
  for (const std::string& note : report.notes) {
    const bool known =
        std::find(reference.notes.begin(), reference.notes.end(), note) != reference.notes.end();
    if (!known) said += "; " + note;
  }
  return said;
}

/// What is there is what was written; generations that are not there are built from the ledger.
bool is_part(const std::map<std::string, std::string>& some,
             const std::map<std::string, std::string>& all) {
  return std::includes(all.begin(), all.end(), some.begin(), some.end());
}

/// A start never reads what RocksDB writes for people alone; tried once in a while all the same.
bool is_worth_a_start(const Mutation& mutation) {
  return mutation.file.find("OPTIONS-") == std::string::npos || mutation.at % kOptionsStarts == 0;
}

/// What a start says of the part that the file belongs to; whether something else is served.
bool start_differs(const Reference& reference, const fs::path& directory, bool of_tables,
                   std::string* said) {
  if (of_tables) {
    const auto tables = table_contents(directory / "tables");
    if (!tables) *said += " | " + tables.error().message;
    return tables.ok() && !is_part(*tables, reference.tables);
  }
  const auto ledger = ledger_contents(directory);
  if (!ledger) *said += " | " + ledger.error().message;
  return ledger.ok() && *ledger != reference.ledger;
}

/// One line per outcome, so that a crash loses nothing.
void write_outcome(std::FILE* out, Outcome outcome) {
  std::replace(outcome.said.begin(), outcome.said.end(), '\n', ' ');
  std::fprintf(out, "%d %s\n", static_cast<int>(outcome.kind), outcome.said.c_str());
  std::fflush(out);
}

void read_outcomes(const fs::path& file, std::vector<Outcome>* outcomes) {
  std::ifstream in(file);
  for (std::string line; std::getline(in, line);) {
    outcomes->push_back({static_cast<Outcome::Kind>(line.at(0) - '0'), line.substr(2)});
  }
}

int wait_for(pid_t child) {
  int status = 0;
  OPS_ASSERT(::waitpid(child, &status, 0) == child);
  return status;
}

}  // namespace

const char* name_of(Outcome::Kind kind) {
  constexpr const char* kNames[kOutcomeKinds] = {"told", "unnamed", "silent", "different",
                                                 "crashed"};
  return kNames[static_cast<int>(kind)];
}

Outcome::Kind judge(const std::string& said, const std::string& file, bool different) {
  if (different) return Outcome::Kind::kDifferent;
  if (said.empty()) return Outcome::Kind::kSilent;
  return names_place(said, file) ? Outcome::Kind::kTold : Outcome::Kind::kUnnamed;
}

Outcome try_directory(const Reference& reference, const Mutation& mutation,
                      const fs::path& directory) {
  copy_mutated(reference.directory, directory, mutation);
  std::string said = verify_says(directory, reference);
  const bool different =
      is_worth_a_start(mutation) &&
      start_differs(reference, directory, mutation.file.starts_with("tables/"), &said);
  return {judge(said, mutation.file, different), said};
}

void in_child(const std::function<void()>& body) {
  const pid_t child = ::fork();
  if (child == 0) {
    body();
    ::_exit(0);
  }
  OPS_ASSERT(wait_for(child) == 0);
}

Reference read_reference(const fs::path& directory, const fs::path& scratch) {
  Reference reference{directory, {}, {}, {}};
  const fs::path copy = scratch / "data";
  copy_mutated(directory, copy, {Mutation::Kind::kRemove, "no such file"});
  in_child([&] {
    const VerifyReport report = verify_ledger({.directory = copy});
    if (report.verdict != VerifyVerdict::kGood) std::cerr << report.message << std::endl;
    OPS_ASSERT(report.verdict == VerifyVerdict::kGood);
    std::ofstream notes(scratch / "notes");
    for (const auto& note : report.notes) notes << note << "\n";
    std::ofstream(scratch / "ledger") << ledger_contents(copy).value();
    const auto tables = table_contents(copy / "tables");
    for (const auto& [name, text] : *tables) {
      std::ofstream(scratch / ("table." + name)) << text;
    }
  });
  reference.ledger = read_all(scratch / "ledger");
  std::ifstream notes(scratch / "notes");
  for (std::string note; std::getline(notes, note);) reference.notes.push_back(note);
  for (const std::string& file : files_in(scratch)) {
    if (file.starts_with("table.")) reference.tables[file.substr(6)] = read_all(scratch / file);
  }
  return reference;
}

std::vector<Outcome> try_all(const std::vector<Mutation>& mutations, const fs::path& scratch,
                             const Trial& trial) {
  std::vector<Outcome> outcomes;
  const fs::path answers = scratch / "outcomes";
  while (outcomes.size() < mutations.size()) {
    const std::size_t from = outcomes.size();
    const std::size_t to = std::min(from + kTrialsPerChild, mutations.size());
    fs::remove(answers);
    const pid_t child = ::fork();
    if (child == 0) {
      std::FILE* out = std::fopen(answers.c_str(), "w");
      for (std::size_t i = from; i < to; ++i) {
        write_outcome(out, trial(mutations[i]));
      }
      ::_exit(0);
    }
    const int status = wait_for(child);
    read_outcomes(answers, &outcomes);
    if (status != 0) {
      outcomes.push_back({Outcome::Kind::kCrashed, "status " + std::to_string(status)});
    }
  }
  return outcomes;
}

}  // namespace opsledger::testing_support
