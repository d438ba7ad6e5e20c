// The parts of a workbook by name. A zip file is one; tests have another.
#pragma once

#include <memory>
#include <string>

#include "kernel/import/byte_source.hpp"
#include "storage/base/result.hpp"

namespace opsledger {

/// One thread at a time; must outlive what it opened.
class Package {
 public:
  virtual ~Package() = default;
  /// `xl/workbook.xml`. Errors: kNotFound `sheet.part_missing`, kMalformed, kTooLarge.
  virtual Result<std::unique_ptr<ByteSource>> open(const std::string& part) = 0;
};

/// Opens a zip file. Nothing is ever unpacked to a disk. Errors: kMalformed `sheet.malformed` (no
/// zip, damaged, encrypted), `sheet.entry_name` (an entry that would lie outside a folder it were
/// unpacked to), kTooLarge `sheet.too_large`.
Result<std::unique_ptr<Package>> open_zip_package(const std::string& path);

}  // namespace opsledger
