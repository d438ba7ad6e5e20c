#include "storage/rocksdb/info_log.hpp"

#include <cstdio>

namespace opsledger::rocks {

namespace {

class InfoLog final : public rocksdb::Logger {
 public:
  explicit InfoLog(std::FILE* file) : Logger(rocksdb::WARN_LEVEL), file_(file) {
    if (file_ != nullptr) std::setvbuf(file_, nullptr, _IOLBF, BUFSIZ);
  }
  ~InfoLog() override {
    if (file_ != nullptr) std::fclose(file_);
  }
  using Logger::Logv;
  void Logv(const char* format, va_list values) override {
    if (file_ == nullptr) return;
    ::flockfile(file_);
    std::vfprintf(file_, format, values);
    std::putc('\n', file_);
    ::funlockfile(file_);
  }
  void LogHeader(const char*, va_list) override {}  // all options, at every start

 private:
  std::FILE* file_;
};

}  // namespace

std::shared_ptr<rocksdb::Logger> make_info_log(const std::filesystem::path& directory) {
  const auto path = directory / "LOG";
  std::error_code ignored;
  std::filesystem::rename(path, directory / "LOG.old", ignored);
  return std::make_shared<InfoLog>(std::fopen(path.c_str(), "we"));
}

}  // namespace opsledger::rocks
