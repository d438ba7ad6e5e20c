#include "storage/core/table_keys.hpp"

#include <algorithm>

#include "storage/base/limits.hpp"

namespace opsledger {

Status check_generation_name(std::string_view name) {
  const auto allowed = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' || c == '.' || c == '@' ||
           c == '-';
  };
  if (!name.empty() && name.size() <= limits::kNameBytesMax &&
      std::all_of(name.begin(), name.end(), allowed)) {
    return {};
  }
  return Error{Code::kInvalid, "generation.name",
               "`" + std::string(name) + "` is no generation name: use 1 to 200 of [a-z0-9_.@-]"};
}

Status check_row_write(const RowWrite& write) {
  if (write.key.empty()) {
    return Error{Code::kInvalid, "row.key", "A row needs a key of at least one byte"};
  }
  if (!write.row && !write.index_add.empty()) {
    return Error{Code::kInvalid, "row.index", "An erased row adds index entries: remove them only"};
  }
  return {};
}

}  // namespace opsledger
