#include "tools/cli/http_client.hpp"

#include <boost/asio/connect.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>
#include <boost/json.hpp>
#include <charconv>
#include <limits>
#include <optional>

namespace opsledger::cli {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = beast::http;
using Failure = boost::system::error_code;

constexpr std::size_t kStreamChunkBytes = 64 * 1024;

/// The code that an HTTP status stands for, where the problem document names none of ours.
Code code_of(unsigned status) {
  switch (status) {
    case 400:
      return Code::kMalformed;
    case 401:
      return Code::kUnauthenticated;
    case 403:
      return Code::kForbidden;
    case 404:
      return Code::kNotFound;
    case 409:
      return Code::kConflict;
    case 413:
      return Code::kTooLarge;
    case 415:
      return Code::kUnsupported;
    case 422:
      return Code::kInvalid;
    case 423:
      return Code::kDisabled;
    case 429:
    case 503:
      return Code::kOverloaded;
    default:
      return status < 500 ? Code::kInvalid : Code::kInternal;
  }
}

std::string text_of(const boost::json::object& object, std::string_view key) {
  const auto* value = object.if_contains(key);
  return value != nullptr && value->is_string() ? std::string(value->get_string()) : std::string();
}

Error problem_to_error(unsigned status, const std::string& body) {
  Error error{code_of(status), "", "the server answered " + std::to_string(status)};
  boost::json::error_code failed;
  const auto json = boost::json::parse(body, failed);
  if (failed || !json.is_object()) return error;
  const auto& problem = json.get_object();
  error.reason = text_of(problem, "code");
  error.message = text_of(problem, "detail");
  if (error.message.empty()) error.message = text_of(problem, "title");
  const auto* fields = problem.if_contains("errors");
  if (fields == nullptr || !fields->is_array()) return error;
  for (const auto& field : fields->get_array()) {
    if (!field.is_object()) continue;
    error.fields.push_back(
        {text_of(field.get_object(), "pointer"), text_of(field.get_object(), "detail")});
  }
  return error;
}

/// Splits what arrives into lines and hands each complete one over.
class LineSplitter {
 public:
  explicit LineSplitter(const std::function<bool(std::string_view)>& on_line) : on_line_(on_line) {}
  bool feed(std::string_view bytes) {
    pending_.append(bytes);
    std::size_t begin = 0;
    for (auto end = pending_.find('\n'); end != std::string::npos;
         end = pending_.find('\n', begin)) {
      if (!on_line_(std::string_view(pending_).substr(begin, end - begin))) return false;
      begin = end + 1;
    }
    pending_.erase(0, begin);
    return true;
  }
  bool finish() { return pending_.empty() || on_line_(pending_); }

 private:
  const std::function<bool(std::string_view)>& on_line_;
  std::string pending_;
};

}  // namespace

struct HttpClient::Impl {
  std::string host, port, token;
  asio::io_context io{1};
  std::optional<asio::ip::tcp::socket> socket;
  beast::flat_buffer buffer;

  std::string address() const { return "http://" + host + ":" + port; }
  Error unreachable(const Failure& failure) const {
    return {Code::kNotReady, "http.unreachable",
            address() + " cannot be reached: " + failure.message() +
                "; is `opsledger serve` running there? --data DIR works without a server"};
  }

  Status connect() {
    if (socket) return {};
    Failure failure;
    asio::ip::tcp::resolver resolver(io);
    const auto bare = host.starts_with('[') ? host.substr(1, host.size() - 2) : host;
    const auto endpoints = resolver.resolve(bare, port, failure);
    if (failure) return unreachable(failure);
    socket.emplace(io);
    asio::connect(*socket, endpoints, failure);
    if (failure) {
      socket.reset();
      return unreachable(failure);
    }
    socket->set_option(asio::ip::tcp::no_delay(true), failure);
    buffer.clear();
    return {};
  }

  http::request<http::string_body> message(const HttpRequest& request) const {
    http::request<http::string_body> out{http::string_to_verb(request.method), request.target, 11};
    out.set(http::field::host, host + ":" + port);
    out.set(http::field::user_agent, "opsledger-cli");
    if (!token.empty()) out.set(http::field::authorization, "Bearer " + token);
    for (const auto& [name, value] : request.headers) out.set(name, value);
    out.body() = request.body;
    out.prepare_payload();
    return out;
  }

  /// Sends and reads the header; a connection that was kept alive too long is opened again.
  template <class Parser>
  Status exchange(const HttpRequest& request, std::optional<Parser>* parser) {
    auto out = message(request);
    for (const bool reused : {socket.has_value(), false}) {
      OPS_TRY(connect());
      Failure failure;
      http::write(*socket, out, failure);
      parser->emplace();
      (*parser)->body_limit(std::numeric_limits<std::uint64_t>::max());
      if (!failure) http::read_header(*socket, buffer, **parser, failure);
      if (!failure) return {};
      socket.reset();
      if (!reused) return unreachable(failure);
    }
    return {};
  }
};

std::string_view HttpResponse::header(std::string_view lower_case_name) const {
  for (const auto& [name, value] : headers) {
    if (name == lower_case_name) return value;
  }
  return {};
}

HttpClient::HttpClient(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
HttpClient::~HttpClient() = default;

Result<std::unique_ptr<HttpClient>> HttpClient::make(const std::string& url,
                                                     const std::string& token) {
  const Error wrong{Code::kInvalid, "url.invalid",
                    "--url '" + url + "' is not http://host:port; give e.g. http://127.0.0.1:8080"};
  constexpr std::string_view kScheme = "http://";
  if (!url.starts_with(kScheme)) return wrong;
  std::string rest = url.substr(kScheme.size());
  if (rest.ends_with('/')) rest.pop_back();
  const auto colon = rest.rfind(':');
  const bool bare_v6 = rest.ends_with(']');
  if (token.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789_") != std::string::npos) {
    return Error{Code::kInvalid, "token.malformed",
                 "the token is not of the form ops_…; check --token or OPSLEDGER_TOKEN"};
  }
  auto impl = std::make_unique<Impl>();
  impl->token = token;
  impl->host = colon == std::string::npos || bare_v6 ? rest : rest.substr(0, colon);
  impl->port = colon == std::string::npos || bare_v6 ? "80" : rest.substr(colon + 1);
  unsigned port = 0;
  const auto* end = impl->port.data() + impl->port.size();
  const auto parsed = std::from_chars(impl->port.data(), end, port);
  if (impl->host.empty() || rest.find('/') != std::string::npos || parsed.ptr != end || port == 0 ||
      port > 65535) {
    return wrong;
  }
  return std::unique_ptr<HttpClient>(new HttpClient(std::move(impl)));
}

Result<HttpResponse> HttpClient::send(const HttpRequest& request) {
  std::optional<http::response_parser<http::string_body>> parser;
  OPS_TRY(impl_->exchange(request, &parser));
  Failure failure;
  http::read(*impl_->socket, impl_->buffer, *parser, failure);
  if (failure) {
    impl_->socket.reset();
    return impl_->unreachable(failure);
  }
  auto message = parser->release();
  HttpResponse response{message.result_int(), {}, std::move(message.body())};
  for (const auto& field : message) {
    std::string name(field.name_string());
    for (char& c : name) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    response.headers.emplace_back(std::move(name), std::string(field.value()));
  }
  if (!message.keep_alive()) impl_->socket.reset();
  return response;
}

Status HttpClient::stream(const HttpRequest& request,
                          const std::function<bool(std::string_view)>& on_line) {
  LineSplitter lines(on_line);
  bool enough = false;
  OPS_TRY(download(request, [&](std::string_view bytes) {
    enough = !lines.feed(bytes);
    return !enough;
  }));
  if (!enough) lines.finish();
  return {};
}

Status HttpClient::download(const HttpRequest& request,
                            const std::function<bool(std::string_view)>& on_bytes) {
  std::optional<http::response_parser<http::buffer_body>> parser;
  OPS_TRY(impl_->exchange(request, &parser));
  const unsigned status = parser->get().result_int();
  const bool good = status >= 200 && status < 300;
  std::string problem, chunk(kStreamChunkBytes, '\0');
  Failure failure;
  while (!parser->is_done() && !failure) {
    parser->get().body().data = chunk.data();
    parser->get().body().size = chunk.size();
    http::read_some(*impl_->socket, impl_->buffer, *parser, failure);
    if (failure == http::error::need_buffer) failure = {};
    const std::string_view got(chunk.data(), chunk.size() - parser->get().body().size);
    if (!good) {
      problem.append(got);
    } else if (!on_bytes(got)) {
      impl_->socket.reset();  // the rest of the body is not wanted
      return {};
    }
  }
  if (failure) {
    impl_->socket.reset();
    return impl_->unreachable(failure);
  }
  if (!good) return problem_to_error(status, problem);
  return {};
}

Result<std::string> require_success(HttpResponse response) {
  if (response.status >= 200 && response.status < 300) return std::move(response.body);
  return problem_to_error(response.status, response.body);
}

std::string percent_encode(std::string_view text) {
  constexpr std::string_view kDigits = "0123456789ABCDEF";
  std::string out;
  for (const unsigned char c : text) {
    if ((c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-' ||
        c == '.' || c == '_' || c == '~') {
      out += static_cast<char>(c);
    } else {
      out += '%';
      out += kDigits[c >> 4];
      out += kDigits[c & 15];
    }
  }
  return out;
}

}  // namespace opsledger::cli
