// Real servers on loopback that record what reaches them: one HTTP, one SMTP.
#pragma once

#include <arpa/inet.h>
#include <sys/socket.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstring>
#include <functional>
#include <map>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "storage/base/assert.hpp"

namespace opsledger::testing {

/// A blocking connection's text, line by line.
class LineSocket {
 public:
  explicit LineSocket(int socket) : socket_(socket) {
    const timeval limit{5, 0};
    ::setsockopt(socket_, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
  }
  ~LineSocket() { ::close(socket_); }
  LineSocket(const LineSocket&) = delete;

  /// Without the line's end; false when the peer is gone.
  bool line(std::string* out) {
    for (auto end = buffer_.find("\r\n"); end == std::string::npos; end = buffer_.find("\r\n")) {
      if (!more()) return false;
    }
    const auto end = buffer_.find("\r\n");
    *out = buffer_.substr(0, end);
    buffer_.erase(0, end + 2);
    return true;
  }
  bool bytes(std::size_t count, std::string* out) {
    while (buffer_.size() < count) {
      if (!more()) return false;
    }
    *out = buffer_.substr(0, count);
    buffer_.erase(0, count);
    return true;
  }
  void send(const std::string& text) { ::send(socket_, text.data(), text.size(), MSG_NOSIGNAL); }

 private:
  bool more() {
    char part[4'096];
    const auto size = ::recv(socket_, part, sizeof part, 0);
    if (size <= 0) return false;
    buffer_.append(part, static_cast<std::size_t>(size));
    return true;
  }
  const int socket_;
  std::string buffer_;
};

/// Accepts on an ephemeral port of 127.0.0.1; each connection is served on a thread of its own.
class LocalServer {
 public:
  explicit LocalServer(std::function<void(LineSocket&)> serve) : serve_(std::move(serve)) {
    listener_ = ::socket(AF_INET, SOCK_STREAM, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    OPS_ASSERT(::bind(listener_, reinterpret_cast<sockaddr*>(&address), size) == 0);
    OPS_ASSERT(::listen(listener_, 64) == 0);
    ::getsockname(listener_, reinterpret_cast<sockaddr*>(&address), &size);
    port_ = ntohs(address.sin_port);
    accepting_ = std::thread([this] { accept(); });
  }
  ~LocalServer() {
    ::shutdown(listener_, SHUT_RDWR);
    accepting_.join();
    ::close(listener_);
    for (auto& thread : threads_) thread.join();
  }
  std::uint16_t port() const { return port_; }
  std::string place() const { return "127.0.0.1:" + std::to_string(port_); }

 private:
  void accept() {
    while (true) {
      const int socket = ::accept(listener_, nullptr, nullptr);
      if (socket < 0) return;
      threads_.emplace_back([this, socket] {
        LineSocket connection(socket);
        serve_(connection);
      });
    }
  }
  const std::function<void(LineSocket&)> serve_;
  int listener_ = -1;
  std::uint16_t port_ = 0;
  std::vector<std::thread> threads_;
  std::thread accepting_;
};

/// What one server has seen; waits for more.
template <class Item>
class Seen {
 public:
  void add(Item item) {
    const std::lock_guard lock(mutex_);
    items_.push_back(std::move(item));
    changed_.notify_all();
  }
  /// All, as soon as there are `count`, or what there is after ten seconds.
  std::vector<Item> wait(std::size_t count) {
    std::unique_lock lock(mutex_);
    changed_.wait_for(lock, std::chrono::seconds(10), [&] { return items_.size() >= count; });
    return items_;
  }
  std::size_t size() {
    const std::lock_guard lock(mutex_);
    return items_.size();
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<Item> items_;
};

struct HttpRequest {
  std::string target, body;
  std::map<std::string, std::string> headers;  ///< names in lower case
};

class HttpEndpoint {
 public:
  /// The whole answer to a request; empty = close without one.
  using Answer = std::function<std::string(const HttpRequest&)>;
  explicit HttpEndpoint(Answer answer)
      : answer_(std::move(answer)), server_([this](LineSocket& s) { serve(s); }) {}

  static std::string ok(const std::string& body, const std::string& status = "200 OK") {
    return "HTTP/1.1 " + status + "\r\nContent-Length: " + std::to_string(body.size()) +
           "\r\nConnection: close\r\n\r\n" + body;
  }
  std::string url(const std::string& path = "/hook") const {
    return "http://" + server_.place() + path;
  }
  std::string place() const { return server_.place(); }
  Seen<HttpRequest> seen;

 private:
  void serve(LineSocket& socket) {
    HttpRequest request;
    std::string line;
    if (!socket.line(&line)) return;
    request.target = line.substr(line.find(' ') + 1);
    request.target.resize(request.target.find(' '));
    while (socket.line(&line) && !line.empty()) {
      auto name = line.substr(0, line.find(':'));
      for (char& c : name) c = static_cast<char>(std::tolower(c));
      request.headers[name] = line.substr(line.find(':') + 2);
    }
    const auto length = request.headers.find("content-length");
    if (length != request.headers.end()) socket.bytes(std::stoul(length->second), &request.body);
    seen.add(request);
    socket.send(answer_(request));
  }
  const Answer answer_;
  LocalServer server_;
};

struct ReceivedMail {
  std::string from, to, login, text;
  unsigned recipients = 0;
};

/// Takes mail over plain SMTP; `refuse_with` answers RCPT with that line instead.
class SmtpEndpoint {
 public:
  SmtpEndpoint() : server_([this](LineSocket& s) { serve(s); }) {}
  std::string url() const { return "smtp://" + server_.place(); }
  std::string place() const { return server_.place(); }
  void refuse_with(std::string line) {
    const std::lock_guard lock(mutex_);
    refusal_ = std::move(line);
  }
  Seen<ReceivedMail> seen;

 private:
  std::string refusal() {
    const std::lock_guard lock(mutex_);
    return refusal_;
  }
  void serve(LineSocket& socket) {
    ReceivedMail mail;
    std::string line;
    socket.send("220 test\r\n");
    while (socket.line(&line)) {
      if (line.starts_with("EHLO"))
        socket.send("250-test\r\n250-AUTH PLAIN\r\n250 8BITMIME\r\n");
      else if (line == "AUTH PLAIN")
        socket.send("334 \r\n"), socket.line(&mail.login), socket.send("235 ok\r\n");
      else if (line.starts_with("MAIL"))
        mail.from = line, socket.send("250 ok\r\n");
      else if (line.starts_with("RCPT")) {
        mail.to = line;
        ++mail.recipients;
        const auto refused = refusal();
        socket.send(refused.empty() ? "250 ok\r\n" : refused + "\r\n");
      } else if (line == "DATA") {
        socket.send("354 go\r\n");
        while (socket.line(&line) && line != ".") mail.text += line + "\n";
        seen.add(mail);
        socket.send("250 taken as 77\r\n");
      } else if (line == "QUIT") {
        socket.send("221 bye\r\n");
        return;
      } else
        socket.send("502 what\r\n");
    }
  }
  std::mutex mutex_;
  std::string refusal_;
  LocalServer server_;
};

}  // namespace opsledger::testing
