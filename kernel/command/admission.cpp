#include "kernel/command/admission.hpp"

#include <algorithm>

#include "kernel/command/number_series.hpp"
#include "storage/base/limits.hpp"
#include "storage/core/sha256.hpp"
#include "storage/core/validate.hpp"

namespace opsledger {

namespace {

constexpr std::size_t kTagSetsPerLoadMax = 64;

Error header_error(std::string_view header, std::string_view why) {
  return {Code::kInvalid,
          "command.invalid",
          std::string(header) + " " + std::string(why),
          {{"", std::string(header) + " " + std::string(why)}}};
}

Status check_header(std::string_view name, std::string_view text, std::size_t bytes_max) {
  if (text.size() > bytes_max) {
    return header_error(name, "is longer than " + std::to_string(bytes_max) + " bytes; shorten it");
  }
  if (!is_utf8(text)) return header_error(name, "is not UTF-8; percent-encode UTF-8 text");
  return {};
}

Status check_headers(const RequestContext& context) {
  OPS_TRY(check_header("actor", context.actor, limits::kNameBytesMax));
  OPS_TRY(check_header("department", context.department, limits::kNameBytesMax));
  OPS_TRY(check_header("correlation", context.correlation, limits::kNameBytesMax));
  OPS_TRY(check_header("reason", context.reason, limits::kMetadataValueBytesMax));
  return check_header("traceparent", context.traceparent, limits::kMetadataValueBytesMax);
}

/// Over everything the caller sent that bears on the decision; each part with its length.
Hash request_digest(const Job& job) {
  Sha256 digest;
  const auto& context = job.request.context;
  for (const BytesView part : {BytesView(job.request.type), BytesView(context.department),
                               BytesView(context.reason), BytesView(job.data)}) {
    const std::uint64_t size = part.size();
    digest.update({reinterpret_cast<const char*>(&size), sizeof size}).update(part);
  }
  return digest.finish();
}

}  // namespace

Status admit(const Registry& registry, Job& job) {
  auto command = registry.command(job.request.type);
  if (!command) {
    return Error{
        Code::kNotFound, "command.unknown",
        "no loaded module has the command `" + job.request.type + "`; GET /v1/commands lists them"};
  }
  job.command = std::move(*command);
  if (job.command.info().internal && !job.request.internal) {
    return Error{Code::kForbidden, "command.internal",
                 "`" + job.request.type + "` is sent by timers and reactions only"};
  }
  OPS_TRY(check_headers(job.request.context));
  OPS_TRY_ASSIGN(job.data, job.command.info().schema->encode(job.request.data));
  OPS_TRY(withhold(*job.command.info().schema, &job.data, &job.withheld));
  const auto& context = job.request.context;
  if (job.command.info().reason_required && context.reason.empty()) {
    return Error{Code::kInvalid, "command.reason_required",
                 "`" + job.request.type + "` needs a reason; send it as X-Reason"};
  }
  if (context.idempotency_key) {
    job.key = IdempotencyKey{context.actor, *context.idempotency_key, request_digest(job)};
  }
  return {};
}

Result<std::vector<TagSet>> tag_sets(Job& job, std::uint32_t load) {
  OPS_TRY_ASSIGN(auto sets,
                 job.command.module->load_tags(job.command.index, load, job.data, job.states));
  if (sets.size() > kTagSetsPerLoadMax) {
    return Error{Code::kInternal, "plugin.invalid_load",
                 "module " + job.module().name + ": load " + std::to_string(load) + " of " +
                     job.request.type + " named " + std::to_string(sets.size()) +
                     " tag sets, the limit is " + std::to_string(kTagSetsPerLoadMax)};
  }
  for (auto& set : sets) {
    for (const auto& tag : set) {
      if (is_tag(tag)) continue;
      return Error{Code::kInvalid, "command.invalid",
                   "the command leads to the tag `" + tag +
                       "`, which cannot be one: key:value, value 1 to 200 bytes of UTF-8 without "
                       "comma and control characters"};
    }
    std::sort(set.begin(), set.end());
    set.erase(std::unique(set.begin(), set.end()), set.end());
  }
  return sets;
}

void add_turn_keys(const TagSet& tags, std::vector<Turns::Key>* keys) {
  for (const auto& tag : tags) keys->push_back(std::hash<std::string_view>{}(tag));
}

Status plan_first_turns(Job& job) {
  const auto& info = job.command.info();
  if (!info.number_series.empty()) {
    OPS_TRY_ASSIGN(job.series,
                   job.command.module->series(job.command.index, job.data, job.envelope));
  }
  if (!job.series.empty()) {
    const auto tag = series_tag(job.series);
    if (!is_tag(tag)) {
      return Error{Code::kInvalid, "command.invalid",
                   "the command leads to the number series `" + job.series +
                       "`, which cannot be one: 1 to 200 bytes without comma"};
    }
    add_turn_keys({tag}, &job.keys);
  }
  if (job.key) {  // two requests with one key are decided one after the other
    add_turn_keys({job.key->scope + '\0' + job.key->key}, &job.keys);
  }
  if (!info.loads.empty()) {
    OPS_TRY_ASSIGN(job.first_sets, tag_sets(job, 0));
    for (const auto& set : *job.first_sets) add_turn_keys(set, &job.keys);
  }
  std::sort(job.keys.begin(), job.keys.end());
  job.keys.erase(std::unique(job.keys.begin(), job.keys.end()), job.keys.end());
  return {};
}

}  // namespace opsledger
