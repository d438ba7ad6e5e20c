// What a table's rows look like: all that reading needs to know, valid without the module.
#pragma once

#include <boost/json/object.hpp>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "kernel/plugin/plugin_instance.hpp"
#include "kernel/schema/schema.hpp"
#include "storage/base/result.hpp"

namespace opsledger {

/// Immutable. A generation's shapes are recorded in the ledger when it goes live, so that it can
/// be read by its own row schemas after the module changed or went.
struct TableShape {
  std::string name;          ///< without the module
  std::uint32_t number = 0;  ///< of the table inside its generation
  std::shared_ptr<const Schema> row;
  std::string key_column;  ///< never empty; "key" when the module names none
  std::string owner_column, department_column;
  std::vector<std::uint32_t> indexes;  ///< index number -> field of the row schema
  /// Text fields that rows are found by, besides the key; empty = not searchable. The terms are
  /// entries of the index after the last of `indexes`.
  std::vector<std::uint32_t> search;
  bool is_indexed() const { return !indexes.empty() || !search.empty(); }
  std::uint32_t search_index() const { return static_cast<std::uint32_t>(indexes.size()); }

  /// Errors: kInvalid `table.index_invalid` (unknown column, or one without an order),
  /// `table.search_invalid` (unknown column, or no text).
  static Result<std::shared_ptr<const TableShape>> make(const TableInfo& info,
                                                        std::uint32_t number);
  /// The same from what `to_json` gave. Errors: kCorrupt.
  static Result<std::shared_ptr<const TableShape>> from_json(const boost::json::object& json);
  boost::json::object to_json() const;

  const std::vector<TypeNode::Field>& fields() const { return row->root().fields; }
  std::optional<std::uint32_t> field(std::string_view column) const;
  /// A text field called like the key column repeats the key: the key is shown in its place. A
  /// field of another type hides the key.
  bool shows_key() const;
};

}  // namespace opsledger
