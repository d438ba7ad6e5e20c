#include "tests/abi/trial_child.hpp"

#include <opsledger/kit/library.hpp>
#include <opsledger/kit/local_runner.hpp>

#include <map>

#include "tests/abi/trial_frames.hpp"

namespace trial {

namespace {

using ops::kit::LocalRunner;
using ops::kit::PluginFailure;

/// Rows that came along; others are asked for one by one. Changes are kept for the answer.
class SentRows : public ops::kit::RowStore {
 public:
  SentRows(int socket, const std::vector<RowChange>& rows) : socket_(socket) {
    for (const auto& row : rows) known_[row.key] = row.row;
  }
  std::optional<std::string> get(std::string_view key) override {
    const auto found = known_.find(std::string(key));
    if (found != known_.end()) return found->second;
    Answer question;
    question.wanted_row = std::string(key);
    send_frame(socket_, question);
    const auto reply = receive_frame<Request>(socket_);
    return known_[std::string(key)] = reply.rows.at(0).row;
  }
  void put(std::uint64_t position, std::string_view key, std::string_view row) override {
    known_[std::string(key)] = std::string(row);
    changes_.push_back({position, std::string(key), std::string(row)});
  }
  void erase(std::uint64_t position, std::string_view key) override {
    known_[std::string(key)] = std::nullopt;
    changes_.push_back({position, std::string(key), std::nullopt});
  }
  std::vector<RowChange> take() { return std::move(changes_); }

 private:
  int socket_;
  std::map<std::string, std::optional<std::string>> known_;
  std::vector<RowChange> changes_;
};

void run_states(LocalRunner& runner, const Request& q, Answer& a) {
  switch (q.op) {
    case Op::create:
      a.state = runner.create(q.place);
      break;
    case Op::fold:
      runner.fold(q.place, q.state, q.events);
      break;
    case Op::save:
      a.outcome.reply = runner.save(q.place, q.state);
      break;
    case Op::restore:
      a.state = runner.restore(q.place, q.data);
      break;
    default:
      runner.destroy(q.place, q.state);
      break;
  }
}

void run(LocalRunner& runner, int socket, const Request& q, Answer& a) {
  switch (q.op) {
    case Op::describe:
      a.module = runner.module();
      break;
    case Op::load_tags:
      a.outcome = runner.load_tags(q.place, q.part, q.data, q.states);
      break;
    case Op::series:
      a.outcome = runner.series(q.place, q.data, q.envelope);
      break;
    case Op::decide:
      a.outcome = runner.decide(q.place, q.data, q.states, q.envelope);
      break;
    case Op::keys:
      a.outcome.keys = runner.keys(q.place, q.events);
      break;
    case Op::react:
      a.outcome = runner.react(q.place, q.events);
      break;
    case Op::upcast:
      a.outcome.reply = runner.upcast(q.place, q.part, q.data);
      break;
    case Op::apply: {
      SentRows rows(socket, q.rows);
      try {
        runner.apply(q.place, q.events, rows);
      } catch (const PluginFailure& failure) {
        a.failure = failure.what();
        a.failed_at = failure.position();
      }
      a.changes = rows.take();
      break;
    }
    default:
      run_states(runner, q, a);
      break;
  }
}

}  // namespace

int serve(int socket, const std::string& path, const std::string& module) {
  try {
    ops::kit::PluginLibrary library(path);
    LocalRunner runner(library.module(module.c_str()));
    while (true) {
      const auto request = receive_frame<Request>(socket);
      Answer answer;
      try {
        run(runner, socket, request, answer);
      } catch (const PluginFailure& failure) {
        answer.failure = failure.what();
        answer.failed_at = failure.position();
      }
      send_frame(socket, answer);
    }
  } catch (const std::exception& error) {
    return std::string(error.what()) == "the other process is gone" ? 0 : 1;
  }
}

}  // namespace trial
