// The events of which golden files are kept.
#pragma once

#include <gtest/gtest.h>

#include "storage/api/event.hpp"
#include "storage/base/varint.hpp"

namespace opsledger::testing_support {

/// Every field set; tags and metadata not in stored order, one tag twice.
inline NewEvent full_event() {
  NewEvent event;
  event.type = "task.assigned";
  event.tags = {"task:T-1", "person:王", "task:T-1"};
  event.department = "ops-east";
  event.actor = "wang";
  event.time = Time{-1};
  event.correlation = "case-9";
  event.causation = {300};
  event.module = "task@1.4.0";
  for (std::uint8_t i = 0; i < 16; ++i) event.schema.bytes[i] = i;
  event.data = Bytes("\x00\x01\xfe\xff", 4);
  event.metadata = {{"reason", "因为"}, {"id", "c-1"}};
  return event;
}

/// Only what is required.
inline NewEvent small_event() {
  NewEvent event;
  event.type = "task.a";
  event.data = "{}";
  return event;
}

}  // namespace opsledger::testing_support
