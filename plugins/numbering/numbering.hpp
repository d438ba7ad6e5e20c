// Facts, state and tables of human numbers.
#pragma once

#include <opsledger/sdk.hpp>

#include <set>
#include <string>

namespace numbering {

/// Written by the kernel in the append of the event that takes the number.
struct Issued {
  static constexpr auto type = "number.issued";
  std::string series, number;
  std::uint64_t sequence = 0;
  template <class A>
  void serialize(A& ar) {
    ar(NVP(series), NVP(number), NVP(sequence));
  }
  ops::Tags tags() const { return {{"series", series}}; }
};
struct Voided {
  static constexpr auto type = "numbering.voided";
  static constexpr ops::Label label{"Number voided", "编号已作废"};
  std::string number, series, why;
  template <class A>
  void serialize(A& ar) {
    ar(OPS_FIELD(number, "Number", "编号"), OPS_FIELD(series, "Series", "序列"),
       OPS_FIELD(why, "Why", "原因"));
  }
  ops::Tags tags() const { return {{"number", number}, {"series", series}}; }
};

/// One series (of one period), loaded by series:<name>.
struct Series {
  using Listens = ops::Fold<Issued, Voided>;
  std::set<std::string> issued, voided;
  void on(const Issued& e) { issued.insert(e.number); }
  void on(const Voided& e) { voided.insert(e.number); }
};

struct Void {
  static constexpr auto type = "numbering.void";
  std::string number, series;
  template <class A>
  void serialize(A& ar) {
    ar(OPS_FIELD(number, "Number", "编号"), OPS_FIELD(series, "Series", "序列"));
  }
};

struct SeriesTable {
  struct Row {
    std::string last_number;
    std::uint64_t issued = 0, voided = 0;
    ops::Time last_at;
    template <class A>
    void serialize(A& ar) {
      ar(OPS_FIELD(last_number, "Last number", "最新编号"), OPS_FIELD(issued, "Issued", "已发号"),
         OPS_FIELD(voided, "Void", "已作废"), OPS_FIELD(last_at, "Last issued", "最近发号"));
    }
  };
  using Listens = ops::Fold<Issued, Voided>;
  static void on(const Issued& e, const ops::EventMeta& meta, ops::Rows<Row>& rows) {
    rows.edit(e.series, [&](Row& row) {
      row.last_number = e.number, row.issued = e.sequence, row.last_at = meta.time();
    });
  }
  static void on(const Voided& e, const ops::EventMeta&, ops::Rows<Row>& rows) {
    rows.edit(e.series, [](Row& row) { ++row.voided; });
  }
};

struct Numbers {
  struct Row {
    std::string series;
    std::uint64_t sequence = 0;
    ops::Time issued_at;
    std::string issued_to;
    bool is_void = false;
    std::string why;
    template <class A>
    void serialize(A& ar) {
      ar(OPS_FIELD(series, "Series", "序列"), OPS_FIELD(sequence, "Sequence", "序号"),
         OPS_FIELD(issued_at, "Issued", "发号时间"), OPS_FIELD(issued_to, "Issued to", "领用人"),
         ops::field("void", is_void).label("Void", "作废"), OPS_FIELD(why, "Why", "原因"));
    }
  };
  using Listens = ops::Fold<Issued, Voided>;
  static void on(const Issued& e, const ops::EventMeta& meta, ops::Rows<Row>& rows) {
    rows.put(e.number, {e.series, e.sequence, meta.time(), std::string(meta.actor()), false, ""});
  }
  static void on(const Voided& e, const ops::EventMeta&, ops::Rows<Row>& rows) {
    rows.edit(e.number, [&](Row& row) { row.is_void = true, row.why = e.why; });
  }
};

}  // namespace numbering
