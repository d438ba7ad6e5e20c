// What may be said about a table beyond its rows.
#pragma once

#include <opsledger/detail/pool.hpp>
#include <opsledger/detail/table_impl.hpp>

#include <string>
#include <vector>

namespace ops {

/// Returned by Module::table; every call is optional.
class TableOptions {
 public:
  /// Names of columns that stay where they are until the module is described.
  struct Columns {
    std::vector<ops_view> indexes, search;
  };
  TableOptions(detail::Pool& pool, Columns& columns, std::vector<ops_table>& tables,
               std::size_t place)
      : pool_(pool), columns_(columns), tables_(tables), place_(place) {}

  TableOptions& label(const char* en, const char* zh) {
    at().label = pool_.label({en, zh});
    return *this;
  }
  /// Makes filters on this column fast.
  TableOptions& index(const char* column) {
    columns_.indexes.push_back(pool_.text(column));
    return *this;
  }
  /// Lets people find rows by the words of this text column, and by the key.
  TableOptions& search(const char* column) {
    columns_.search.push_back(pool_.text(column));
    return *this;
  }
  /// The column under which the row key is shown; it need not be a field.
  TableOptions& key(const char* column) {
    at().key_column = pool_.text(column);
    return *this;
  }
  /// The column with the actor whose `own` rows these are.
  TableOptions& owner(const char* column) {
    at().owner_column = pool_.text(column);
    return *this;
  }
  /// The column with the department; without it: that of the event that wrote the row.
  TableOptions& department(const char* column) {
    at().department_column = pool_.text(column);
    return *this;
  }

 private:
  ops_table& at() { return tables_[place_]; }

  detail::Pool& pool_;
  Columns& columns_;
  std::vector<ops_table>& tables_;
  std::size_t place_;
};

}  // namespace ops
