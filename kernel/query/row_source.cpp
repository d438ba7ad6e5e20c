#include "kernel/query/row_source.hpp"

namespace opsledger {
namespace {

constexpr int kHeadTriesMax = 16;

}  // namespace

Result<RowSource> RowSource::open(const TableGeneration& generation, std::uint32_t table,
                                  const Plan& plan, Position as_of) {
  RowSource source;
  for (const auto& key : plan.keys) {
    OPS_TRY_ASSIGN(auto row, generation.get(table, key, as_of));
    if (row && !row->erased) source.rows_.push_back(std::move(*row));
  }
  for (const auto& range : plan.ranges) {
    source.cursors_.push_back(plan.kind == Plan::Kind::kIndex
                                  ? generation.scan_index(table, plan.index, range, plan.backward)
                                  : generation.scan(table, range, as_of, plan.backward));
  }
  return source;
}

bool RowSource::next() {
  if (cursors_.empty()) return at_ < rows_.size() && ++at_ > 0;
  while (at_ < cursors_.size()) {
    if (cursors_[at_]->next()) return true;
    if (!cursors_[at_]->status().ok()) return false;
    if (at_ + 1 == cursors_.size()) return false;
    ++at_;
  }
  return false;
}

BytesView RowSource::key() const {
  return cursors_.empty() ? BytesView(rows_[at_ - 1].key) : cursors_[at_]->key();
}

BytesView RowSource::row() const {
  return cursors_.empty() ? BytesView(rows_[at_ - 1].row) : cursors_[at_]->row();
}

Position RowSource::position() const {
  return cursors_.empty() ? rows_[at_ - 1].position : cursors_[at_]->position();
}

Status RowSource::status() const {
  return cursors_.empty() ? Status() : cursors_[at_]->status();
}

Result<OpenedPlan> open_plan(const TableSnapshot& snapshot, const BoundQuery& query) {
  const auto& generation = *snapshot.generation;
  const auto table = snapshot.shape->number;
  const Plan plan = make_plan(query, snapshot.at_head);
  for (int i = 0; snapshot.at_head && i < kHeadTriesMax; ++i) {
    const Position before = generation.progress().position;
    OPS_TRY_ASSIGN(auto source, RowSource::open(generation, table, plan, kHead));
    if (generation.progress().position == before) {
      return OpenedPlan{plan, std::move(source), before};
    }
  }
  const Position as_of = snapshot.at_head ? generation.progress().position : snapshot.as_of;
  Plan fixed = make_plan(query, false);
  OPS_TRY_ASSIGN(auto source, RowSource::open(generation, table, fixed, as_of));
  return OpenedPlan{std::move(fixed), std::move(source), as_of};
}

}  // namespace opsledger
