#include "tests/faults/promises.hpp"

#include <gtest/gtest.h>

#include <charconv>
#include <random>

#include "storage/core/sha256.hpp"
#include "tests/support/test_bytes.hpp"

namespace opsledger::testing_support {

namespace {

constexpr std::size_t kFillerBytesMax = 600;

Bytes counter_data(const std::string& id, std::int64_t value) {
  return opsledger::testing::PayloadWriter().str(id).i64(value).bytes;
}

/// RFC 6962 over leaves that come one by one: the roots of the full subtrees, largest first.
class RootOfRecords {
 public:
  void add(BytesView record) {
    subtrees_.push_back({1, sha256(std::string(1, '\0') + std::string(record))});
    while (subtrees_.size() > 1 && subtrees_[subtrees_.size() - 2].size == subtrees_.back().size) {
      fold(&subtrees_);
    }
  }
  Hash root() const {
    auto left = subtrees_;
    while (left.size() > 1) fold(&left);
    return left.empty() ? sha256("") : left[0].root;
  }

 private:
  struct Subtree {
    std::uint64_t size;
    Hash root;
  };
  static void fold(std::vector<Subtree>* trees) {
    const Subtree right = trees->back();
    trees->pop_back();
    Subtree& left = trees->back();
    left.root = sha256(std::string(1, '\1') + std::string(left.root.view()) +
                       std::string(right.root.view()));
    left.size += right.size;
  }
  std::vector<Subtree> subtrees_;
};

struct Label {
  Ticket ticket;
  std::uint64_t index = 0, count = 0;
};

bool parse_label(std::string_view text, Label* label) {
  for (std::uint64_t* number :
       {&label->ticket.run, &label->ticket.number, &label->index, &label->count}) {
    const auto parsed = std::from_chars(text.data(), text.data() + text.size(), *number);
    if (parsed.ec != std::errc()) return false;
    text.remove_prefix(static_cast<std::size_t>(parsed.ptr - text.data()));
    if (!text.empty()) text.remove_prefix(1);
  }
  return text.empty();
}

/// Looks at every event once, in order.
class Inspection {
 public:
  Inspection(const std::set<std::uint64_t>& runs, const std::map<std::uint64_t, Hash>& roots)
      : runs_(runs), roots_(roots) {}

  void look_at(const EventView& event) {
    EXPECT_EQ(event.position.value, ++last_.value) << "a gap";
    EXPECT_GE(event.recorded_at, recorded_at_) << "time goes back at " << event.position.value;
    recorded_at_ = event.recorded_at;
    look_at_label(event);
    if (event.type == "counter.added") look_at_counter(event);
    tree_.add(event.encoded);
    const auto promised = roots_.find(last_.value);
    if (promised == roots_.end()) return;
    EXPECT_EQ(tree_.root(), promised->second) << "another root at " << last_.value;
  }
  void finish() { EXPECT_EQ(group_left_, 0u) << "half a proposal at the end"; }

  Position last() const { return last_; }
  Hash root() const { return tree_.root(); }
  const std::map<Ticket, Position>& groups() const { return groups_; }

 private:
  void look_at_label(const EventView& event) {
    const std::string where = " at position " + std::to_string(event.position.value);
    if (event.correlation.empty()) {  // the projection's own
      EXPECT_EQ(group_left_, 0u) << "half a proposal" << where;
      EXPECT_TRUE(event.type.starts_with("projection.") || event.type.starts_with("schema."))
          << "invented: " << event.type << where;
      return;
    }
    Label label;
    ASSERT_TRUE(parse_label(event.correlation, &label)) << event.correlation << where;
    EXPECT_TRUE(runs_.contains(label.ticket.run)) << "invented run" << where;
    if (label.index == 0) {
      EXPECT_EQ(group_left_, 0u) << "half a proposal before" << where;
      EXPECT_TRUE(groups_.emplace(label.ticket, event.position).second) << "twice" << where;
      group_left_ = label.count;
    } else {
      EXPECT_TRUE(label.ticket == group_) << "torn apart" << where;
    }
    group_ = label.ticket;
    EXPECT_EQ(label.index + group_left_, label.count) << "out of order" << where;
    --group_left_;
    if (event.type != "filler.made") return;
    EXPECT_EQ(event.data, filler_data(label.ticket, label.index)) << "changed" << where;
  }

  void look_at_counter(const EventView& event) {
    const std::string id(event.tags()[0]);
    EXPECT_EQ(event.data, counter_data(id.substr(id.find(':') + 1), ++values_[id]))
        << "a condition was broken at " << event.position.value;
  }

  const std::set<std::uint64_t>& runs_;
  const std::map<std::uint64_t, Hash>& roots_;
  Position last_{};
  Time recorded_at_{INT64_MIN};
  RootOfRecords tree_;
  std::map<std::string, std::int64_t> values_;
  std::map<Ticket, Position> groups_;
  Ticket group_;
  std::uint64_t group_left_ = 0;
};

}  // namespace

std::string label(Ticket ticket, std::size_t index, std::size_t count) {
  return std::to_string(ticket.run) + "." + std::to_string(ticket.number) + "." +
         std::to_string(index) + "." + std::to_string(count);
}

Bytes filler_data(Ticket ticket, std::size_t index) {
  std::minstd_rand random(
      static_cast<std::uint32_t>(ticket.run * 31 + ticket.number * 7 + index + 1));
  std::string text = "\"" + std::to_string(random());
  text.resize(text.size() + random() % kFillerBytesMax, static_cast<char>('a' + random() % 26));
  return text + "\"";
}

NewEvent filler_event(Ticket ticket, std::size_t index) {
  NewEvent event;
  event.type = "filler.made";
  event.tags = {"filler:" + std::to_string((ticket.number + index) % 50)};
  event.data = filler_data(ticket, index);
  return event;
}

NewEvent counter_event(int id, std::int64_t value, const SchemaId& schema) {
  NewEvent event;
  event.type = "counter.added";
  event.tags = {"counter:c" + std::to_string(id)};
  event.schema = schema;
  event.data = counter_data("c" + std::to_string(id), value);
  return event;
}

Query query_of_counter(int id) {
  return {{{{"counter.added"}, {"counter:c" + std::to_string(id)}}}};
}

Proposal labelled(Ticket ticket, Proposal proposal) {
  for (std::size_t i = 0; i < proposal.events.size(); ++i) {
    proposal.events[i].correlation = label(ticket, i, proposal.events.size());
  }
  return proposal;
}

Result<Counter> read_counter(const Ledger& ledger, int id) {
  ReadOptions last;
  last.limit = 1;
  last.direction = Direction::kBackward;
  last.accepted = true;
  OPS_TRY_ASSIGN(const auto cursor, ledger.read(query_of_counter(id), last));
  OPS_TRY_ASSIGN(const auto events, cursor->next());
  if (events.empty()) return Counter{};
  opsledger::testing::PayloadReader data(events[0].data);
  data.str();
  return Counter{events[0].position, data.i64()};
}

void Promises::knows_run(std::uint64_t run) {
  std::lock_guard lock(mutex_);
  runs_.insert(run);
}

void Promises::acknowledged(Ticket ticket, const AppendOutcome& outcome) {
  std::lock_guard lock(mutex_);
  acknowledged_[ticket] = {outcome.first, outcome.last};
}

void Promises::handed_out(const TreeHead& head) {
  std::lock_guard lock(mutex_);
  if (head.position.value > 0) roots_[head.position.value] = head.root;
}

std::size_t Promises::size() const {
  std::lock_guard lock(mutex_);
  return acknowledged_.size();
}

Status Promises::check(const Ledger& ledger, const MerkleLog& merkle, Position upto) const {
  std::lock_guard lock(mutex_);
  const TreeHead head = ledger.durable();
  Inspection inspection(runs_, roots_);
  ReadOptions all;
  all.upto = head.position;
  OPS_TRY_ASSIGN(const auto cursor, ledger.read({}, all));
  for (;;) {
    OPS_TRY_ASSIGN(const auto events, cursor->next());
    if (events.empty()) break;
    for (const EventView& event : events) inspection.look_at(event);
  }
  inspection.finish();
  EXPECT_EQ(inspection.last(), head.position);
  EXPECT_EQ(inspection.root(), head.root);
  for (const auto& [ticket, span] : acknowledged_) {
    if (span.last > upto) continue;
    const auto found = inspection.groups().find(ticket);
    const bool kept = found != inspection.groups().end() && found->second == span.first;
    EXPECT_TRUE(kept) << "acknowledged at " << span.first.value
                      << " and lost or moved: " << label(ticket, 0, 0) << ", the ledger ends at "
                      << head.position.value;
  }
  for (const auto& [size, root] : roots_) {
    if (size > upto.value) break;
    if (size > head.position.value) {
      ADD_FAILURE() << "a root was handed out at " << size << ", lost";
      continue;
    }
    OPS_TRY_ASSIGN(const Hash stored, merkle.root(size));
    EXPECT_EQ(stored, root) << "at " << size;
  }
  return {};
}

}  // namespace opsledger::testing_support
