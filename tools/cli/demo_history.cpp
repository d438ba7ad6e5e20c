#include "tools/cli/demo_history.hpp"

#include <algorithm>
#include <array>
#include <cstdio>

namespace opsledger::cli {
namespace {

namespace json = boost::json;

constexpr std::int64_t kMinute = 60'000'000;
constexpr std::int64_t kHour = 60 * kMinute;
constexpr std::int64_t kWeek = 7 * 24 * kHour;

/// SplitMix64: small, fast, the same everywhere.
class Dice {
 public:
  explicit Dice(std::uint64_t seed) : state_(seed) {}
  std::uint64_t next() {
    state_ += 0x9E3779B97F4A7C15ull;
    std::uint64_t z = state_;
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9ull;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBull;
    return z ^ (z >> 31);
  }
  std::int64_t between(std::int64_t low, std::int64_t high) {
    return low + static_cast<std::int64_t>(next() % static_cast<std::uint64_t>(high - low + 1));
  }
  bool chance(unsigned percent) { return next() % 100 < percent; }
  template <class Array>
  const auto& pick(const Array& from) {
    return from[next() % std::size(from)];
  }

 private:
  std::uint64_t state_;
};

struct Product {
  const char* sku;
  const char* price;
};
constexpr Product kProducts[] = {{"P0102-TEA-250", "48.00"}, {"P0117-CUP-SET", "129.00"},
                                 {"P0203-LAMP", "219.50"},   {"P0311-SCARF", "88.90"},
                                 {"P0325-MUG", "35.00"},     {"P0408-BOOK", "59.80"},
                                 {"P0512-BAG", "179.00"},    {"P0520-SOCKS", "29.90"}};
constexpr const char* kChannels[] = {"tmall", "jd", "douyin", "site"};
constexpr const char* kCountries[] = {"CN", "CN", "CN", "CN", "HK", "SG", "US", "DE"};
constexpr const char* kHolds[] = {"address", "stock", "price_error", "fraud", "remark", "invoice"};
constexpr const char* kHoldReasons[] = {
    "收件地址不完整, 待客服核实", "等待补货", "price differs from the promotion sheet",
    "unusual number of orders from one phone", "客户要求改备注"};
constexpr const char* kAgents[] = {"p-wang", "p-li", "p-chen", "p-mueller", "p-zhao"};

struct Trouble {
  const char* title;
  const char* category;
  const char* how;
  const char* cause;
};
constexpr Trouble kTroubles[] = {
    {"支付页面响应缓慢", "payment", "切换到备用支付通道", "支付网关证书过期"},
    {"Checkout returns error 500", "site", "rolled back the last release", "missing migration"},
    {"商品主图显示错误", "listing", "恢复上一版图片", "批量上传时图片序号错位"},
    {"Stock shown for sold-out SKUs", "stock", "switched the feed to full sync", "feed was stuck"},
    {"大促价格未生效", "promotion", "手动刷新价格缓存", "活动开始时间时区设置错误"},
    {"Warehouse scanner offline", "warehouse", "paper lists for one shift", "access point failed"},
    {"客服系统无法登录", "service", "启用备用账号", "单点登录服务重启"},
    {"Courier labels print twice", "warehouse", "one printer switched off", "driver update"}};
constexpr const char* kNotes[] = {"已联系供应商, 等待回复", "Second customer reports the same.",
                                  "监控恢复正常, 继续观察30分钟",
                                  "Screenshot and request ids are in the channel."};

/// Builds the steps; they are sorted afterwards.
class Generator {
 public:
  explicit Generator(const DemoPlan& plan)
      : plan_(plan), dice_(plan.seed), begin_(plan.end.us - kWeek * plan.weeks) {}

  std::vector<DemoStep> run() {
    for (unsigned i = 0; i < plan_.orders; ++i) order(i);
    for (unsigned i = 0; i < plan_.incidents; ++i) incident(i);
    std::erase_if(steps_, [&](const DemoStep& step) { return step.at >= plan_.end; });
    std::stable_sort(steps_.begin(), steps_.end(),
                     [](const DemoStep& a, const DemoStep& b) { return a.at < b.at; });
    return std::move(steps_);
  }

 private:
  static std::string numbered(const char* format, unsigned number) {
    char text[32];
    std::snprintf(text, sizeof text, format, number);
    return text;
  }
  std::int64_t any_time() { return dice_.between(begin_, plan_.end.us - 1); }
  void add(std::int64_t at, const char* command, json::object data, const char* actor,
           const char* department, const char* reason = "") {
    steps_.push_back({{at}, command, std::move(data), actor, department, reason});
  }

  void order(unsigned number) {
    const auto invoice = numbered("SO-%05u", 10001 + number);
    const auto* channel = dice_.pick(kChannels);
    json::array lines;
    for (auto left = dice_.between(1, 4); left > 0; --left) {
      const auto& product = dice_.pick(kProducts);
      lines.push_back(json::object{
          {"sku", product.sku}, {"quantity", dice_.between(1, 3)}, {"unit_price", product.price}});
    }
    auto at = any_time();
    json::object data{{"invoice", invoice},
                      {"channel", channel},
                      {"channel_no", numbered("T%08u", 70'000'000 + number * 37)},
                      {"country", dice_.pick(kCountries)},
                      {"currency", "CNY"},
                      {"lines", std::move(lines)}};
    if (dice_.chance(85)) data["customer"] = numbered("C%04u", unsigned(dice_.between(1, 180)));
    add(at, "order.receive", std::move(data), "channel-sync", "operations");
    if (!dice_.chance(8)) return;
    at += dice_.between(5, 240) * kMinute;
    const auto* agent = dice_.pick(kAgents);
    add(at, "order.hold", {{"invoice", invoice}, {"kind", dice_.pick(kHolds)}}, agent, "operations",
        dice_.pick(kHoldReasons));
    if (!dice_.chance(75)) return;
    at += dice_.between(1, 30) * kHour;
    add(at, "order.release", {{"invoice", invoice}}, agent, "operations", "checked, 可以发货");
  }

  void incident(unsigned number) {
    const auto id = numbered("IN-DEMO-%03u", number + 1);
    const auto& trouble = dice_.pick(kTroubles);
    const auto* agent = dice_.pick(kAgents);
    auto at = any_time();
    add(at, "incident.raise",
        {{"incident", id},
         {"title", trouble.title},
         {"category", trouble.category},
         {"level", dice_.between(1, 4)},
         {"source", "monitoring"}},
        "p-monitor", "it");
    if (dice_.chance(92)) {
      at += dice_.between(2, 25) * kMinute;
      add(at, "incident.acknowledge", {{"incident", id}}, agent, "it");
    }
    for (auto left = dice_.between(0, 2); left > 0; --left) {
      at += dice_.between(5, 90) * kMinute;
      add(at, "incident.add_note", {{"incident", id}, {"text", dice_.pick(kNotes)}}, agent, "it");
    }
    if (!dice_.chance(88)) return;
    settle(id, trouble, agent, at);
  }

  void settle(const std::string& id, const Trouble& trouble, const char* agent, std::int64_t at) {
    at += dice_.between(10, 180) * kMinute;
    add(at, "incident.mitigate", {{"incident", id}, {"how", trouble.how}}, agent, "it");
    at += dice_.between(1, 20) * kHour;
    add(at, "incident.resolve", {{"incident", id}, {"cause", trouble.cause}}, agent, "it");
    if (dice_.chance(10)) {
      at += dice_.between(2, 40) * kHour;
      add(at, "incident.reopen", {{"incident", id}}, "p-li", "it", "it happened again, 问题复现");
      at += dice_.between(1, 20) * kHour;
      add(at, "incident.resolve", {{"incident", id}, {"cause", trouble.cause}}, agent, "it");
    }
    if (!dice_.chance(80)) return;
    at += dice_.between(12, 72) * kHour;
    add(at, "incident.close", {{"incident", id}}, "p-director", "it");
  }

  const DemoPlan& plan_;
  Dice dice_;
  std::int64_t begin_;
  std::vector<DemoStep> steps_;
};

}  // namespace

std::vector<DemoStep> generate_demo(const DemoPlan& plan) {
  return Generator(plan).run();
}

}  // namespace opsledger::cli
