#include "tests/abi/trial_host.hpp"

#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>

#include "tests/abi/trial_child.hpp"
#include "tests/abi/trial_frames.hpp"

namespace trial {

using ops::kit::Delivered;
using ops::kit::EnvelopeValue;
using ops::kit::Outcome;
using ops::kit::PluginFailure;
using ops::kit::RowStore;

RemoteRunner::RemoteRunner(const std::string& path, const std::string& module) {
  int sockets[2];
  if (::socketpair(AF_UNIX, SOCK_STREAM, 0, sockets) != 0) throw std::runtime_error("socketpair");
  child_ = ::fork();
  if (child_ < 0) throw std::runtime_error("fork");
  if (child_ == 0) {
    ::close(sockets[0]);
    ::_exit(serve(sockets[1], path, module));
  }
  ::close(sockets[1]);
  socket_ = sockets[0];
  module_ = ask({Op::describe}).module;
}

RemoteRunner::~RemoteRunner() {
  ::close(socket_);  // the child's next read ends it
  ::waitpid(child_, nullptr, 0);
}

Answer RemoteRunner::ask(const Request& request, RowStore* rows) {
  send_frame(socket_, request);
  ++round_trips_;
  auto answer = receive_frame<Answer>(socket_);
  while (answer.wanted_row) {
    Request row;
    row.rows.push_back({0, *answer.wanted_row, rows->get(*answer.wanted_row)});
    send_frame(socket_, row);
    ++round_trips_;
    answer = receive_frame<Answer>(socket_);
  }
  if (rows != nullptr) {
    for (const auto& change : answer.changes) {
      if (change.row)
        rows->put(change.position, change.key, *change.row);
      else
        rows->erase(change.position, change.key);
    }
  }
  if (answer.failure) throw PluginFailure(answer.failed_at, *answer.failure);
  return answer;
}

RemoteRunner::State RemoteRunner::create(std::uint32_t model) {
  return ask({Op::create, model}).state;
}

void RemoteRunner::fold(std::uint32_t model, State state, std::span<const Delivered> events) {
  ask({Op::fold, model, 0, state, "", {}, {events.begin(), events.end()}});
}

std::string RemoteRunner::save(std::uint32_t model, State state) {
  return ask({Op::save, model, 0, state}).outcome.reply;
}

RemoteRunner::State RemoteRunner::restore(std::uint32_t model, const std::string& saved) {
  return ask({Op::restore, model, 0, 0, saved}).state;
}

void RemoteRunner::destroy(std::uint32_t model, State state) {
  ask({Op::destroy, model, 0, state});
}

Outcome RemoteRunner::load_tags(std::uint32_t command, std::uint32_t load, const std::string& data,
                                const States& before) {
  return ask({Op::load_tags, command, load, 0, data, before}).outcome;
}

Outcome RemoteRunner::series(std::uint32_t command, const std::string& data,
                             const EnvelopeValue& envelope) {
  return ask({Op::series, command, 0, 0, data, {}, {}, envelope}).outcome;
}

Outcome RemoteRunner::decide(std::uint32_t command, const std::string& data, const States& states,
                             const EnvelopeValue& envelope) {
  return ask({Op::decide, command, 0, 0, data, states, {}, envelope}).outcome;
}

std::vector<std::string> RemoteRunner::keys(std::uint32_t table,
                                            std::span<const Delivered> events) {
  return ask({Op::keys, table, 0, 0, "", {}, {events.begin(), events.end()}}).outcome.keys;
}

void RemoteRunner::apply(std::uint32_t table, std::span<const Delivered> events, RowStore& rows) {
  Request request{Op::apply, table, 0, 0, "", {}, {events.begin(), events.end()}};
  for (const auto& key : keys(table, events)) request.rows.push_back({0, key, rows.get(key)});
  ask(request, &rows);
}

Outcome RemoteRunner::react(std::uint32_t reaction, std::span<const Delivered> events) {
  return ask({Op::react, reaction, 0, 0, "", {}, {events.begin(), events.end()}}).outcome;
}

std::string RemoteRunner::upcast(std::uint32_t event_type, std::uint32_t upcast,
                                 const std::string& data) {
  return ask({Op::upcast, event_type, upcast, 0, data}).outcome.reply;
}

}  // namespace trial
