#include "kernel/effects/transport.hpp"

#include <curl/curl.h>

#include <cstring>
#include <memory>

#include "kernel/effects/limits.hpp"

namespace opsledger {
namespace {

struct ListDelete {
  void operator()(curl_slist* list) const { curl_slist_free_all(list); }
};
using List = std::unique_ptr<curl_slist, ListDelete>;

List make_list(const std::vector<std::string>& lines) {
  curl_slist* list = nullptr;
  for (const auto& line : lines) list = curl_slist_append(list, line.c_str());
  return List(list);
}

/// A libcurl handle with everything that holds for every call.
class Call {
 public:
  Call(const Destination& to, const Transport::Options& options, const std::atomic<bool>& stopping)
      : handle_(make_handle(), curl_easy_cleanup),
        resolve_(make_list({to.host + ":" + std::to_string(to.port) + ":" + to.address})) {
    set(CURLOPT_RESOLVE, resolve_.get());
    set(CURLOPT_PROTOCOLS_STR, "http,https,smtp,smtps");
    set(CURLOPT_FOLLOWLOCATION, 0L);
    set(CURLOPT_PROXY, "");
    set(CURLOPT_NETRC, static_cast<long>(CURL_NETRC_IGNORED));
    set(CURLOPT_NOSIGNAL, 1L);
    set(CURLOPT_FRESH_CONNECT, 1L);
    set(CURLOPT_FORBID_REUSE, 1L);
    set(CURLOPT_CONNECTTIMEOUT_MS, static_cast<long>(options.connect_timeout.count()));
    set(CURLOPT_TIMEOUT_MS, static_cast<long>(options.timeout.count()));
    set(CURLOPT_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_2));
    if (!options.ca_file.empty()) set(CURLOPT_CAINFO, options.ca_file.c_str());
    set(CURLOPT_NOPROGRESS, 0L);
    set(CURLOPT_XFERINFODATA, &stopping);
    set(CURLOPT_XFERINFOFUNCTION, &Call::look);
    set(CURLOPT_WRITEDATA, this);
    set(CURLOPT_WRITEFUNCTION, &Call::received);
  }

  template <class Value>
  void set(CURLoption option, Value value) {
    curl_easy_setopt(handle_.get(), option, value);
  }
  CURLcode run() { return curl_easy_perform(handle_.get()); }
  unsigned code() const {
    long code = 0;
    curl_easy_getinfo(handle_.get(), CURLINFO_RESPONSE_CODE, &code);
    return static_cast<unsigned>(code);
  }
  /// The answer was longer than what is read of it.
  bool cut() const { return cut_; }
  std::string take_body() { return std::move(body_); }

 private:
  static CURL* make_handle() {
    static const CURLcode once = curl_global_init(CURL_GLOBAL_DEFAULT);
    static_cast<void>(once);
    return curl_easy_init();
  }
  static int look(const std::atomic<bool>* stopping, curl_off_t, curl_off_t, curl_off_t,
                  curl_off_t) {
    return stopping->load(std::memory_order_relaxed) ? 1 : 0;
  }
  static std::size_t received(const char* bytes, std::size_t, std::size_t size, Call* self) {
    const std::size_t room = effect_limits::kAnswerBytesMax - self->body_.size();
    self->body_.append(bytes, std::min(room, size));
    if (size <= room) return size;
    self->cut_ = true;
    return 0;
  }

  std::unique_ptr<CURL, decltype(&curl_easy_cleanup)> handle_;
  List resolve_;
  std::string body_;
  bool cut_ = false;
};

/// Names the host, never the path: that may hold a secret.
Error unreachable(const Destination& to, CURLcode code) {
  const auto place = to.host + ":" + std::to_string(to.port);
  if (code == CURLE_OPERATION_TIMEDOUT) {
    return {Code::kTimeout, "effect.timeout", place + " did not answer in time"};
  }
  return {Code::kNotReady, "effect.unreachable",
          "the call to " + place + " failed: " + curl_easy_strerror(code)};
}

struct Upload {
  const std::string& text;
  std::size_t sent = 0;
  static std::size_t read(char* to, std::size_t, std::size_t room, Upload* self) {
    const std::size_t size = std::min(room, self->text.size() - self->sent);
    std::memcpy(to, self->text.data() + self->sent, size);
    self->sent += size;
    return size;
  }
};

}  // namespace

Transport::Transport(const OutboundGuard& guard, const std::atomic<bool>& stopping, Options options)
    : guard_(guard), stopping_(stopping), options_(std::move(options)) {}

Result<HttpAnswer> Transport::post(const HttpCall& request) const {
  OPS_TRY_ASSIGN(const auto to, guard_.check(request.url));
  Call call(to, options_, stopping_);
  auto lines = request.headers;
  lines.push_back("Expect:");  // do not wait for a 100 that many never send
  const auto headers = make_list(lines);
  call.set(CURLOPT_URL, request.url.c_str());
  call.set(CURLOPT_HTTPHEADER, headers.get());
  call.set(CURLOPT_USERAGENT, "OpsLedger");
  call.set(CURLOPT_POSTFIELDS, request.body.c_str());
  call.set(CURLOPT_POSTFIELDSIZE, static_cast<long>(request.body.size()));
  const auto code = call.run();
  if (code != CURLE_OK && !call.cut()) return unreachable(to, code);
  return HttpAnswer{call.code(), call.take_body()};
}

Result<unsigned> Transport::mail(const MailCall& mail) const {
  OPS_TRY_ASSIGN(const auto to, guard_.check(mail.url));
  if (mail.security == MailSecurity::kPlain && !to.private_host) {
    return Error{Code::kForbidden, "effect.tls_required",
                 "mail to " + to.host + " needs starttls or tls; only hosts inside may do without"};
  }
  if ((mail.security == MailSecurity::kTls) != (to.scheme == "smtps")) {
    return Error{Code::kForbidden, "effect.url_refused",
                 "a channel with security tls has a smtps:// URL, any other one smtp://"};
  }
  Call call(to, options_, stopping_);
  const auto recipients = make_list({"<" + mail.to + ">"});
  const auto from = "<" + mail.from + ">";
  Upload upload{mail.message};
  call.set(CURLOPT_URL, mail.url.c_str());
  if (mail.security != MailSecurity::kPlain) {
    call.set(CURLOPT_USE_SSL, static_cast<long>(CURLUSESSL_ALL));
  }
  if (!mail.username.empty()) {
    call.set(CURLOPT_USERNAME, mail.username.c_str());
    call.set(CURLOPT_PASSWORD, mail.password.c_str());
  }
  call.set(CURLOPT_MAIL_FROM, from.c_str());
  call.set(CURLOPT_MAIL_RCPT, recipients.get());
  call.set(CURLOPT_UPLOAD, 1L);
  call.set(CURLOPT_READDATA, &upload);
  call.set(CURLOPT_READFUNCTION, &Upload::read);
  const auto result = call.run();
  const auto reply = call.code();
  if (result == CURLE_OK) return reply;
  if (reply < 400) return unreachable(to, result);
  const auto text = to.host + " answered " + std::to_string(reply);
  if (reply >= 550 && reply <= 559) return Error{Code::kRejected, "effect.mail_refused", text};
  return Error{Code::kNotReady, "effect.mail_deferred", text};
}

}  // namespace opsledger
