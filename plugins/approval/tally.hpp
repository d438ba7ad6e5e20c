// What the votes of a step amount to.
#pragma once

#include "models.hpp"

namespace approval {

/// Votes that a quorum needs of `seats`: at least one, at most all.
inline std::int32_t votes_needed(const Step& step, std::int32_t seats) {
  const std::int32_t by_share = (step.quorum_percent * seats + 99) / 100;
  return std::clamp(std::max(step.quorum, by_share), 1, std::max(seats, 1));
}

/// Nothing while it is open. Added signers must all agree, whatever the mode.
inline std::optional<Outcome> tally(const Instance& instance) {
  const Step& step = instance.current();
  std::int32_t seats = 0, yes = 0, no = 0;
  bool added_agree = true;
  for (const Seat& s : instance.seats) {
    if (s.added) {
      if (s.voted && !s.approved) return Outcome::rejected;
      added_agree = added_agree && s.voted;
      continue;
    }
    ++seats;
    yes += s.voted && s.approved;
    no += s.voted && !s.approved;
  }
  if (no > 0 && step.has_veto()) return Outcome::rejected;
  bool passed = false, failed = false;
  switch (step.mode) {
    case Mode::single:
    case Mode::any:
      passed = yes > 0, failed = no == seats;
      break;
    case Mode::all:
    case Mode::sequence:  // without a veto the majority decides once everybody voted
      passed = yes + no == seats && yes > no, failed = yes + no == seats && yes <= no;
      break;
    case Mode::quorum:
      passed = yes >= votes_needed(step, seats);
      failed = seats - no < votes_needed(step, seats);
      break;
  }
  if (failed) return Outcome::rejected;
  return passed && added_agree ? std::optional(Outcome::passed) : std::nullopt;
}

}  // namespace approval
