#include "kernel/app/open_files.hpp"

#include <sys/resource.h>

#include <algorithm>

namespace opsledger {

namespace {
constexpr rlim_t kOtherFiles = 4'096;  ///< tables and logs of the databases, plugins, the rest
}

void raise_open_files(std::size_t connections, spdlog::logger& log) {
  rlimit limit{};
  if (getrlimit(RLIMIT_NOFILE, &limit) != 0) return;
  const rlim_t wanted = connections + kOtherFiles;
  if (limit.rlim_cur < wanted) {
    limit.rlim_cur = std::min(wanted, limit.rlim_max);
    setrlimit(RLIMIT_NOFILE, &limit);
  }
  if (limit.rlim_cur >= wanted) return;
  log.warn(
      "this process may open {} files, {} connections may need {}: raise the hard limit "
      "(LimitNOFILE=, ulimit -Hn) or lower server.connections_max",
      limit.rlim_cur, connections, wanted);
}

}  // namespace opsledger
