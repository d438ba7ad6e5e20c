#include "kernel/http/event_slices.hpp"

namespace opsledger {

namespace {
constexpr std::size_t kEventsPerSliceMax = 16'384;  ///< looked at, so that no worker is held long
}

void render_event(const EventRenderer& renderer, const EventView& event, EventFormat format,
                  bool first, std::string* out) {
  switch (format) {
    case EventFormat::kArray:
      if (!first) out->push_back(',');
      renderer.render(event, out);
      return;
    case EventFormat::kLines:
      renderer.render(event, out);
      out->push_back('\n');
      return;
    case EventFormat::kServerSent:
      out->append("id: ").append(std::to_string(event.position.value)).append("\ndata: ");
      renderer.render(event, out);
      out->append("\n\n");
      return;
  }
}

EventSlicer::EventSlicer(const EventRenderer& renderer, EventSelection selection,
                         EventFormat format, std::unique_ptr<EventCursor> cursor)
    : renderer_(renderer),
      selection_(std::move(selection)),
      format_(format),
      cursor_(std::move(cursor)),
      left_(selection_.options.limit) {}

Result<std::unique_ptr<EventSlicer>> EventSlicer::open(const Ledger& ledger,
                                                       const EventRenderer& renderer,
                                                       EventSelection selection,
                                                       EventFormat format) {
  ReadOptions options = selection.options;
  if (selection.department || selection.scope) options.limit = UINT64_MAX;  // counted afterwards
  OPS_TRY_ASSIGN(auto cursor, ledger.read(selection.query, options));
  return std::make_unique<EventSlicer>(renderer, std::move(selection), format, std::move(cursor));
}

Result<bool> EventSlicer::refill() {
  if (!span_.empty()) return true;
  if (left_ == 0) return false;
  OPS_TRY_ASSIGN(span_, cursor_->next());
  return !span_.empty();
}

bool EventSlicer::wanted(const EventView& event) const {
  return (!selection_.department || event.department == *selection_.department) &&
         (!selection_.scope || selection_.scope->sees(event));
}

Result<EventSlice> EventSlicer::next(std::size_t bytes) {
  EventSlice slice;
  slice.bytes.reserve(format_ == EventFormat::kArray && first_ ? 4'096 : bytes + bytes / 8);
  if (first_ && format_ == EventFormat::kArray) slice.bytes.push_back('[');
  for (std::size_t seen = 0; seen < kEventsPerSliceMax && slice.bytes.size() < bytes; ++seen) {
    OPS_TRY_ASSIGN(const bool more, refill());
    if (!more || left_ == 0) {
      slice.end = true;
      if (format_ == EventFormat::kArray) slice.bytes.push_back(']');
      break;
    }
    const EventView& event = span_.front();
    span_ = span_.subspan(1);
    slice.last = event.position;
    if (!wanted(event)) continue;
    render_event(renderer_, event, format_, first_, &slice.bytes);
    first_ = false;
    --left_;
  }
  return slice;
}

}  // namespace opsledger
