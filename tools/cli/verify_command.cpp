// verify: hash everything again. Exit 0 good, 1 evidence of tampering, 2 could not check.
#include <boost/json.hpp>
#include <charconv>
#include <memory>

#include "kernel/app/maintenance.hpp"
#include "tools/cli/commands.hpp"
#include "tools/cli/progress.hpp"

namespace opsledger::cli {
namespace {

constexpr int kCouldNotCheck = 2;

struct VerifyCommand {
  PlaceOptions place;
  std::string root;  ///< SIZE:HEX
  bool json = false;
};

/// `SIZE:HEX`, a root somebody noted down earlier.
Status parse_root(const std::string& text, VerifyRequest* request) {
  const auto colon = text.find(':');
  Bytes bytes;
  const auto digits = text.substr(0, colon);
  const auto [end, failed] =
      std::from_chars(digits.data(), digits.data() + digits.size(), request->expected_size);
  if (colon == std::string::npos || failed != std::errc() || end != digits.data() + digits.size() ||
      !unhex(text.substr(colon + 1), &bytes) ||
      bytes.size() != request->expected_root.bytes.size()) {
    return Error{Code::kInvalid, "verify.root",
                 "--root '" + text + "' is not SIZE:HEX (64 hexadecimal digits)"};
  }
  std::copy(bytes.begin(), bytes.end(), request->expected_root.bytes.begin());
  return {};
}

std::string to_json(const VerifyOutcome& outcome) {
  constexpr const char* kVerdicts[] = {"good", "tampered", "unchecked"};
  return boost::json::serialize(
      boost::json::object{{"verdict", kVerdicts[outcome.exit_code]},
                          {"message", outcome.message},
                          {"notes", boost::json::array(outcome.notes.begin(), outcome.notes.end())},
                          {"ledger", outcome.ledger},
                          {"events", outcome.events},
                          {"commits", outcome.commits},
                          {"root", hex(outcome.root.bytes)}});
}

int run_verify(const VerifyCommand& command) {
  Config config;
  VerifyRequest request;
  auto status = command.place.load(&config);
  if (status.ok() && !command.root.empty()) status = parse_root(command.root, &request);
  if (!status.ok()) {
    print_error(status.error());
    return kCouldNotCheck;
  }
  request.data_directory = config.data_directory;
  Progress progress("verifying", 0, "events");
  request.progress = [&](std::uint64_t done, std::uint64_t total) {
    progress.set_total(total);
    progress.update(done);
  };
  const auto outcome = verify_data(request);
  if (command.json) {
    print_line(to_json(outcome));
    return outcome.exit_code;
  }
  for (const auto& note : outcome.notes)
    std::fprintf(stderr, "opsledger: note: %s\n", note.c_str());
  if (outcome.exit_code == 0) {
    print_line("good: " + std::to_string(outcome.events) + " events of ledger " + outcome.ledger +
               ", root " + hex(outcome.root.bytes));
    print_line(
        "(a log cannot prove that something was never appended; keep roots elsewhere and "
        "give one back with --root)");
  } else {
    std::fprintf(stderr, "opsledger: %s: %s\n",
                 outcome.exit_code == 1 ? "EVIDENCE OF TAMPERING" : "could not check",
                 outcome.message.c_str());
  }
  return outcome.exit_code;
}

}  // namespace

void add_verify(CommandLine& line) {
  auto o = std::make_shared<VerifyCommand>();
  auto* command = line.add(&line.app, "verify",
                           "Hash every stored event again; name the first bad record (0 good, 1 "
                           "tampering, 2 not checked)",
                           "opsledger verify --data ./opsledger-data");
  o->place.add_data(command);
  command->add_option("--root", o->root, "a root noted earlier, SIZE:HEX, to hold against it");
  command->add_flag("--json", o->json, "print the report as JSON");
  line.on_run(command, [o] { return run_verify(*o); });
}

}  // namespace opsledger::cli
