// Chains, how long their steps take, and delegations.
#pragma once

#include "models.hpp"

namespace approval {

struct Chains {
  struct Row {
    std::string subject_type, label_zh, label_en;
    std::int32_t version = 0;
    std::vector<Step> steps;
    bool active = true;
    template <class A>
    void serialize(A& ar) {
      ar(OPS_FIELD(subject_type, "Subject type", "业务类型"),
         OPS_FIELD(label_zh, "Name (Chinese)", "中文名称"),
         OPS_FIELD(label_en, "Name (English)", "英文名称"), OPS_FIELD(version, "Version", "版本"),
         OPS_FIELD(steps, "Steps", "步骤"), OPS_FIELD(active, "Active", "启用"));
    }
  };
  using Listens = ops::Fold<ChainPublished, ChainRetired>;
  static void on(const ChainPublished& e, ops::Rows<Row>& rows) {
    rows.put(e.chain, {e.subject_type, e.label_zh, e.label_en, e.version, e.steps, true});
  }
  static void on(const ChainRetired& e, ops::Rows<Row>& rows) {
    rows.edit(e.chain, [](Row& row) { row.active = false; });
  }
};

/// Per chain and step: median and longest time, returns and timeouts.
struct StepTimes {
  static constexpr std::size_t kRecentMax = 101;  ///< the median is over the last of them
  struct Row {
    std::string chain, step_name;
    std::int32_t step = 0, closed = 0, returned = 0, timeouts = 0, return_rate_bp = 0;
    std::int64_t median_s = 0, longest_s = 0;
    std::vector<std::int64_t> recent_s;
    template <class A>
    void serialize(A& ar) {
      ar(OPS_FIELD(chain, "Chain", "审批流程"), OPS_FIELD(step_name, "Step name", "步骤名称"),
         OPS_FIELD(step, "Step", "步骤"), OPS_FIELD(closed, "Closed", "已结束"),
         OPS_FIELD(returned, "Returned", "退回数"), OPS_FIELD(timeouts, "Timeouts", "超时数"),
         OPS_FIELD(return_rate_bp, "Return rate (bp)", "退回率(基点)"),
         OPS_FIELD(median_s, "Median (s)", "中位耗时(秒)"),
         OPS_FIELD(longest_s, "Longest (s)", "最长耗时(秒)"),
         OPS_FIELD(recent_s, "Last durations (s)", "近期耗时(秒)"));
    }
  };
  using Listens = ops::Fold<StepClosed, TimedOut>;

  static std::string key(const std::string& chain, std::int32_t step) {
    return chain + "/" + std::to_string(step);
  }
  static void on(const StepClosed& e, ops::Rows<Row>& rows) {
    rows.edit(key(e.chain, e.step), [&](Row& row) {
      row.chain = e.chain, row.step_name = e.name, row.step = e.step;
      ++row.closed;
      row.returned += e.outcome == Outcome::returned;
      row.return_rate_bp = row.returned * 10'000 / row.closed;
      row.longest_s = std::max(row.longest_s, e.took_s);
      if (row.recent_s.size() == kRecentMax) row.recent_s.erase(row.recent_s.begin());
      row.recent_s.push_back(e.took_s);
      auto sorted = row.recent_s;
      std::sort(sorted.begin(), sorted.end());
      row.median_s = (sorted[(sorted.size() - 1) / 2] + sorted[sorted.size() / 2]) / 2;
    });
  }
  static void on(const TimedOut& e, ops::Rows<Row>& rows) {
    rows.edit(key(e.chain, e.step), [&](Row& row) {
      row.chain = e.chain, row.step = e.step;
      ++row.timeouts;
    });
  }
};

struct DelegationTable {
  struct Row {
    std::string person, to;
    ops::Time valid_from, valid_until;
    std::vector<std::string> scopes;
    std::optional<std::string> absence;
    template <class A>
    void serialize(A& ar) {
      ar(OPS_FIELD(person, "Person", "委托人"), OPS_FIELD(to, "To", "代理人"),
         OPS_FIELD(valid_from, "Valid from", "开始时间"),
         OPS_FIELD(valid_until, "Valid until", "结束时间"), OPS_FIELD(scopes, "Scopes", "业务范围"),
         OPS_FIELD(absence, "Absence", "缺勤单"));
    }
  };
  using Listens = ops::Fold<DelegationSet, DelegationCleared>;
  static void on(const DelegationSet& e, ops::Rows<Row>& rows) {
    rows.put(e.from, {e.from, e.to, e.valid_from, e.valid_until, e.scopes, e.absence});
  }
  static void on(const DelegationCleared& e, ops::Rows<Row>& rows) { rows.erase(e.from); }
};

}  // namespace approval
