// One table with a column of every kind, filled by hand.
#pragma once

#include <gtest/gtest.h>

#include <boost/json.hpp>
#include <string>
#include <vector>

#include "kernel/query/table_query.hpp"
#include "storage/memory/memory_table_store.hpp"

namespace opsledger::testing {

inline constexpr const char* kItemSchema =
    R"({"struct":[{"name":"name","type":"string"},{"name":"age","type":{"optional":"i32"}},)"
    R"({"name":"size","type":"u64"},{"name":"price","type":"decimal"},)"
    R"({"name":"score","type":{"optional":"f64"}},{"name":"state","type":)"
    R"({"enum":["open","held","closed"]}},{"name":"done","type":{"optional":"bool"}},)"
    R"({"name":"at","type":"time"},{"name":"due","type":{"optional":"date"}},)"
    R"({"name":"tags","type":{"list":"string"}},{"name":"paid","type":"money"},)"
    R"({"name":"nick","type":{"optional":"string"}}]})";

class TableTest : public ::testing::Test {
 protected:
  explicit TableTest(std::vector<std::string> indexes = {"age", "state", "price", "name"});

  /// Stores a version of row `key`; members that are left out get a plain value.
  void put(const std::string& key, const std::string& json_members);
  void erase(const std::string& key);
  TableSnapshot snapshot(Position as_of = kHead) const;

  /// The page, or "<reason>: <message>" of the error.
  std::string read(const QueryParameters& parameters, Position as_of = kHead) const;
  /// Just the keys, joined by spaces.
  std::string keys(QueryParameters parameters, Position as_of = kHead) const;
  std::string reason(const QueryParameters& parameters) const;

  MemoryTableStore store_;
  std::shared_ptr<TableGeneration> rows_;
  std::shared_ptr<const TableShape> shape_;
  Position position_{};

 private:
  void commit(RowWrite write, const std::optional<Bytes>& row);
};

}  // namespace opsledger::testing
