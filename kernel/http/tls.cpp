#include "kernel/http/tls.hpp"

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/ssl.h>

#include <limits>

namespace opsledger {

namespace {

std::string reason() {
  char text[256] = "unknown";
  if (const auto code = ERR_get_error(); code != 0) ERR_error_string_n(code, text, sizeof text);
  ERR_clear_error();
  return text;
}

Error wrong(const std::string& file) {
  return {Code::kInvalid, "tls.certificate",
          "cannot use " + file + ": " + reason() +
              "; give PEM files of a certificate with its chain and of its key"};
}

int choose_protocol(SSL*, const unsigned char** out, unsigned char* size, const unsigned char* in,
                    unsigned in_size, void*) {
  static constexpr unsigned char kHttp11[] = "\x08http/1.1";
  unsigned char* chosen = nullptr;
  const int found = SSL_select_next_proto(&chosen, size, kHttp11, sizeof kHttp11 - 1, in, in_size);
  *out = chosen;
  return found == OPENSSL_NPN_NEGOTIATED ? SSL_TLSEXT_ERR_OK : SSL_TLSEXT_ERR_NOACK;
}

int as_int(std::size_t size) {
  return static_cast<int>(
      std::min<std::size_t>(size, static_cast<std::size_t>(std::numeric_limits<int>::max())));
}

}  // namespace

void TlsContext::Free::operator()(ssl_ctx_st* context) const {
  SSL_CTX_free(context);
}
void TlsFilter::Free::operator()(ssl_st* ssl) const {
  SSL_free(ssl);
}

Result<TlsContext> TlsContext::load(const std::string& certificate_file,
                                    const std::string& key_file) {
  ERR_clear_error();
  TlsContext made(SSL_CTX_new(TLS_server_method()));
  SSL_CTX* context = made.context_.get();
  if (context == nullptr) return wrong(certificate_file);
  SSL_CTX_set_min_proto_version(context, TLS1_2_VERSION);
  SSL_CTX_set_options(context, SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION);
  SSL_CTX_set_mode(context, SSL_MODE_RELEASE_BUFFERS);  // idle connections keep little
  SSL_CTX_set_alpn_select_cb(context, choose_protocol, nullptr);
  if (SSL_CTX_use_certificate_chain_file(context, certificate_file.c_str()) != 1) {
    return wrong(certificate_file);
  }
  if (SSL_CTX_use_PrivateKey_file(context, key_file.c_str(), SSL_FILETYPE_PEM) != 1 ||
      SSL_CTX_check_private_key(context) != 1) {
    return wrong(key_file);
  }
  return made;
}

TlsFilter::TlsFilter(const TlsContext& context) : ssl_(SSL_new(context.context_.get())) {
  OPS_ASSERT(ssl_ != nullptr);
  SSL_set_bio(ssl_.get(), BIO_new(BIO_s_mem()), BIO_new(BIO_s_mem()));
  SSL_set_accept_state(ssl_.get());
}

void TlsFilter::feed(std::string_view encrypted) {
  const int taken = BIO_write(SSL_get_rbio(ssl_.get()), encrypted.data(), as_int(encrypted.size()));
  OPS_ASSERT(taken == static_cast<int>(encrypted.size()));
}

TlsFilter::State TlsFilter::decrypt(char* buffer, std::size_t size, std::size_t* got) {
  ERR_clear_error();
  const int result = SSL_read_ex(ssl_.get(), buffer, size, got);
  if (result == 1) return State::kBytes;
  const int why = SSL_get_error(ssl_.get(), result);
  ERR_clear_error();
  return why == SSL_ERROR_WANT_READ ? State::kMore : State::kEnd;
}

bool TlsFilter::encrypt(std::string_view plain) {
  if (plain.empty()) return true;
  ERR_clear_error();
  std::size_t written = 0;
  const bool good = SSL_write_ex(ssl_.get(), plain.data(), plain.size(), &written) == 1;
  ERR_clear_error();
  return good && written == plain.size();
}

void TlsFilter::close() {
  ERR_clear_error();
  if (SSL_is_init_finished(ssl_.get()) == 1) SSL_shutdown(ssl_.get());
  ERR_clear_error();
}

std::string TlsFilter::take_output() {
  BIO* out = SSL_get_wbio(ssl_.get());
  std::string bytes(BIO_ctrl_pending(out), '\0');
  if (!bytes.empty()) BIO_read(out, bytes.data(), as_int(bytes.size()));
  return bytes;
}

}  // namespace opsledger
