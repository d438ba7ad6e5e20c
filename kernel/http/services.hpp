// What the HTTP layer needs of the rest of the kernel. kernel/app fills it.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "kernel/access/access_model.hpp"
#include "kernel/access/administration.hpp"
#include "kernel/command/command_service.hpp"
#include "kernel/events/cloud_event.hpp"
#include "kernel/events/raw_append.hpp"
#include "kernel/identity/identities.hpp"
#include "kernel/keystore/personal_data.hpp"
#include "kernel/modules/registry.hpp"
#include "kernel/projection/projection_engine.hpp"
#include "kernel/schema/catalog.hpp"
#include "storage/api/ledger.hpp"
#include "storage/base/clock.hpp"

namespace opsledger {

class RuleAdministration;

class BlobService;

/// One number for /metrics. `name` is a full Prometheus name (`opsledger_commits_total`); a name
/// that ends in `_total` is exposed as a counter, any other as a gauge.
struct MetricSample {
  std::string name;
  std::string help;
  double value = 0;
  std::vector<std::pair<std::string, std::string>> labels;
};

/// References must outlive the HttpServer; everything is called from several threads at once.
struct Services {
  Ledger& ledger;
  const MerkleLog& merkle;
  const Registry& registry;
  const SchemaCatalog& schemas;
  const RawAppend& raw_append;
  const EventRenderer& renderer;
  CommandService& commands;
  ProjectionEngine& projections;
  /// Why the server is not ready; empty = ready. Must not block.
  std::function<std::vector<std::string>()> not_ready_reasons = {};
  /// Asked at every scrape of /metrics, besides what the server knows itself.
  std::vector<std::function<std::vector<MetricSample>()>> metrics = {};
  /// Told about every answer of 500 (code, detail). Must not block.
  std::function<void(std::string_view)> log_error = {};
  /// Who asks; null = everybody is `anonymous` (tests of other things).
  Identities* identities = nullptr;
  /// Sessions live in `Secure` cookies: TLS here, or in a proxy before us.
  bool secure_cookies = false;
  /// For the Date header of answers; without one none is sent.
  const Clock* clock = nullptr;
  /// Who may; null = everybody everything (tests of other things).
  const AccessModel* access = nullptr;
  /// Opens personal fields for who may see them; null: they stay sealed.
  PersonalData* personal = nullptr;
  /// Attachments; null = none (tests of other things).
  BlobService* blobs = nullptr;
  /// Stores a channel's secret (channel, JSON); empty = there are no channels.
  std::function<Status(const std::string&, std::string_view, const RequestContext&)>
      set_channel_secret = {};
  /// Null: roles, grants and modules cannot be changed over HTTP.
  Administration* administration = nullptr;
  /// Null: no rules over HTTP.
  RuleAdministration* rules = nullptr;
};

}  // namespace opsledger
