#include "kernel/http/stream_group.hpp"

#include <algorithm>

namespace opsledger {

Task<bool> StreamWaiter::wait(std::chrono::milliseconds timeout) {
  if (!woken_) {
    boost::system::error_code ignored;
    timer_.expires_after(timeout);
    co_await timer_.async_wait(asio::redirect_error(use_task, ignored));
  }
  co_return std::exchange(woken_, false);
}

void StreamWaiter::wake() {
  woken_ = true;
  timer_.cancel();
}

StreamGroup::StreamGroup(Query query, std::shared_ptr<const EventScope> scope,
                         std::size_t backlog_bytes_max)
    : query_(std::move(query)), scope_(std::move(scope)), backlog_bytes_max_(backlog_bytes_max) {}

bool StreamGroup::matches(const EventView& event) const {
  const auto item_matches = [&](const QueryItem& item) {
    return (item.types.empty() ||
            std::find(item.types.begin(), item.types.end(), event.type) != item.types.end()) &&
           std::all_of(item.tags.begin(), item.tags.end(),
                       [&](const std::string& tag) { return event.has_tag(tag); });
  };
  const bool asked =
      query_.everything() || std::any_of(query_.items.begin(), query_.items.end(), item_matches);
  return asked && (!scope_ || scope_->sees(event));
}

bool StreamGroup::adopted() const {
  const std::lock_guard lock(mutex_);
  return adopted_;
}

std::vector<std::shared_ptr<StreamWaiter>> StreamGroup::adopt(Position position) {
  const std::lock_guard lock(mutex_);
  adopted_ = true;
  held_from_ = covered_ = position;
  return std::exchange(waiters_, {});
}

void StreamGroup::stage(Position position, std::string_view bytes) {
  if (!staged_) {
    staged_ = std::make_unique<StreamChunk>();
    staged_->first = position;
  }
  staged_->bytes.append(bytes);
}

std::vector<std::shared_ptr<StreamWaiter>> StreamGroup::publish(Position covered) {
  const std::lock_guard lock(mutex_);
  covered_ = covered;
  if (!staged_) return {};
  staged_->from = chunks_.empty() ? held_from_ : chunks_.back()->to;
  staged_->to = covered;
  bytes_ += staged_->bytes.size();
  chunks_.push_back(std::move(staged_));
  while (bytes_ > backlog_bytes_max_ && chunks_.size() > 1) {
    bytes_ -= chunks_.front()->bytes.size();
    held_from_ = chunks_.front()->to;
    chunks_.pop_front();
  }
  return std::exchange(waiters_, {});
}

std::vector<std::shared_ptr<StreamWaiter>> StreamGroup::take_waiters() {
  const std::lock_guard lock(mutex_);
  return std::exchange(waiters_, {});
}

StreamStep StreamGroup::wait(Position upto, const std::shared_ptr<StreamWaiter>& waiter) {
  if (std::find(waiters_.begin(), waiters_.end(), waiter) == waiters_.end()) {
    waiters_.push_back(waiter);
  }
  return {.kind = StreamStep::Kind::kWait, .chunks = {}, .upto = upto};
}

StreamStep StreamGroup::next(Position delivered, Position durable, std::size_t bytes_max,
                             const std::shared_ptr<StreamWaiter>& waiter) {
  const std::lock_guard lock(mutex_);
  const Position covered = adopted_ ? covered_ : durable;
  if (delivered >= covered) return wait(delivered, waiter);
  if (!adopted_ || delivered < held_from_) {
    return {.kind = StreamStep::Kind::kCatchUp, .chunks = {}, .upto = covered};
  }
  auto chunk = std::partition_point(chunks_.begin(), chunks_.end(),
                                    [&](const auto& c) { return c->to <= delivered; });
  if (chunk == chunks_.end()) return wait(covered, waiter);
  if ((*chunk)->first <= delivered) {  // resumed in the middle of a chunk
    return {.kind = StreamStep::Kind::kCatchUp, .chunks = {}, .upto = (*chunk)->to};
  }
  StreamStep step{.kind = StreamStep::Kind::kWrite, .chunks = {}, .upto = {}};
  for (std::size_t bytes = 0; chunk != chunks_.end() && bytes < bytes_max; ++chunk) {
    bytes += (*chunk)->bytes.size();
    step.upto = (*chunk)->to;
    step.chunks.push_back(*chunk);
  }
  return step;
}

void StreamGroup::leave(const std::shared_ptr<StreamWaiter>& waiter) {
  const std::lock_guard lock(mutex_);
  std::erase(waiters_, waiter);
}

}  // namespace opsledger
