#include "kernel/plugin/library_file.hpp"

#include <link.h>

#include <algorithm>
#include <cstring>
#include <fstream>
#include <vector>

namespace opsledger {

namespace {

using Header = ElfW(Ehdr);
using Segment = ElfW(Phdr);

Error not_loadable(const std::string& why) {
  return Error{Code::kInvalid, "plugin.not_loadable",
               why + "; it must be a shared library for this machine: build or copy it again"};
}

template <class T>
bool read_at(std::ifstream& file, std::uint64_t at, std::size_t count, T* out) {
  file.seekg(static_cast<std::streamoff>(at));
  const auto size = static_cast<std::streamsize>(count * sizeof(T));
  file.read(reinterpret_cast<char*>(out), size);
  return file.gcount() == size;
}

bool is_shared_library(const Header& header) {
  return std::memcmp(header.e_ident, ELFMAG, SELFMAG) == 0 && header.e_type == ET_DYN &&
         header.e_phentsize == sizeof(Segment);
}

// The end of what starts at `from`, or the largest number where that is none.
std::uint64_t end_of(std::uint64_t from, std::uint64_t size) {
  std::uint64_t end = 0;
  return __builtin_add_overflow(from, size, &end) ? UINT64_MAX : end;
}

std::uint64_t length_needed(const Header& header, const std::vector<Segment>& segments) {
  std::uint64_t needed = end_of(header.e_shoff, std::uint64_t{header.e_shnum} * header.e_shentsize);
  for (const Segment& segment : segments) {
    if (segment.p_type != PT_NULL) {
      needed = std::max(needed, end_of(segment.p_offset, segment.p_filesz));
    }
  }
  return needed;
}

}  // namespace

Status check_library_file(const std::filesystem::path& path) {
  std::error_code failed;
  const std::uint64_t length = std::filesystem::file_size(path, failed);
  std::ifstream file(path, std::ios::binary);
  if (failed || !file) {
    return Error{Code::kNotFound, "plugin.not_found", "the library cannot be read; check the path"};
  }
  Header header;
  if (!read_at(file, 0, 1, &header) || !is_shared_library(header)) {
    return not_loadable("the file is no shared library (ELF)");
  }
  std::vector<Segment> segments(header.e_phnum);
  const bool whole = read_at(file, header.e_phoff, segments.size(), segments.data());
  const std::uint64_t needed = whole ? length_needed(header, segments)
                                     : end_of(header.e_phoff, segments.size() * sizeof(Segment));
  if (needed <= length) return {};
  return not_loadable("the file is cut short: it has " + std::to_string(length) +
                      " bytes, its headers speak of " + std::to_string(needed));
}

}  // namespace opsledger
