// A client that sends exactly the bytes it is told to, and reads whole answers.
#pragma once

#include <boost/asio/connect.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/string_body.hpp>
#include <boost/json.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <thread>

namespace opsledger::testing {

namespace asio = boost::asio;
namespace http = boost::beast::http;

using Headers = std::vector<std::pair<std::string, std::string>>;

struct Answer {
  unsigned status = 0;
  std::string body;
  http::fields fields;

  std::string header(std::string_view name) const {
    const auto found = fields.find(boost::beast::string_view(name.data(), name.size()));
    return found == fields.end() ? std::string() : std::string(found->value());
  }
  boost::json::value json() const { return boost::json::parse(body); }
  /// `code` of a problem.
  std::string code() const { return std::string(json().at("code").as_string()); }
};

/// Blocking, with a receive time-out of 10 s so that a hanging server fails a test.
class RawClient {
 public:
  explicit RawClient(std::uint16_t port) : socket_(context_) {
    socket_.connect({asio::ip::make_address("127.0.0.1"), port});
    const timeval timeout{10, 0};
    setsockopt(socket_.native_handle(), SOL_SOCKET, SO_RCVTIMEO, &timeout, sizeof timeout);
    socket_.set_option(asio::ip::tcp::no_delay(true));
  }

  void send(std::string_view bytes) { asio::write(socket_, asio::buffer(bytes)); }
  /// Sends until the peer refuses more; for requests that are cut off.
  bool try_send(std::string_view bytes) {
    boost::system::error_code error;
    asio::write(socket_, asio::buffer(bytes), error);
    return !error;
  }
  void half_close() { socket_.shutdown(asio::ip::tcp::socket::shutdown_send); }
  asio::ip::tcp::socket& socket() { return socket_; }

  static std::string request(std::string_view method, std::string_view target,
                             const Headers& headers = {}, std::string_view body = {}) {
    std::string text(method);
    text.append(" ").append(target).append(" HTTP/1.1\r\n");
    bool host = false;
    for (const auto& [name, value] : headers) {
      text.append(name).append(": ").append(value).append("\r\n");
      host = host || name == "Host";
    }
    if (!host) text.append("Host: localhost\r\n");
    if (!body.empty() || method == "POST") {
      text.append("Content-Length: ").append(std::to_string(body.size())).append("\r\n");
    }
    return text.append("\r\n").append(body);
  }

  /// Reads one whole answer; nothing when the connection ended instead.
  std::optional<Answer> try_read(bool head = false) {
    http::response_parser<http::string_body> parser;
    parser.body_limit(1ull << 30);
    parser.skip(head);
    boost::system::error_code error;
    http::read(socket_, buffer_, parser, error);
    if (error) return {};
    auto message = parser.release();
    Answer answer{message.result_int(), std::move(message.body()), {}};
    answer.fields = static_cast<http::fields&>(message);
    return answer;
  }
  Answer read(bool head = false) {
    auto answer = try_read(head);
    if (!answer) throw std::runtime_error("the connection ended without an answer");
    return std::move(*answer);
  }

  Answer get(std::string_view target, const Headers& headers = {}) {
    send(request("GET", target, headers));
    return read();
  }
  Answer post(std::string_view target, std::string_view body, Headers headers = {}) {
    bool typed = false;
    for (const auto& [name, value] : headers) typed = typed || name == "Content-Type";
    if (!typed) headers.emplace_back("Content-Type", "application/json");
    send(request("POST", target, headers, body));
    return read();
  }

  /// Whether the peer has closed (waits for it, within the receive time-out).
  bool closed() {
    char byte;
    boost::system::error_code error;
    socket_.read_some(asio::buffer(&byte, 1), error);
    return error == asio::error::eof || error == asio::error::connection_reset;
  }

 private:
  asio::io_context context_;
  asio::ip::tcp::socket socket_;
  boost::beast::flat_buffer buffer_;
};

}  // namespace opsledger::testing
