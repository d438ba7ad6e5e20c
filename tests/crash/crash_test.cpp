// kill -9 at random moments and at every kill point: nothing acknowledged is lost, nothing
// half-written is visible, tables equal a rebuild. $OPSLEDGER_CRASH_ROUNDS rounds (16), seed from
// $OPSLEDGER_SEED, one point only with $OPSLEDGER_CRASH_POINT.
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <sstream>

#include "tests/crash/kill_points.hpp"
#include "tests/faults/campaign.hpp"
#include "tests/faults/world.hpp"

namespace opsledger::testing_support {
namespace {

constexpr int kLifeMsMax = 150;    // of a child after its first word
constexpr int kPointLifeMs = 400;  // of a child that should meet its point
constexpr std::uint64_t kRoundsPerDirectory = 10;
constexpr unsigned kRoundSecondsMax = 120;

/// The child process and the read end of its standard output.
struct Child {
  pid_t pid = -1;
  int out = -1;
};

Child start_child(const std::vector<std::string>& arguments) {
  int ends[2];
  OPS_ASSERT(::pipe2(ends, O_CLOEXEC) == 0);
  std::vector<char*> values;
  for (const auto& argument : arguments) values.push_back(const_cast<char*>(argument.c_str()));
  values.push_back(nullptr);
  const auto program =  // beside this one
      std::filesystem::read_symlink("/proc/self/exe").parent_path() / "crash_child";
  const pid_t pid = ::fork();
  if (pid == 0) {
    ::dup2(ends[1], STDOUT_FILENO);
    ::execv(program.c_str(), values.data());
    ::_exit(127);
  }
  ::close(ends[1]);
  return {pid, ends[0]};
}

/// Reads what the child says until `milliseconds` after its first word, kills it unless it did so
/// itself, and reads the rest: what stands in the pipe was said.
std::string run_and_kill(const Child& child, int milliseconds) {
  std::string text;
  char buffer[4096];
  auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(30);
  for (bool killed = false;;) {
    pollfd out{child.out, POLLIN, 0};
    ::poll(&out, 1, 1);
    if (out.revents != 0) {
      const ssize_t got = ::read(child.out, buffer, sizeof buffer);
      if (got <= 0) break;
      if (text.empty()) {
        deadline = std::chrono::steady_clock::now() + std::chrono::milliseconds(milliseconds);
      }
      text.append(buffer, static_cast<std::size_t>(got));
    }
    if (killed || std::chrono::steady_clock::now() < deadline) continue;
    ::kill(child.pid, SIGKILL);
    killed = true;
  }
  ::close(child.out);
  int status = 0;
  ::waitpid(child.pid, &status, 0);
  EXPECT_TRUE(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL)
      << "the child ended by itself, status " << status;
  return text;
}

Hash hash_of(const std::string& text) {
  Hash hash;
  Bytes bytes;
  EXPECT_TRUE(unhex(text, &bytes) && bytes.size() == hash.bytes.size()) << text;
  std::copy(bytes.begin(), bytes.end(), hash.bytes.begin());
  return hash;
}

class CrashRounds {
 public:
  explicit CrashRounds(std::uint64_t seed) : random_(seed), points_(kill_points()) {
    if (const char* only = std::getenv("OPSLEDGER_CRASH_POINT")) points_ = {only};
    next_point_ = random_() % points_.size();
  }

  void run(std::uint64_t rounds) {
    for (std::uint64_t round = 0; round < rounds && !::testing::Test::HasFailure(); ++round) {
      SCOPED_TRACE("round " + std::to_string(round));
      const RoundGuard guard(kRoundSecondsMax);
      if (round % kRoundsPerDirectory == 0) renew();
      live_and_die(round % 4 == 3);
      world_->check_files(directory_->path());
      if (random_() % 4 != 0) open_and_check();  // else the next child recovers, and may not end it
    }
  }

  std::uint64_t acknowledged() const { return acknowledged_; }
  const std::map<std::string, std::uint64_t>& killed_at() const { return killed_at_; }

 private:
  void renew() {
    world_.reset();
    directory_ = std::make_unique<RoundDirectory>();
    world_ = std::make_unique<World>(nullptr, directory_->path(), 1, random_());
  }

  void live_and_die(bool at_random) {
    const std::string run = std::to_string(++run_);
    world_->promises().knows_run(run_);
    std::vector<std::string> arguments = {"crash_child", directory_->path().string(), run,
                                          std::to_string(random_())};
    if (!at_random) {
      arguments.push_back(points_[next_point_++ % points_.size()]);
      arguments.push_back(std::to_string(1 + random_() % (random_() % 2 == 0 ? 2 : 30)));
      SCOPED_TRACE(arguments[4] + " " + arguments[5]);
      note(run_and_kill(start_child(arguments), kPointLifeMs));
    } else {
      note(run_and_kill(start_child(arguments), static_cast<int>(random_() % kLifeMsMax)));
    }
  }

  void note(const std::string& text) {
    std::istringstream lines(text);
    for (std::string line; std::getline(lines, line);) note_line(line);
  }

  void note_line(const std::string& line) {
    std::istringstream words(line.substr(1));
    Ticket ticket;
    std::uint64_t a = 0, b = 0;
    std::string word;
    switch (line[0]) {
      case '=':
        ASSERT_TRUE(words >> ticket.run >> ticket.number >> a >> b) << line;
        world_->promises().acknowledged(ticket, {{a}, {b}, {}, false});
        world_->answered(ticket);
        ++acknowledged_;
        return;
      case '?':
        ASSERT_TRUE(words >> ticket.run >> ticket.number >> a) << line;
        return world_->unanswered(ticket, a);
      case '#':
        ASSERT_TRUE(words >> a >> word) << line;
        if (a > 0) world_->promises().handed_out({{a}, hash_of(word), {}});
        return;
      case 'b':
        ASSERT_TRUE(words >> a >> b) << line;
        return world_->note_backup({static_cast<std::uint32_t>(a), {b}});
      default:
        ASSERT_TRUE(line[0] == '!' && words >> word) << line;
        ++killed_at_[word];
    }
  }

  void open_and_check() {
    const auto opened = world_->open();
    ASSERT_TRUE(opened.ok()) << opened.error().message;
    world_->check_everything();
    world_->close();
  }

  Random random_;
  std::vector<std::string> points_;
  std::size_t next_point_ = 0;
  std::uint64_t run_ = 1;
  std::unique_ptr<RoundDirectory> directory_;
  std::unique_ptr<World> world_;
  std::uint64_t acknowledged_ = 0;
  std::map<std::string, std::uint64_t> killed_at_;
};

TEST(Crash, KilledProgramKeepsEveryPromise) {
  const std::uint64_t rounds = from_environment("OPSLEDGER_CRASH_ROUNDS", 16);
  const std::uint64_t seed = campaign_seed();
  SCOPED_TRACE("OPSLEDGER_SEED=" + std::to_string(seed));
  CrashRounds campaign(seed);
  campaign.run(rounds);
  EXPECT_GT(campaign.acknowledged(), rounds);
  std::string never;
  for (const auto& point : kill_points()) {
    if (!campaign.killed_at().contains(point)) never += " " + point;
  }
  const bool had_the_chance = rounds >= 10 * kill_points().size();
  EXPECT_TRUE(never.empty() || !had_the_chance) << "never killed at" << never;
  print_campaign("crash", seed, rounds,
                 "acknowledged=" + std::to_string(campaign.acknowledged()) +
                     " points=" + std::to_string(campaign.killed_at().size()));
}

}  // namespace
}  // namespace opsledger::testing_support
