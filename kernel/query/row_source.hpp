// The rows that a plan reaches, one by one.
#pragma once

#include <memory>
#include <vector>

#include "kernel/projection/projection_engine.hpp"
#include "kernel/query/plan.hpp"

namespace opsledger {

/// Reads one generation as it was when created. One thread; must not outlive the generation.
class RowSource {
 public:
  /// `as_of` = kHead or a position. Errors: whatever the store reports.
  static Result<RowSource> open(const TableGeneration& generation, std::uint32_t table,
                                const Plan& plan, Position as_of);

  /// False = the end, or an error (`status`).
  bool next();
  BytesView key() const;
  BytesView row() const;
  Position position() const;
  Status status() const;

 private:
  std::vector<RowVersion> rows_;  // looked up by key
  std::vector<std::unique_ptr<RowCursor>> cursors_;
  std::size_t at_ = 0;  // of rows_ (1 = the first is current) or of cursors_
};

/// A plan and its source that agree on what the head was. `as_of` = the position that is read.
struct OpenedPlan {
  Plan plan;
  RowSource source;
  Position as_of;
};

/// At head the generation moves on while sources are opened: tries again until progress stood
/// still, at last reads versions as of a fixed position without indexes.
Result<OpenedPlan> open_plan(const TableSnapshot& snapshot, const BoundQuery& query);

}  // namespace opsledger
