// Every limit of reading and writing spreadsheets in one place. A file beyond one of them is
// refused with a reason that names it; nothing is cut short in silence.
#pragma once

#include <cstddef>
#include <cstdint>

namespace opsledger::sheet_limits {

inline constexpr std::size_t kColumnsMax = 1'024;
inline constexpr std::uint64_t kRowsMax = 1'048'576;      ///< of a sheet, as Excel has them
inline constexpr std::uint64_t kCellsMax = 64'000'000;    ///< of a sheet, empty ones before a
                                                          ///< value included
inline constexpr std::size_t kCellBytesMax = 1 << 20;     ///< text of one cell
inline constexpr std::size_t kWrittenCellChars = 32'767;  ///< text of one cell of a written XLSX
inline constexpr std::size_t kReadBytes = 16 << 10;       ///< of a part at once
inline constexpr std::size_t kDelimiterSearchBytes = 64 << 10;

// zip
inline constexpr std::uint64_t kEntriesMax = 4'096;
inline constexpr std::uint64_t kInflatedBytesMax = std::uint64_t{2} << 30;  ///< all parts read
inline constexpr std::uint64_t kRatioMax = 300;  ///< inflated : packed, past the bytes below
inline constexpr std::uint64_t kRatioFreeBytes = 8 << 20;

// xml
inline constexpr unsigned kXmlDepthMax = 64;
inline constexpr std::size_t kXmlTokenBytesMax = 1 << 20;  ///< a tag with its attributes
inline constexpr std::size_t kSharedStringBytesMax = 256 << 20;
inline constexpr std::size_t kSharedStringsMax = 8'000'000;
inline constexpr std::size_t kStylesMax = 65'536;
inline constexpr std::size_t kSheetsMax = 1'024;

}  // namespace opsledger::sheet_limits
