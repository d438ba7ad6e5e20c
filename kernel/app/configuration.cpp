#include "kernel/app/configuration.hpp"

namespace opsledger {
namespace {

constexpr std::uint64_t kMiB = 1 << 20;

void bind_node(Config& c, Settings& s) {
  s.add("data.directory", &c.data_directory, "Where ledger and tables live.");
  s.add("plugins.directory", &c.plugin_directory,
        "Folder of plugin libraries; empty = ../lib/opsledger/plugins beside the program.");
  s.add("modules.enabled_by_default", &c.modules_enabled_by_default,
        "Whether a module is on in a department of which nobody has said anything.");
  s.add("log.format", &c.log.format, "Log lines on standard error: text or json.");
  s.add("log.level", &c.log.level, "trace, debug, info, warn or error.");
}

void bind_storage(Config& c, Settings& s) {
  auto& storage = c.storage;
  s.add("storage.pending_proposals_max", &storage.pending_proposals_max,
        "Appends accepted and not yet durable; more are answered 503.", {1, 1'000'000});
  s.add("storage.pending_bytes_max", &storage.pending_bytes_max, "The same in bytes.",
        {2 * kMiB, 1024 * kMiB});
  s.add("storage.ledger_cache_bytes", &storage.ledger_cache_bytes, "Block cache of the ledger.",
        {kMiB, 1024 * 1024 * kMiB});
  s.add("storage.tables_cache_bytes", &storage.tables_cache_bytes, "Block cache of the tables.",
        {kMiB, 1024 * 1024 * kMiB});
  s.add("storage.tables_memtable_bytes_max", &storage.tables_memtable_bytes_max,
        "Rows in memory before they are flushed.", {kMiB, 64 * 1024 * kMiB});
  s.add("storage.disk_free_bytes_min", &storage.disk_free_bytes_min,
        "Below this much free space appends are refused; reads go on.");
  s.add("storage.health_interval_ms", &storage.health_interval,
        "How often the server looks whether it may still append.", {10, 600'000});
}

void bind_kernel(Config& c, Settings& s) {
  s.add("command.tries_max", &c.commands.tries_max,
        "Decides of one command before a lasting conflict is answered 409.", {1, 100});
  s.add("command.cached_states_max", &c.commands.cached_states_max,
        "Folded model states kept in memory.");
  s.add("command.queued_commands_max", &c.commands.queued_commands_max,
        "Commands waiting for their turn; more are answered 503.", {1, 1'000'000});
  s.add("projection.batch_events_max", &c.projections.batch_events_max,
        "Events projected in one atomic batch.", {1, 1'000'000});
  s.add("projection.row_cache_bytes_per_module", &c.projections.row_cache_bytes_per_module,
        "Rows kept in memory per module while projecting.");
  s.add("projection.flush_interval_ms", &c.projections.flush_interval,
        "How often projected rows are flushed to disk.", {10, 600'000});
}

void bind_identity(Config& c, Settings& s) {
  auto& limits = c.identity;
  s.add("keystore.master_key_file", &c.master_key_file,
        "File of the key that opens the key store, mode 0600; empty = keystore.key in the data "
        "directory.");
  s.add("tls.certificate_file", &c.http.tls_certificate_file,
        "PEM file of the server's certificate with its chain; empty = plain HTTP.");
  s.add("tls.key_file", &c.http.tls_key_file, "PEM file of the certificate's key.");
  s.add("access.secure_cookies", &c.secure_cookies,
        "Sessions live in Secure cookies; true behind a proxy that speaks TLS.");
  s.add("access.hash_threads", &c.http.hash_threads,
        "Workers that hash passwords; each needs 64 MiB.", {1, 64});
  s.add("access.queued_logins_max", &c.http.limits.queued_logins_max,
        "Logins waiting for such a worker; more is 503.", {1, 100'000});
  s.add("access.password_bytes_min", &limits.password_bytes_min, "Shortest password.", {8, 128});
  s.add("access.login_failures_max", &limits.login_failures_max,
        "Failed logins of one name before it has to wait.", {1, 100});
  s.add("access.address_failures_max", &limits.address_failures_max,
        "The same of one address; behind a proxy all share one.", {1, 1'000'000});
  s.add("access.lock_first_ms", &limits.lock_first, "The first wait; it doubles every time.");
  s.add("access.lock_max_ms", &limits.lock_max, "The longest wait.");
  s.add("access.session_idle_ms", &limits.session_idle, "A session unused for so long ends.");
  s.add("access.session_absolute_ms", &limits.session_absolute, "A session ends after it.");
  s.add("access.sessions_per_account_max", &limits.sessions_per_account_max,
        "One more closes the longest unused.", {1, 1000});
  s.add("access.tokens_per_account_max", &limits.tokens_per_account_max,
        "Tokens of one account; one more is refused.", {1, 10'000});
  s.add("access.setup_link_lifetime_ms", &limits.setup_link_lifetime,
        "How long the link for the first account can be used.");
}

void bind_outside(Config& c, Settings& s) {
  auto& outside = c.outside;
  s.add("effects.hosts", &outside.hosts, "Hosts (host or host:port) that may be called.");
  s.add("effects.private_hosts", &outside.private_hosts,
        "The same for hosts inside: private addresses are allowed and TLS is not required.");
  s.add("effects.ca_file", &outside.ca_file, "Certificates to trust instead of the system's.");
  s.add("effects.timeout_ms", &outside.timeout, "Of one call.", {100, 600'000});
  s.add("effects.workers", &outside.workers, "Calls made at the same time.", {1, 64});
  s.add("effects.attempts_max", &outside.attempts_max, "Then a delivery is a dead letter.",
        {1, 30});
  s.add("effects.backoff_ms", &outside.backoff, "Before the second attempt; doubled for each.",
        {10, 3'600'000});
  s.add("effects.bot_per_minute", &outside.bot_per_minute, "Messages to one chat bot.", {1, 1'000});
  s.add("blobs.bytes_max", &c.http.limits.blob_bytes_max, "Of an attachment; more is 413.",
        {1024, 1 << 30});
  s.add("blobs.types", &c.blobs.types, "Media types that attachments may have, by content.");
}

void bind_http_connections(Config& c, Settings& s) {
  auto& limits = c.http.limits;
  s.add("server.listen", &c.listen, "Address and port; loopback only until there is an account.");
  s.add("server.hosts", &c.http.hosts, "Names that a request's Host may have besides localhost.");
  s.add("server.io_threads", &c.http.io_threads, "Threads that serve connections.", {1, 256});
  s.add("server.read_threads", &c.http.read_threads, "Workers for reads.", {1, 1024});
  s.add("server.write_threads", &c.http.write_threads,
        "Workers for commands and for appends that read the disk.", {1, 1024});
  s.add("server.connections_max", &limits.connections_max, "Open connections; one more is 503.",
        {1, 1'000'000});
  s.add("server.idle_timeout_ms", &limits.idle_timeout, "Between requests; then closed.");
  s.add("server.header_timeout_ms", &limits.header_timeout, "To receive all headers; then 408.");
  s.add("server.body_timeout_ms", &limits.body_timeout, "To receive the body; then 408.");
  s.add("server.write_timeout_ms", &limits.write_timeout,
        "Without a byte taken by the client; then closed.");
  s.add("server.stop_timeout_ms", &limits.stop_timeout,
        "What running requests get when the server stops.");
}

void bind_http_requests(Config& c, Settings& s) {
  auto& limits = c.http.limits;
  s.add("server.header_bytes_max", &limits.header_bytes_max, "Headers of a request; more is 431.",
        {1024, kMiB});
  s.add("server.target_bytes_max", &limits.target_bytes_max, "Target of a request; more is 414.",
        {256, kMiB});
  s.add("server.body_bytes_max", &limits.body_bytes_max, "Body of a request; more is 413.",
        {1024, 1 << 30});
  s.add("server.body_bytes_total_max", &limits.body_bytes_total_max,
        "All bodies being read; more is 503.", {kMiB, 64ull << 30});
  s.add("server.json_depth_max", &limits.json_depth_max, "Nesting of JSON; more is 400.",
        {4, 1024});
  s.add("server.queued_requests_max", &limits.queued_requests_max,
        "Requests waiting for a worker, per pool; more is 503.", {1, 1'000'000});
  s.add("server.inline_body_bytes_max", &limits.inline_body_bytes_max,
        "Bodies up to here are parsed without a worker.", {0, 64 * kMiB});
  s.add("server.min_position_timeout_ms", &limits.min_position_timeout,
        "How long min_position waits; then 503.");
}

void bind_http_streams(Config& c, Settings& s) {
  auto& limits = c.http.limits;
  s.add("server.events_page_default", &limits.events_page_default,
        "Events of a page when no limit is asked for.", {1, 1'000'000});
  s.add("server.slice_bytes", &limits.slice_bytes, "Rendered at once for long answers.",
        {4096, 64 * kMiB});
  s.add("server.streams_max", &limits.streams_max, "Live streams; more is 503.", {1, 1'000'000});
  s.add("server.stream_filters_max", &limits.stream_filters_max,
        "Distinct filters of live streams; more is 503.", {1, 1'000'000});
  s.add("server.stream_backlog_bytes_max", &limits.stream_backlog_bytes_max,
        "Kept per filter; slower readers read from the ledger.", {4096, 1 << 30});
  s.add("server.stream_heartbeat_ms", &limits.stream_heartbeat, "Between comments on a stream.",
        {100, 600'000});
  s.add("server.stream_flush_interval_us", &limits.stream_flush_interval,
        "How long live events are grouped.", {0, 1'000'000});
}

}  // namespace

Settings bind_settings(Config& config) {
  Settings settings;
  bind_node(config, settings);
  bind_storage(config, settings);
  bind_identity(config, settings);
  bind_outside(config, settings);
  bind_http_connections(config, settings);
  bind_http_requests(config, settings);
  bind_http_streams(config, settings);
  bind_kernel(config, settings);
  return settings;
}

Status load_config(const ConfigSources& sources, Settings& settings) {
  if (!sources.file.empty()) OPS_TRY(settings.load_file(sources.file));
  OPS_TRY(settings.load_environment(sources.environment));
  for (const auto& item : sources.overrides) {
    OPS_TRY(settings.set(item.name, item.value, item.origin));
  }
  return {};
}

}  // namespace opsledger
