#include "tests/query/table_fixture.hpp"

#include "kernel/projection/column_key.hpp"

namespace opsledger::testing {

TableTest::TableTest(std::vector<std::string> indexes) {
  TableInfo info;
  info.name = "items";
  info.row = Schema::parse(kItemSchema).value();
  info.key_column = "id";
  info.indexes = std::move(indexes);
  shape_ = TableShape::make(info, 0).value();
  rows_ = store_.open("items").value();
}

void TableTest::put(const std::string& key, const std::string& json_members) {
  boost::json::object row = {{"name", "n"},
                             {"size", 1},
                             {"price", "1.00"},
                             {"state", "open"},
                             {"at", "2026-11-11T00:00:00Z"},
                             {"tags", boost::json::array()}};
  row["paid"] = boost::json::object{{"minor", 100}, {"currency", "CNY"}};
  const auto given = boost::json::parse("{" + json_members + "}");
  for (const auto& [name, value] : given.as_object()) row[name] = value;
  const auto bytes = shape_->row->encode(row);
  ASSERT_TRUE(bytes.ok()) << bytes.error().message;
  commit({0, key, *bytes}, *bytes);
}

void TableTest::erase(const std::string& key) {
  commit({0, key, std::nullopt}, std::nullopt);
}

void TableTest::commit(RowWrite write, const std::optional<Bytes>& row) {
  position_ = position_.next();
  write.position = position_;
  const auto index_keys = [&](BytesView bytes) {
    std::vector<BytesView> values;
    EXPECT_TRUE(split_fields(shape_->row->root(), bytes, &values).ok());
    std::vector<std::pair<std::uint32_t, Bytes>> keys;
    for (std::uint32_t i = 0; i < shape_->indexes.size(); ++i) {
      const auto field = shape_->indexes[i];
      Bytes key;
      EXPECT_TRUE(append_column_key(*shape_->fields()[field].type, values[field], &key));
      keys.emplace_back(i, key);
    }
    return keys;
  };
  if (const auto old = rows_->get(0, write.key, kHead).value()) {
    write.index_remove = index_keys(old->row);
  }
  if (row) write.index_add = index_keys(*row);
  ASSERT_TRUE(rows_->commit({&write, 1}, {{}, position_, {}}).ok());
}

TableSnapshot TableTest::snapshot(Position as_of) const {
  TableSnapshot snapshot;
  snapshot.shape = shape_;
  snapshot.generation = rows_;
  snapshot.generation_name = "items@1";
  snapshot.at_head = as_of == kHead;
  snapshot.as_of = snapshot.at_head ? position_ : as_of;
  return snapshot;
}

std::string TableTest::read(const QueryParameters& parameters, Position as_of) const {
  const auto page = read_table(snapshot(as_of), parameters, false);
  return page.ok() ? page->json : page.error().reason + ": " + page.error().message;
}

std::string TableTest::keys(QueryParameters parameters, Position as_of) const {
  parameters.emplace_back("select", "id");
  const auto page = read_table(snapshot(as_of), parameters, false);
  if (!page.ok()) return page.error().reason + ": " + page.error().message;
  std::string joined;
  const auto rows = boost::json::parse(page->json);
  for (const auto& row : rows.as_array()) {
    joined += (joined.empty() ? "" : " ") + std::string(row.at("id").as_string());
  }
  return joined;
}

std::string TableTest::reason(const QueryParameters& parameters) const {
  const auto page = read_table(snapshot(), parameters, false);
  return page.ok() ? "ok" : page.error().reason;
}

}  // namespace opsledger::testing
