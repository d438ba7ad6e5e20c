#include "kernel/app/serving_file.hpp"

#include <signal.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>
#include <fstream>

namespace opsledger {
namespace {

std::filesystem::path file_in(const std::string& directory) {
  return std::filesystem::path(directory) / "SERVING";
}

}  // namespace

Status write_serving_file(const std::string& data_directory, const std::string& url) {
  std::ofstream out(file_in(data_directory), std::ios::trunc);
  out << getpid() << ' ' << url << '\n';
  out.close();
  if (out) return {};
  return Error{
      Code::kIo, "serving.write",
      "cannot write " + file_in(data_directory).string() + "; check rights and free space"};
}

void remove_serving_file(const std::string& data_directory) {
  std::error_code failed;
  std::filesystem::remove(file_in(data_directory), failed);
}

std::string read_serving_file(const std::string& data_directory) {
  std::ifstream in(file_in(data_directory));
  pid_t process = 0;
  std::string url;
  if (!(in >> process >> url) || process <= 0) return {};
  const bool alive = kill(process, 0) == 0 || errno == EPERM;
  return alive ? url : std::string();
}

}  // namespace opsledger
