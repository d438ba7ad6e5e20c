#include <zip.h>

#include <algorithm>

#include "kernel/sheets/limits.hpp"
#include "kernel/sheets/package.hpp"
#include "kernel/sheets/sheet_error.hpp"

namespace opsledger {

namespace {

struct Discard {
  void operator()(zip_t* archive) const { zip_discard(archive); }
};
struct CloseEntry {
  void operator()(zip_file_t* file) const { zip_fclose(file); }
};

std::string zip_error(int code) {
  zip_error_t error;
  zip_error_init_with_code(&error, code);
  std::string text = zip_error_strerror(&error);
  zip_error_fini(&error);
  return text;
}

/// What unpacking has given so far, over all parts of one archive.
struct Inflated {
  std::uint64_t bytes = 0;
};

class ZipEntry final : public ByteSource {
 public:
  ZipEntry(zip_file_t* file, std::uint64_t packed, std::uint64_t size, Inflated* inflated)
      : file_(file), packed_(packed), size_(size), inflated_(inflated) {}

  Result<std::size_t> read(char* out, std::size_t size) override {
    const auto count = zip_fread(file_.get(), out, size);
    if (count < 0) {
      return sheet_malformed(std::string("a part cannot be unpacked (") +
                             zip_file_strerror(file_.get()) + ")");
    }
    read_ += static_cast<std::uint64_t>(count);
    inflated_->bytes += static_cast<std::uint64_t>(count);
    if (inflated_->bytes > sheet_limits::kInflatedBytesMax) {
      return sheet_too_large("bytes once unpacked", sheet_limits::kInflatedBytesMax);
    }
    if (read_ > sheet_limits::kRatioFreeBytes &&
        read_ / sheet_limits::kRatioMax > std::max<std::uint64_t>(packed_, 1)) {
      return sheet_too_large("times its packed size once unpacked", sheet_limits::kRatioMax);
    }
    return static_cast<std::size_t>(count);
  }
  std::uint64_t bytes_read() const override { return read_; }
  std::uint64_t bytes_total() const override { return size_; }

 private:
  std::unique_ptr<zip_file_t, CloseEntry> file_;
  const std::uint64_t packed_, size_;
  std::uint64_t read_ = 0;
  Inflated* inflated_;
};

bool leaves_folder(std::string_view name) {
  if (name.starts_with('/') || name.find('\\') != std::string_view::npos) return true;
  if (name.size() > 1 && name[1] == ':') return true;
  for (std::size_t at = 0; at <= name.size();) {
    const auto end = std::min(name.find('/', at), name.size());
    if (name.substr(at, end - at) == "..") return true;
    at = end + 1;
  }
  return false;
}

class ZipPackage final : public Package {
 public:
  explicit ZipPackage(zip_t* archive) : archive_(archive) {}

  Status check() const {
    const auto count = zip_get_num_entries(archive_.get(), 0);
    if (count < 0 || static_cast<std::uint64_t>(count) > sheet_limits::kEntriesMax) {
      return sheet_too_large("zip entries", sheet_limits::kEntriesMax);
    }
    for (zip_int64_t i = 0; i < count; ++i) {
      const char* name = zip_get_name(archive_.get(), static_cast<zip_uint64_t>(i), 0);
      if (name == nullptr) return sheet_malformed("an entry of the zip has no name");
      if (!leaves_folder(name)) continue;
      return Error{Code::kMalformed, "sheet.entry_name",
                   "the zip holds an entry whose name leads out of its folder; no spreadsheet "
                   "program writes one, so it is refused"};
    }
    return {};
  }

  Result<std::unique_ptr<ByteSource>> open(const std::string& part) override {
    const auto index = zip_name_locate(archive_.get(), part.c_str(), ZIP_FL_NOCASE);
    if (index < 0) {
      return Error{Code::kNotFound, "sheet.part_missing",
                   "the file is a zip without the part " + part + ", so no XLSX workbook"};
    }
    zip_stat_t about;
    zip_stat_init(&about);
    const auto at = static_cast<zip_uint64_t>(index);
    constexpr auto kNeeded = ZIP_STAT_SIZE | ZIP_STAT_COMP_SIZE | ZIP_STAT_ENCRYPTION_METHOD;
    if (zip_stat_index(archive_.get(), at, 0, &about) != 0 || (about.valid & kNeeded) != kNeeded) {
      return sheet_malformed("a part says nothing of its size");
    }
    if (about.encryption_method != ZIP_EM_NONE) {
      return sheet_malformed("it is protected by a password; save it without");
    }
    zip_file_t* file = zip_fopen_index(archive_.get(), at, 0);
    if (file == nullptr) {
      return sheet_malformed("the part " + part + " cannot be opened (" +
                             zip_strerror(archive_.get()) + ")");
    }
    return std::unique_ptr<ByteSource>(
        std::make_unique<ZipEntry>(file, about.comp_size, about.size, &inflated_));
  }

 private:
  std::unique_ptr<zip_t, Discard> archive_;
  Inflated inflated_;
};

}  // namespace

Result<std::unique_ptr<Package>> open_zip_package(const std::string& path) {
  int failed = 0;
  zip_t* archive = zip_open(path.c_str(), ZIP_RDONLY, &failed);
  if (archive == nullptr)
    return sheet_malformed("it is no whole zip file (" + zip_error(failed) + ")");
  auto package = std::make_unique<ZipPackage>(archive);
  OPS_TRY(package->check());
  return std::unique_ptr<Package>(std::move(package));
}

}  // namespace opsledger
