// Spreadsheet files from strangers: the parts of a workbook, and whole files.
#include <sys/mman.h>
#include <unistd.h>

#include <map>

#include "kernel/sheets/limits.hpp"
#include "kernel/sheets/xlsx_reader.hpp"
#include "storage/base/assert.hpp"
#include "storage/core/validate.hpp"
#include "tests/fuzz/targets.hpp"
#include "tests/import/import_support.hpp"

namespace opsledger::fuzz {

namespace {

class PartsPackage final : public Package {
 public:
  explicit PartsPackage(std::map<std::string, std::string> parts) : parts_(std::move(parts)) {}
  Result<std::unique_ptr<ByteSource>> open(const std::string& part) override {
    const auto found = parts_.find(part);
    if (found == parts_.end()) return Error{Code::kNotFound, "sheet.part_missing", "no " + part};
    return std::unique_ptr<ByteSource>(
        std::make_unique<testing::TextSource>(found->second, std::size_t{1} << 20));
  }

 private:
  const std::map<std::string, std::string> parts_;
};

/// Whatever comes out is well formed, in order and within the limits.
void read_all(Result<std::unique_ptr<SheetReader>> reader) {
  const auto refused = [](const Error& error) {
    OPS_ASSERT(error.code == Code::kMalformed || error.code == Code::kTooLarge ||
               error.code == Code::kNotFound);
    OPS_ASSERT(is_utf8(error.message));
  };
  if (!reader.ok()) return refused(reader.error());
  SheetRow row;
  for (std::uint64_t last = 0;; last = row.number) {
    const auto more = (*reader)->next(&row);
    if (!more.ok()) return refused(more.error());
    if (!*more) return;
    OPS_ASSERT(row.number > last && row.cells.size() <= sheet_limits::kColumnsMax);
    for (const auto& cell : row.cells) OPS_ASSERT(is_utf8(cell.text));
  }
}

}  // namespace

void fuzz_xlsx(BytesView input) {
  constexpr std::array kNames = {
      "xl/worksheets/sheet1.xml", "xl/sharedStrings.xml",       "xl/styles.xml",
      "xl/workbook.xml",          "xl/_rels/workbook.xml.rels", "_rels/.rels"};
  std::map<std::string, std::string> parts;
  for (const auto* name : kNames) {
    const auto end = std::min(input.find('\0'), input.size());
    parts[name] = std::string(input.substr(0, end));
    input.remove_prefix(std::min(end + 1, input.size()));
  }
  read_all(make_xlsx_reader(std::make_unique<PartsPackage>(std::move(parts)), ""));
}

void fuzz_sheet_file(BytesView input) {
  const int file = ::memfd_create("sheet", MFD_CLOEXEC);
  OPS_ASSERT(file >= 0);
  OPS_ASSERT(::write(file, input.data(), input.size()) == static_cast<ssize_t>(input.size()));
  read_all(open_sheet("/proc/self/fd/" + std::to_string(file), {}));
  ::close(file);
}

}  // namespace opsledger::fuzz
