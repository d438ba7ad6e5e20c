// What a decision is given besides the command and the states.
#pragma once

#include <opsledger/calendar.hpp>
#include <opsledger/json.hpp>
#include <opsledger/time.hpp>
#include <opsledger/view.hpp>

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace ops {

/// Views into the host's memory: valid inside the callback only.
class Envelope {
 public:
  Envelope(const ops_host* host, const ops_envelope& envelope) : host_(host), e_(envelope) {}

  std::uint64_t position() const { return e_.position; }  ///< everything up to here was folded
  Time time() const { return {e_.time_us}; }              ///< the only clock there is
  std::string_view actor() const { return from_view(e_.actor); }
  std::string_view role() const { return from_view(e_.role); }
  std::string_view department() const { return from_view(e_.department); }
  std::string_view reason() const { return from_view(e_.reason); }
  std::string_view correlation() const { return from_view(e_.correlation); }
  std::string_view on_behalf_of() const { return from_view(e_.on_behalf_of); }
  /// Next number of the command's series; empty in `series` itself.
  std::string_view number() const { return from_view(e_.number); }
  std::uint32_t id_count() const { return e_.id_count; }
  /// Fresh UUIDv7; ask for them with CommandBuilder::ids. Throws HostError beyond id_count.
  std::string_view id(std::uint32_t i = 0) const {
    if (i >= e_.id_count) throw HostError("fewer fresh ids than asked for");
    return from_view(e_.ids[i]);
  }
  bool by_timer() const { return e_.timer_id.size > 0; }
  std::string_view timer_id() const { return from_view(e_.timer_id); }
  Duration late_by() const { return Duration(e_.late_by_us); }
  /// How far the actor's right to this command reaches: `own`, `team`, `department`, `subtree` or
  /// `all`. The host checked the department; whether the thing is the actor's own, or of the
  /// actor's team, the module checks.
  std::string_view scope() const {
    constexpr auto kNeeded = offsetof(ops_envelope, scope) + sizeof(ops_envelope::scope);
    return e_.size < kNeeded || e_.scope.size == 0 ? "all" : from_view(e_.scope);
  }
  /// Whether the host keeps timers. Setting one where it does not fails the command.
  bool has_timers() const { return host_->timer_set != nullptr; }
  /// Working time of a department, where none is named of this one. A decision that counts it
  /// rests on that calendar: its append fails when the calendar changes meanwhile.
  WorkingCalendar calendar(std::string_view department = {}) const { return {host_, department}; }
  /// The module's settings for this department: `config()["ack_minutes"].integer(5)`.
  Json config() const {
    const auto text = from_view(host_->config);
    return text.empty() ? Json(Json::Object()) : Json::parse(text);
  }
  /// A row of any table as of position(), null when there is none. Recorded with the decision,
  /// but not guarded by its condition. Throws HostError where the host does not grant it.
  Json lookup(std::string_view table, std::string_view key) const {
    ops_view row{};
    if (host_->lookup == nullptr) throw HostError("looking up rows is not granted here");
    const auto status = host_->lookup(host_, to_view(table), to_view(key), &row);
    if (status == OPS_NOT_FOUND) return {};
    if (status != OPS_OK) throw HostError("looking up a row of " + std::string(table) + " failed");
    return Json::parse(from_view(row));
  }

 private:
  const ops_host* host_;
  const ops_envelope& e_;
};

}  // namespace ops
