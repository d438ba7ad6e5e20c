// A directory for one test.
#pragma once

#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <string>

#include "storage/base/assert.hpp"

namespace opsledger::testing_support {

/// A fresh directory in `parent` ($TMPDIR, or /tmp), removed with everything in it.
class TemporaryDirectory {
 public:
  TemporaryDirectory() : TemporaryDirectory(default_parent()) {}
  explicit TemporaryDirectory(const std::filesystem::path& parent) {
    std::string name = (parent / "opsledger-test-XXXXXX").string();
    OPS_ASSERT(::mkdtemp(name.data()) != nullptr);
    path_ = name;
  }
  ~TemporaryDirectory() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  TemporaryDirectory(const TemporaryDirectory&) = delete;
  TemporaryDirectory& operator=(const TemporaryDirectory&) = delete;
  const std::filesystem::path& path() const { return path_; }

  static std::filesystem::path default_parent() {
    const char* root = std::getenv("TMPDIR");
    return root != nullptr ? root : "/tmp";
  }

 private:
  std::filesystem::path path_;
};

}  // namespace opsledger::testing_support
