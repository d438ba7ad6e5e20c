// A request as handlers see it: read whole, routed, decoded, its caller known.
#pragma once

#include <boost/beast/http/message.hpp>
#include <boost/beast/http/string_body.hpp>
#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

#include "kernel/events/raw_append.hpp"
#include "kernel/identity/credentials.hpp"
#include "kernel/query/table_query.hpp"
#include "storage/base/result.hpp"

namespace opsledger {

namespace http = boost::beast::http;

/// Where a connection comes from.
struct Peer {
  std::string address;  ///< without the port
  bool loopback = false;
};

struct Request {
  /// What proved who asks; nothing while there are no accounts.
  struct Caller {
    CredentialRef credential = {};
    bool session = false;  ///< a browser's, else a program's token
  };

  http::request<http::string_body> message = {};
  std::vector<std::string> path = {};  ///< the pattern's parameters in order, percent-decoded
  QueryParameters query = {};          ///< decoded, in order
  RequestContext context = {};
  Caller caller = {};
  const Peer* peer = nullptr;  ///< of the connection; null in tests of pure functions
  bool may_block = false;      ///< its I/O thread has nobody else to serve (ThreadLoad)

  std::string_view header(std::string_view name) const {
    const auto found = message.find(boost::beast::string_view(name.data(), name.size()));
    return found == message.end() ? std::string_view()
                                  : std::string_view(found->value().data(), found->value().size());
  }
  const std::string& body() const { return message.body(); }
};

/// Splits an origin-form target into its encoded path and decoded query parameters.
/// kMalformed when it is no valid URI or not UTF-8.
struct Target {
  std::string path;  ///< still percent-encoded, so that a parameter may hold `%2F`
  QueryParameters query;
};
Result<Target> parse_target(std::string_view target);

/// kMalformed `http.parameter` when one of `names`, which have one value, is there twice.
Status refuse_repeated(const QueryParameters& query, std::initializer_list<std::string_view> names);

}  // namespace opsledger
