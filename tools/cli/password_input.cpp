#include "tools/cli/password_input.hpp"

#include <sys/random.h>
#include <termios.h>
#include <unistd.h>

#include <array>
#include <cstdio>
#include <iostream>

#include "storage/base/types.hpp"

namespace opsledger::cli {
namespace {

constexpr std::size_t kGeneratedBytes = 12;

/// Restores the terminal's echo.
class NoEcho {
 public:
  NoEcho() {
    if (tcgetattr(STDIN_FILENO, &before_) != 0) return;
    termios silent = before_;
    silent.c_lflag &= ~static_cast<tcflag_t>(ECHO);
    changed_ = tcsetattr(STDIN_FILENO, TCSAFLUSH, &silent) == 0;
  }
  ~NoEcho() {
    if (changed_) tcsetattr(STDIN_FILENO, TCSAFLUSH, &before_);
  }
  NoEcho(const NoEcho&) = delete;
  NoEcho& operator=(const NoEcho&) = delete;

 private:
  termios before_{};
  bool changed_ = false;
};

std::string ask(const char* prompt) {
  std::fputs(prompt, stderr);
  std::string line;
  std::getline(std::cin, line);
  std::fputc('\n', stderr);
  return line;
}

}  // namespace

Result<Password> read_password(const PasswordOptions& options) {
  if (options.generate) {
    std::array<char, kGeneratedBytes> bytes{};
    if (getrandom(bytes.data(), bytes.size(), 0) != static_cast<ssize_t>(bytes.size())) {
      return Error{Code::kIo, "password.random", "the system gives no random bytes"};
    }
    return Password{hex(BytesView(bytes.data(), bytes.size())), true};
  }
  if (options.from_stdin) {
    Password password;
    std::getline(std::cin, password.text);
    return password;
  }
  if (isatty(STDIN_FILENO) == 0) {
    return Error{Code::kInvalid, "password.missing",
                 "there is no terminal to ask for the password; give --password-stdin or "
                 "--generate"};
  }
  const NoEcho silence;
  Password password{ask("Password: "), false};
  if (ask("Again: ") != password.text) {
    return Error{Code::kInvalid, "password.differs", "the two passwords differ; try again"};
  }
  return password;
}

}  // namespace opsledger::cli
