// The plugin that `projection_bench` measures: per event one row of 100 bytes is read and written.
#include <opsledger/sdk.hpp>

namespace bench {

struct Moved {
  static constexpr auto type = "bench.moved";
  std::string id, note;
  std::int64_t amount = 0;
  template <class A>
  void serialize(A& ar) {
    ar(NVP(id), NVP(note), NVP(amount));
  }
  ops::Tags tags() const { return {{"bench", id}}; }
};

struct Balances {
  struct Row {
    std::int64_t total = 0, moves = 0;
    std::string note;
    template <class A>
    void serialize(A& ar) {
      ar(NVP(total), NVP(moves), NVP(note));
    }
  };
  using Listens = ops::Fold<Moved>;
  static void on(const Moved& e, ops::Rows<Row>& rows) {
    rows.edit(e.id, [&](Row& row) {
      row.total += e.amount;
      ++row.moves;
      row.note = e.note;
    });
  }
  static void keys(const Moved& e, ops::Keys& keys) { keys.add(e.id); }
};

}  // namespace bench

OPS_MODULE("bench", "0.1.0") {
  m.owns("bench").events<bench::Moved>();
  m.table<bench::Balances>("balances").key("id");
}
