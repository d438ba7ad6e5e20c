#include "kernel/app/control_socket.hpp"

#include <poll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <cerrno>
#include <charconv>
#include <cstring>
#include <filesystem>

namespace opsledger {
namespace {

constexpr std::size_t kControlBytesMax = 64 * 1024;
constexpr int kRequestTimeoutMs = 5'000;  ///< for the caller to send its line

std::string path_in(const std::string& directory) {
  return (std::filesystem::path(directory) / "CONTROL").string();
}

Error io_error(const std::string& path, const char* what) {
  return {Code::kIo, "control.io", path + ": " + what + ": " + std::strerror(errno)};
}

bool make_address(const std::string& path, sockaddr_un* address) {
  address->sun_family = AF_UNIX;
  if (path.size() >= sizeof address->sun_path) return false;
  std::memcpy(address->sun_path, path.c_str(), path.size() + 1);
  return true;
}

/// Reads up to the first newline; empty on anything else. `timeout_ms` < 0 = for ever.
std::string read_line(int socket, int timeout_ms) {
  std::string line;
  char part[4096];
  while (line.size() < kControlBytesMax) {
    pollfd ready{socket, POLLIN, 0};
    if (poll(&ready, 1, timeout_ms) != 1) return {};
    const auto got = read(socket, part, sizeof part);
    if (got <= 0) return {};
    line.append(part, static_cast<std::size_t>(got));
    if (const auto end = line.find('\n'); end != std::string::npos) return line.substr(0, end);
  }
  return {};
}

void write_line(int socket, std::string line) {
  for (char& c : line) {
    if (c == '\n') c = ' ';
  }
  line += '\n';
  std::string_view rest = line;
  while (!rest.empty()) {
    const auto sent = send(socket, rest.data(), rest.size(), MSG_NOSIGNAL);
    if (sent <= 0) return;
    rest.remove_prefix(static_cast<std::size_t>(sent));
  }
}

/// Takes the first word off `text`.
std::string_view take_word(std::string_view* text) {
  const auto end = std::min(text->find(' '), text->size());
  const auto word = text->substr(0, end);
  text->remove_prefix(std::min(end + 1, text->size()));
  return word;
}

}  // namespace

Result<std::unique_ptr<ControlSocket>> ControlSocket::open(const std::string& data_directory,
                                                           Handler handler) {
  const auto path = path_in(data_directory);
  sockaddr_un address{};
  if (!make_address(path, &address)) {
    return Error{Code::kInvalid, "control.path",
                 path + " is longer than a socket's path may be; use a shorter --data"};
  }
  unlink(path.c_str());  // the lock of the directory is ours: whoever made it is gone
  const int listener = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const int wake = eventfd(0, EFD_CLOEXEC);
  const bool bound = listener >= 0 && wake >= 0 &&
                     bind(listener, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0 &&
                     chmod(path.c_str(), S_IRUSR | S_IWUSR) == 0 && listen(listener, 4) == 0;
  if (!bound) {
    const auto error = io_error(path, "cannot listen");
    if (listener >= 0) close(listener);
    if (wake >= 0) close(wake);
    return error;
  }
  return std::unique_ptr<ControlSocket>(
      new ControlSocket(path, listener, wake, std::move(handler)));
}

ControlSocket::ControlSocket(std::string path, int listener, int wake, Handler handler)
    : path_(std::move(path)), listener_(listener), wake_(wake), handler_(std::move(handler)) {
  thread_ = std::thread([this] { run(); });
}

ControlSocket::~ControlSocket() {
  const std::uint64_t one = 1;
  OPS_ASSERT(write(wake_, &one, sizeof one) == sizeof one);
  thread_.join();
  close(listener_);
  close(wake_);
  unlink(path_.c_str());
}

void ControlSocket::run() {
  for (;;) {
    pollfd ready[2] = {{listener_, POLLIN, 0}, {wake_, POLLIN, 0}};
    if (poll(ready, 2, -1) < 0 && errno != EINTR) return;
    if (ready[1].revents != 0) return;
    if (ready[0].revents == 0) continue;
    const int connection = accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
    if (connection < 0) continue;
    serve(connection);
    close(connection);
  }
}

void ControlSocket::serve(int connection) {
  const std::string line = read_line(connection, kRequestTimeoutMs);
  std::string_view rest = line;
  const auto word = take_word(&rest);
  const auto answer = handler_(word, rest);
  if (answer) return write_line(connection, "ok " + answer.value());
  const auto& error = answer.error();
  write_line(connection, "error " + std::to_string(static_cast<int>(error.code)) + " " +
                             (error.reason.empty() ? "-" : error.reason) + " " + error.message);
}

Result<std::string> ask_server(const std::string& data_directory, const std::string& request) {
  const auto path = path_in(data_directory);
  const Error unreachable{Code::kNotReady, "control.unreachable",
                          "the server of " + data_directory +
                              " does not answer on its CONTROL socket; is it stopping?"};
  sockaddr_un address{};
  if (!make_address(path, &address)) return unreachable;
  const int connection = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (connection < 0) return io_error(path, "cannot open a socket");
  std::string line;
  if (connect(connection, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0) {
    write_line(connection, request);
    line = read_line(connection, -1);
  }
  close(connection);
  std::string_view rest = line;
  const auto verdict = take_word(&rest);
  if (verdict == "ok") return std::string(rest);
  if (verdict != "error") return unreachable;
  int code = static_cast<int>(Code::kInternal);
  const auto number = take_word(&rest);
  std::from_chars(number.data(), number.data() + number.size(), code);
  const auto reason = take_word(&rest);
  return Error{static_cast<Code>(code), std::string(reason), std::string(rest)};
}

}  // namespace opsledger
