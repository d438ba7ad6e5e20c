// `CONTROL` in a data directory: a Unix socket through which a command on the same machine asks
// the server that has the directory open for what only it can do. Who may, is who may write the
// directory (mode 0600).
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <thread>

#include "storage/base/result.hpp"

namespace opsledger {

/// One request, one line of at most kControlBytesMax: `backup <directory>`; one answer line:
/// `ok <text>` or `error <code> <reason> <message>`. Serves one caller at a time on a thread of its
/// own: requests are rare and long.
class ControlSocket {
 public:
  /// Answers a request's text after its first word.
  using Handler = std::function<Result<std::string>(std::string_view word, std::string_view rest)>;

  /// Replaces a socket that a killed server left. Errors: kIo; kInvalid when the path is too long
  /// for a socket (107 bytes).
  static Result<std::unique_ptr<ControlSocket>> open(const std::string& data_directory,
                                                     Handler handler);
  ~ControlSocket();
  ControlSocket(const ControlSocket&) = delete;
  ControlSocket& operator=(const ControlSocket&) = delete;

 private:
  ControlSocket(std::string path, int listener, int wake, Handler handler);
  void run();
  void serve(int connection);

  const std::string path_;
  const int listener_, wake_;
  const Handler handler_;
  std::thread thread_;
};

/// Sends one request to the server that has `data_directory` open and waits for its answer.
/// Errors: kNotReady `control.unreachable`; what the server answered.
Result<std::string> ask_server(const std::string& data_directory, const std::string& request);

}  // namespace opsledger
