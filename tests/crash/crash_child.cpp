// crash_child DIR RUN SEED [POINT NTH]: does everything that a busy server does to the ledger, the
// tables and the backups in DIR until it is killed, by others or by itself at a kill point. Says
// on standard output what callers are told, a line each, written whole:
//   = <run> <number> <first> <last>   acknowledged
//   ? <run> <number> <events>         an append with a key begins
//   # <size> <root>                   a root was handed out
//   b <id> <position>                 a backup was taken
//   ! <point>                         killed here
#include <unistd.h>

#include <cstdarg>
#include <cstdio>
#include <thread>

#include "tests/crash/kill_points.hpp"
#include "tests/faults/world.hpp"

namespace opsledger::testing_support {
namespace {

constexpr int kCompetitors = 2;  // beside the one that does everything

[[gnu::format(printf, 1, 2)]] void say(const char* format, ...) {
  char line[200];
  va_list values;
  va_start(values, format);
  const int size = std::vsnprintf(line, sizeof line, format, values);
  va_end(values);
  OPS_ASSERT(::write(STDOUT_FILENO, line, static_cast<std::size_t>(size)) == size);
}

using Number = unsigned long long;

void tell_everything(World* world) {
  world->observer.acknowledged = [](Ticket ticket, const AppendOutcome& outcome) {
    say("= %llu %llu %llu %llu\n", Number(ticket.run), Number(ticket.number),
        Number(outcome.first.value), Number(outcome.last.value));
  };
  world->observer.asking = [](Ticket ticket, std::size_t events) {
    say("? %llu %llu %llu\n", Number(ticket.run), Number(ticket.number), Number(events));
  };
  world->observer.handed_out = [](const TreeHead& head) {
    say("# %llu %s\n", Number(head.position.value), hex(head.root.bytes).c_str());
  };
  world->observer.backed_up = [](const BackupMade& made) {
    say("b %llu %llu\n", Number(made.id), Number(made.position.value));
  };
}

int run(const char* directory, std::uint64_t run, std::uint64_t seed) {
  const auto env = rocksdb::NewCompositeEnv(make_killing_file_system());
  World world(env.get(), directory, run, seed);
  tell_everything(&world);
  const auto opened = world.open();
  if (!opened.ok()) {
    std::fprintf(stderr, "%s\n", opened.error().message.c_str());
    return 2;
  }
  say("# 0 open\n");
  std::vector<std::thread> competitors;
  for (int i = 0; i < kCompetitors; ++i) {
    competitors.emplace_back([&world, seed, i] {
      Random random(seed * 31 + static_cast<std::uint64_t>(i));
      for (;;) {
        world.append_counter(random);
        std::this_thread::sleep_for(std::chrono::microseconds(random() % 300));
      }
    });
  }
  for (;;) world.do_something();
}

}  // namespace
}  // namespace opsledger::testing_support

int main(int count, char** values) {
  if (count != 4 && count != 6) return 1;
  if (count == 6) opsledger::testing_support::kill_at(values[4], std::stoull(values[5]));
  return opsledger::testing_support::run(values[1], std::stoull(values[2]), std::stoull(values[3]));
}
