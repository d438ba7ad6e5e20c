#include "kernel/effects/mail_text.hpp"

#include <date/date.h>

#include <algorithm>

#include "kernel/effects/limits.hpp"
#include "kernel/schema/base64.hpp"

namespace opsledger {
namespace {

constexpr std::string_view kEnd = "\r\n";
constexpr std::size_t kWordBytesMax = 42;  ///< of a subject per encoded word: 56 base64 characters
constexpr std::size_t kLineBytesMax = 76;  ///< of base64

/// `=?UTF-8?B?…?=` words, each of whole characters, on lines of their own.
std::string encoded_words(std::string_view text) {
  std::string out;
  while (!text.empty()) {
    std::size_t size = std::min(kWordBytesMax, text.size());
    while (size < text.size() && size > 1 &&
           (static_cast<unsigned char>(text[size]) & 0xC0) == 0x80) {
      --size;
    }
    if (!out.empty()) out += "\r\n ";
    out += "=?UTF-8?B?";
    append_base64(text.substr(0, size), &out);
    out += "?=";
    text.remove_prefix(size);
  }
  return out;
}

std::string date_text(Time time) {
  const date::sys_time<std::chrono::microseconds> moment{std::chrono::microseconds(time.us)};
  return date::format("%a, %d %b %Y %H:%M:%S +0000",
                      std::chrono::floor<std::chrono::seconds>(moment));
}

bool is_atom(std::string_view text) {
  return !text.empty() && text.front() != '.' && text.back() != '.' &&
         text.find("..") == std::string_view::npos &&
         std::all_of(text.begin(), text.end(), [](char c) {
           return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                  std::string_view("._%+-").find(c) != std::string_view::npos;
         });
}

}  // namespace

bool is_mail_address(std::string_view text) {
  const auto at = text.find('@');
  if (at == std::string_view::npos || text.size() > effect_limits::kAddressBytesMax) return false;
  const auto domain = text.substr(at + 1);
  return is_atom(text.substr(0, at)) && is_atom(domain) && text.front() != '-' &&
         domain.find_first_of("_%+") == std::string_view::npos;
}

Result<std::string> mail_text(const Mail& mail) {
  if (!is_mail_address(mail.from) || !is_mail_address(mail.to)) {
    return Error{Code::kInvalid, "effect.mail_address",
                 std::string("the ") + (is_mail_address(mail.from) ? "recipient" : "sender") +
                     "'s mail address is none; correct it"};
  }
  std::string out;
  const auto header = [&](std::string_view name, std::string_view value) {
    out.append(name).append(": ").append(value).append(kEnd);
  };
  header("From", "<" + mail.from + ">");
  header("To", "<" + mail.to + ">");
  header("Subject", encoded_words(mail.subject));
  header("Date", date_text(mail.date));
  std::string id = mail.id;
  std::replace_if(
      id.begin(), id.end(),
      [](char c) {
        return !is_atom({&c, 1});
      },
      '-');
  header("Message-ID", "<" + id + mail.from.substr(mail.from.find('@')) + ">");
  header("Auto-Submitted", "auto-generated");
  header("MIME-Version", "1.0");
  header("Content-Type", "text/plain; charset=UTF-8");
  header("Content-Transfer-Encoding", "base64");
  out += kEnd;
  std::string body;
  append_base64(mail.text, &body);
  for (std::size_t i = 0; i < body.size(); i += kLineBytesMax) {
    out.append(body, i, kLineBytesMax).append(kEnd);
  }
  return out;
}

}  // namespace opsledger
