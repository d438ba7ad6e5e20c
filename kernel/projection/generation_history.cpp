#include "kernel/projection/generation_history.hpp"

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

namespace opsledger {
namespace {

constexpr std::string_view kShaped = "projection.table_shaped";
constexpr std::string_view kStarted = "projection.generation_started";
constexpr std::string_view kFinished = "projection.generation_finished";
constexpr std::string_view kSkipped = "projection.event_skipped";

std::string text_of(const boost::json::object& json, std::string_view name) {
  const auto* value = json.if_contains(name);
  return value != nullptr && value->is_string() ? std::string(value->get_string()) : "";
}

NewEvent kernel_event(std::string_view type, std::string_view module, std::string_view generation,
                      boost::json::object data) {
  NewEvent event;
  event.type = type;
  event.tags = {"module:" + std::string(module), "generation:" + std::string(generation)};
  event.actor = "kernel";
  data["module"] = module;
  data["generation"] = generation;
  event.data = boost::json::serialize(data);
  return event;
}

Error unreadable(const EventView& event) {
  return {Code::kCorrupt, "projection.history_unreadable",
          std::string(event.type) + " at position " + std::to_string(event.position.value) +
              " cannot be read; run `opsledger verify` on this ledger"};
}

Result<boost::json::object> parse_data(const EventView& event) {
  boost::system::error_code problem;
  auto value = boost::json::parse(event.data, problem);
  if (problem || !value.is_object()) return unreadable(event);
  return std::move(value.get_object());
}

}  // namespace

Result<GenerationHistory> GenerationHistory::read(const Ledger& ledger, std::string_view module) {
  GenerationHistory history;
  history.module_ = module;
  const Query query{{{{std::string(kShaped), std::string(kStarted), std::string(kFinished),
                       std::string(kSkipped)},
                      {"module:" + history.module_}}}};
  OPS_TRY_ASSIGN(auto cursor, ledger.read(query, ReadOptions{}));
  while (true) {
    OPS_TRY_ASSIGN(const auto events, cursor->next());
    if (events.empty()) return history;
    for (const auto& event : events) OPS_TRY(history.fold(event));
  }
}

Status GenerationHistory::fold(const EventView& event) {
  OPS_TRY_ASSIGN(const auto data, parse_data(event));
  if (event.type == kShaped) {
    OPS_TRY_ASSIGN(auto shape, TableShape::from_json(data));
    if (shape->number != pending_shapes_.size()) return unreadable(event);
    pending_shapes_.push_back(std::move(shape));
  } else if (event.type == kStarted) {
    records_.push_back({text_of(data, "generation"), text_of(data, "hash"),
                        std::exchange(pending_shapes_, {}), event.position, std::nullopt});
  } else if (event.type == kFinished) {
    if (records_.empty()) return unreadable(event);
    records_.back().live_until = event.position;
  } else {
    const auto* position = data.if_contains("position");
    if (position == nullptr || !position->is_int64()) return unreadable(event);
    skipped_.emplace(text_of(data, "hash"),
                     Position{static_cast<std::uint64_t>(position->get_int64())});
  }
  return {};
}

Status GenerationHistory::start(Ledger& ledger, std::string_view module_version,
                                GenerationRecord next) {
  Proposal proposal;
  if (const auto* old = live()) {
    proposal.events.push_back(
        kernel_event(kFinished, module_, old->name,
                     {{"live_from", static_cast<std::int64_t>(old->live_from.value)}}));
  }
  for (const auto& shape : next.shapes) {
    proposal.events.push_back(kernel_event(kShaped, module_, next.name, shape->to_json()));
  }
  proposal.events.push_back(kernel_event(
      kStarted, module_, next.name, {{"module_version", module_version}, {"hash", next.hash}}));
  const bool ends_old = live() != nullptr;
  OPS_TRY_ASSIGN(const auto outcome, append_and_wait(ledger, std::move(proposal)));
  if (ends_old) records_.back().live_until = outcome.first;
  next.live_from = outcome.last;
  records_.push_back(std::move(next));
  return {};
}

Status GenerationHistory::skip(Ledger& ledger, std::string_view hash, Position position,
                               std::string_view reason, std::string_view actor) {
  Proposal proposal;
  const auto* generation = live();
  proposal.events.push_back(kernel_event(kSkipped, module_,
                                         generation != nullptr ? generation->name : module_,
                                         {{"hash", hash},
                                          {"position", static_cast<std::int64_t>(position.value)},
                                          {"reason", reason}}));
  proposal.events.back().actor = actor;
  proposal.events.back().causation = position;
  OPS_TRY(append_and_wait(ledger, std::move(proposal)));
  skipped_.emplace(hash, position);
  return {};
}

const GenerationRecord* GenerationHistory::live() const {
  return records_.empty() || records_.back().live_until ? nullptr : &records_.back();
}

const GenerationRecord* GenerationHistory::shown_at(Position position) const {
  for (const auto& record : records_) {
    if (record.live_from <= position && (!record.live_until || position < *record.live_until)) {
      return &record;
    }
  }
  return nullptr;
}

const GenerationRecord* GenerationHistory::find(std::string_view name) const {
  for (const auto& record : records_) {
    if (record.name == name) return &record;
  }
  return nullptr;
}

std::set<Position> GenerationHistory::skipped(std::string_view hash) const {
  std::set<Position> positions;
  for (const auto& [skipped_hash, position] : skipped_) {
    if (skipped_hash == hash) positions.insert(position);
  }
  return positions;
}

}  // namespace opsledger
