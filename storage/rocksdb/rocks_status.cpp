#include "storage/rocksdb/rocks_status.hpp"

#include <string>

namespace opsledger::rocks {

namespace {
constexpr std::string_view kNotInMemory = "storage.not_in_memory";

/// RocksDB looks for a table file that is missing under its name of old, too, and tells that one.
std::string text_of(const rocksdb::Status& status) {
  std::string text = status.ToString();
  for (auto at = text.find(".ldb"); at != text.npos; at = text.find(".ldb")) {
    text.replace(at, 4, ".sst");
  }
  return text;
}

}  // namespace

Error to_error(const rocksdb::Status& status, std::string_view what) {
  const std::string text = "could not " + std::string(what) + ": " + text_of(status);
  if (status.IsCorruption()) {
    return {Code::kCorrupt, "storage.corrupt",
            text + "; stop the server, run `opsledger verify`, and restore a backup if it fails"};
  }
  if (status.IsIncomplete()) return not_in_memory();
  if (status.IsNoSpace()) {
    return {Code::kIo, "storage.no_space", text + "; free disk space, then restart the server"};
  }
  return {Code::kIo, "storage.io", text + "; check the disk and its mount, then restart"};
}

Error not_in_memory() {
  return {Code::kNotReady, std::string(kNotInMemory), "the disk would have to be read"};
}

bool is_not_in_memory(const Error& error) {
  return error.reason == kNotInMemory;
}

Error corrupt(std::string_view where, std::string_view why) {
  return {Code::kCorrupt, "storage.corrupt",
          std::string(where) + " is damaged: " + std::string(why) +
              "; restore a backup, and keep the damaged directory as evidence"};
}

}  // namespace opsledger::rocks
