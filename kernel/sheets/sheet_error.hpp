// Errors of spreadsheet files, each said in one way.
#pragma once

#include <cstdint>
#include <string>

#include "storage/base/result.hpp"

namespace opsledger {

inline Error sheet_too_large(const std::string& what, std::uint64_t most) {
  return {Code::kTooLarge, "sheet.too_large",
          "the file has more than " + std::to_string(most) + " " + what +
              "; split it into several files"};
}

inline Error sheet_malformed(const std::string& why) {
  return {Code::kMalformed, "sheet.malformed",
          "the file is no readable XLSX workbook: " + why + "; save it again as .xlsx"};
}

}  // namespace opsledger
