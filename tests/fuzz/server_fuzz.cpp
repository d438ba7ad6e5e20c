#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "storage/base/assert.hpp"
#include "tests/fuzz/targets.hpp"
#include "tests/http/http_fixture.hpp"

namespace opsledger::fuzz {

namespace {

constexpr int kAnswerWaitMs = 10;  ///< a live stream never ends; what came until then counts
constexpr unsigned kInputsPerServer = 20'000;
constexpr std::size_t kEventsPerServer = 50'000;

/// The server of the HTTP tests, outside of a test, with a few events and rows to find.
class Server : public testing::HttpTest {
 public:
  Server() {
    HttpLimits limits;
    limits.min_position_timeout = std::chrono::milliseconds(2);
    start(limits);
    append_note("n:1", "first");
    append_note("n:2", "second");
    post("/v1/commands/wallet.open", R"({"id":"A","backup":"B","limit":10})");
    post("/v1/commands/wallet.deposit", R"({"id":"A","amount":3})");
  }
  void TestBody() override {}
  std::uint16_t port() const { return server->port(); }
  bool used_up() { return ++inputs_ > kInputsPerServer || head() > kEventsPerServer; }

 private:
  unsigned inputs_ = 0;
};

class Connection {
 public:
  explicit Connection(std::uint16_t port) : socket_(::socket(AF_INET, SOCK_STREAM, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    const linger reset{1, 0};  // leaves no port waiting behind
    OPS_ASSERT(setsockopt(socket_, SOL_SOCKET, SO_LINGER, &reset, sizeof reset) == 0);
    OPS_ASSERT(connect(socket_, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0);
  }
  ~Connection() { ::close(socket_); }
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  /// Sends everything and the end of the stream; what the server answers until it closes.
  std::string exchange(BytesView bytes) {
    while (!bytes.empty()) {
      const auto sent = ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
      if (sent <= 0) break;  // refused before the end
      bytes.remove_prefix(static_cast<std::size_t>(sent));
    }
    ::shutdown(socket_, SHUT_WR);
    std::string answer;
    char piece[16 * 1024];
    for (pollfd wait{socket_, POLLIN, 0}; ::poll(&wait, 1, kAnswerWaitMs) > 0;) {
      const auto size = ::recv(socket_, piece, sizeof piece, 0);
      if (size <= 0) break;
      answer.append(piece, static_cast<std::size_t>(size));
    }
    return answer;
  }

 private:
  int socket_;
};

}  // namespace

void fuzz_server(BytesView input) {
  static auto server = std::make_unique<Server>();
  if (server->used_up()) server = std::make_unique<Server>();
  const std::string answer = Connection(server->port()).exchange(input);
  OPS_ASSERT(answer.empty() || answer.starts_with("HTTP/1."));
  OPS_ASSERT(answer.find(R"("code":"internal")") == std::string::npos);
}

}  // namespace opsledger::fuzz
