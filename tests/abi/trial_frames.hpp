// What passes through the trial's socket: length-prefixed structs in the SDK's own format.
#pragma once

#include <opsledger/kit/runner.hpp>

#include <sys/socket.h>
#include <unistd.h>

#include <cstring>
#include <stdexcept>
#include <string>
#include <vector>

namespace trial {

enum class Op {
  describe,
  create,
  fold,
  save,
  restore,
  destroy,
  load_tags,
  series,
  decide,
  keys,
  apply,
  react,
  upcast
};
OPS_ENUM(Op, describe, create, fold, save, restore, destroy, load_tags, series, decide, keys, apply,
         react, upcast)

struct RowChange {
  std::uint64_t position = 0;
  std::string key;
  std::optional<std::string> row;  ///< nothing: erased, or (sent along) known to be missing
  template <class A>
  void serialize(A& ar) {
    ar(NVP(position), NVP(key), NVP(row));
  }
};

/// Parent → child. `place`: model, command, table or reaction; `part`: load or upcast.
struct Request {
  Op op{};
  std::uint32_t place = 0, part = 0;
  std::uint64_t state = 0;
  std::string data;
  std::vector<std::vector<std::uint64_t>> states;
  std::vector<ops::kit::Delivered> events;
  ops::kit::EnvelopeValue envelope;
  std::vector<RowChange> rows;
  template <class A>
  void serialize(A& ar) {
    ar(NVP(op), NVP(place), NVP(part), NVP(state), NVP(data), NVP(states), NVP(events),
       NVP(envelope), NVP(rows));
  }
};

/// Child → parent. With `wanted_row` set it is a question in the middle of an apply, answered by a
/// Request whose `rows` has that row.
struct Answer {
  std::optional<std::string> wanted_row, failure;
  std::uint64_t failed_at = 0, state = 0;
  ops::kit::Outcome outcome;
  std::vector<RowChange> changes;
  ops::kit::ModuleValue module;
  template <class A>
  void serialize(A& ar) {
    ar(NVP(wanted_row), NVP(failure), NVP(failed_at), NVP(state), NVP(outcome), NVP(changes),
       NVP(module));
  }
};

inline void write_all(int socket, const char* data, std::size_t size) {
  while (size > 0) {
    const auto n = ::send(socket, data, size, MSG_NOSIGNAL);
    if (n <= 0) throw std::runtime_error("the other process is gone");
    data += n;
    size -= static_cast<std::size_t>(n);
  }
}
inline void read_all(int socket, char* data, std::size_t size) {
  while (size > 0) {
    const auto n = ::recv(socket, data, size, 0);
    if (n <= 0) throw std::runtime_error("the other process is gone");
    data += n;
    size -= static_cast<std::size_t>(n);
  }
}

template <class T>
void send_frame(int socket, const T& value) {
  const std::string bytes = ops::to_bytes(value);
  const auto size = static_cast<std::uint32_t>(bytes.size());
  write_all(socket, reinterpret_cast<const char*>(&size), sizeof size);
  write_all(socket, bytes.data(), bytes.size());
}
template <class T>
T receive_frame(int socket) {
  std::uint32_t size = 0;
  read_all(socket, reinterpret_cast<char*>(&size), sizeof size);
  std::string bytes(size, '\0');
  read_all(socket, bytes.data(), size);
  return ops::from_bytes<T>(bytes);
}

}  // namespace trial
