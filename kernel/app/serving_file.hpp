// `SERVING` in a data directory: the process and URL of the server that has it open, so that a
// command on the same machine finds that server. A hint only: the lock decides.
#pragma once

#include <string>

#include "storage/base/result.hpp"

namespace opsledger {

Status write_serving_file(const std::string& data_directory, const std::string& url);
void remove_serving_file(const std::string& data_directory);
/// URL of the living server; empty when there is none.
std::string read_serving_file(const std::string& data_directory);

}  // namespace opsledger
