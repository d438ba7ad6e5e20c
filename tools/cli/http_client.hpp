// A small blocking HTTP/1.1 client for the commands that talk to a running server.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "storage/base/result.hpp"

namespace opsledger::cli {

struct HttpRequest {
  std::string method = "GET";
  std::string target = "/";
  std::string body = {};
  std::vector<std::pair<std::string, std::string>> headers = {};
};

struct HttpResponse {
  unsigned status = 0;
  std::vector<std::pair<std::string, std::string>> headers;  ///< names in lower case
  std::string body;
  std::string_view header(std::string_view lower_case_name) const;
};

/// One keep-alive connection to one server, opened on first use, opened again once when the server
/// closed it between requests. One thread at a time.
class HttpClient {
 public:
  /// `url`: `http://host:port`, no path. `token`: a bearer token, or empty. Errors: kInvalid
  /// `url.invalid`, `token.malformed`.
  static Result<std::unique_ptr<HttpClient>> make(const std::string& url, const std::string& token);
  ~HttpClient();

  /// Errors: kNotReady `http.unreachable` (with the address and what to do). Any status is a
  /// response; `require_success` turns a problem document into an Error.
  Result<HttpResponse> send(const HttpRequest& request);

  /// Hands over the body line by line as it arrives (NDJSON, SSE) until it ends or `on_line`
  /// returns false. A status other than 2xx is returned as an Error.
  Status stream(const HttpRequest& request, const std::function<bool(std::string_view)>& on_line);
  /// The same in pieces as they come; every byte of the body.
  Status download(const HttpRequest& request,
                  const std::function<bool(std::string_view)>& on_bytes);

 private:
  struct Impl;
  explicit HttpClient(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

/// The body of a 2xx response; else the Error that its problem document describes.
Result<std::string> require_success(HttpResponse response);

/// Percent-encodes everything but unreserved characters (RFC 3986).
std::string percent_encode(std::string_view text);

}  // namespace opsledger::cli
