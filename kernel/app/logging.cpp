#include "kernel/app/logging.hpp"

#include <spdlog/formatter.h>
#include <spdlog/pattern_formatter.h>
#include <spdlog/sinks/stdout_color_sinks.h>

#include <boost/json.hpp>

namespace opsledger {
namespace {

/// Escapes the message, which spdlog's own patterns do not.
class JsonFormatter final : public spdlog::formatter {
 public:
  void format(const spdlog::details::log_msg& message, spdlog::memory_buf_t& out) override {
    spdlog::memory_buf_t time;
    time_.format(message, time);
    const auto level = spdlog::level::to_string_view(message.level);
    const std::string line = boost::json::serialize(boost::json::object{
        {"time", boost::json::string_view(time.data(), time.size())},
        {"level", boost::json::string_view(level.data(), level.size())},
        {"message", boost::json::string_view(message.payload.data(), message.payload.size())}});
    out.append(line.data(), line.data() + line.size());
    out.push_back('\n');
  }
  std::unique_ptr<spdlog::formatter> clone() const override {
    return std::make_unique<JsonFormatter>();
  }

 private:
  spdlog::pattern_formatter time_{"%Y-%m-%dT%H:%M:%S.%eZ", spdlog::pattern_time_type::utc, ""};
};

}  // namespace

Result<std::shared_ptr<spdlog::logger>> make_logger(const LogConfig& config) {
  const auto level = spdlog::level::from_str(config.level);
  if (level == spdlog::level::off && config.level != "off") {
    return Error{Code::kInvalid, "config.invalid",
                 "log.level is '" + config.level + "'; use trace, debug, info, warn or error"};
  }
  auto logger = std::make_shared<spdlog::logger>(
      "opsledger", std::make_shared<spdlog::sinks::stderr_color_sink_mt>());
  if (config.format == "json") {
    logger->set_formatter(std::make_unique<JsonFormatter>());
  } else if (config.format == "text") {
    logger->set_pattern("%Y-%m-%d %H:%M:%S.%e %^%l%$ %v");
  } else {
    return Error{Code::kInvalid, "config.invalid",
                 "log.format is '" + config.format + "'; use text or json"};
  }
  logger->set_level(level);
  logger->flush_on(spdlog::level::info);
  return logger;
}

}  // namespace opsledger
