// Everything that can be set, in one struct; defaults are the members' own.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

#include "kernel/app/outside.hpp"
#include "kernel/blobs/blob_service.hpp"
#include "kernel/command/command_service.hpp"
#include "kernel/config/settings.hpp"
#include "kernel/http/server.hpp"
#include "kernel/identity/limits.hpp"
#include "kernel/projection/projection_engine.hpp"

namespace opsledger {

struct LogConfig {
  std::string format = "text";  ///< text | json
  std::string level = "info";   ///< trace | debug | info | warn | error
};

struct StorageConfig {
  std::uint64_t pending_proposals_max = 4'096;
  std::uint64_t pending_bytes_max = 64u << 20;
  std::uint64_t ledger_cache_bytes = 128u << 20;
  std::uint64_t tables_cache_bytes = 128u << 20;
  std::uint64_t tables_memtable_bytes_max = 64u << 20;
  std::uint64_t disk_free_bytes_min = 512u << 20;
  std::chrono::milliseconds health_interval{1'000};
};

struct Config {
  std::string data_directory = "./opsledger-data";
  std::string listen = "127.0.0.1:8080";
  std::string plugin_directory;  ///< empty = `plugin_directories()` of the installation
  bool modules_enabled_by_default = true;
  std::string master_key_file;  ///< empty = `keystore.key` in the data directory
  bool secure_cookies = false;  ///< a proxy before us speaks TLS
  IdentityLimits identity;
  OutsideConfig outside;
  BlobService::Options blobs;
  LogConfig log;
  StorageConfig storage;
  HttpServer::Options http;
  CommandService::Limits commands;
  ProjectionEngine::Options projections;
};

/// Binds every setting of `config`; the result must not outlive it.
Settings bind_settings(Config& config);

/// Defaults < file (none when empty) < environment < `overrides` (`section.key=value`, named by
/// the flag they came from). Errors: kInvalid `config.invalid`.
struct Override {
  std::string name, value, origin;
};
struct ConfigSources {
  std::string file;
  std::vector<std::string> environment;
  std::vector<Override> overrides;
};
Status load_config(const ConfigSources& sources, Settings& settings);

}  // namespace opsledger
