// What a decision about an order must know.
#pragma once

#include "events.hpp"

namespace order {

/// One order, loaded by order:<invoice>.
struct Order {
  using Listens = ops::Fold<LineRecorded, Received, Held, Released>;
  bool known = false, held = false, cancelled = false;

  void on(const LineRecorded& e) {
    known = true;
    cancelled = cancelled || e.cancelled;
  }
  void on(const Received&) { known = true; }
  void on(const Held&) { held = true; }
  void on(const Released&) { held = false; }

  template <class A>
  void serialize(A& ar) {
    ar(NVP(known), NVP(held), NVP(cancelled));
  }
};

/// Who already used a channel's number, loaded by channel_order:<channel>/<number>.
struct ChannelNumber {
  using Listens = ops::Fold<Received>;
  std::string taken_by;
  void on(const Received& e) { taken_by = e.invoice; }

  template <class A>
  void serialize(A& ar) {
    ar(NVP(taken_by));
  }
};

}  // namespace order
