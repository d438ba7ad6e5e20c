// Departments and positions as people see them: chart, cards, vacancies, duties.
#pragma once

#include <algorithm>

#include "person_events.hpp"
#include "position_events.hpp"

namespace org {

struct Departments {
  struct Row {
    std::string code, name_zh, name_en;
    std::optional<std::string> parent, head_position;
    std::int32_t positions = 0, people = 0;
    bool open = true;
    template <class A>
    void serialize(A& ar) {
      ar(OPS_FIELD(code, "Code", "代码"), OPS_FIELD(name_zh, "Name (Chinese)", "中文名称"),
         OPS_FIELD(name_en, "Name (English)", "英文名称"), OPS_FIELD(parent, "Parent", "上级部门"),
         OPS_FIELD(head_position, "Head (position)", "负责岗位"),
         OPS_FIELD(positions, "Positions", "岗位数"), OPS_FIELD(people, "Appointments", "任职数"),
         OPS_FIELD(open, "Open", "有效"));
    }
  };
  using Listens = ops::Fold<DepartmentCreated, DepartmentRenamed, DepartmentMoved,
                            DepartmentHeadSet, DepartmentClosed, PositionDefined, PositionRetired,
                            PersonAppointed, PersonTransferred, PersonRelieved>;

  static void on(const DepartmentCreated& e, ops::Rows<Row>& rows) {
    rows.put(e.department, {e.code, e.name_zh, e.name_en, e.parent, {}, 0, 0, true});
  }
  static void on(const DepartmentRenamed& e, ops::Rows<Row>& rows) {
    rows.edit(e.department, [&](Row& row) { row.name_zh = e.name_zh, row.name_en = e.name_en; });
  }
  static void on(const DepartmentMoved& e, ops::Rows<Row>& rows) {
    rows.edit(e.department, [&](Row& row) { row.parent = e.parent; });
  }
  static void on(const DepartmentHeadSet& e, ops::Rows<Row>& rows) {
    rows.edit(e.department, [&](Row& row) { row.head_position = e.position; });
  }
  static void on(const DepartmentClosed& e, ops::Rows<Row>& rows) {
    rows.edit(e.department, [](Row& row) { row.open = false; });
  }
  static void on(const PositionDefined& e, ops::Rows<Row>& rows) {
    rows.edit(e.department, [](Row& row) { ++row.positions; });
  }
  static void on(const PositionRetired& e, ops::Rows<Row>& rows) {
    rows.edit(e.department, [](Row& row) { --row.positions; });
  }
  static void on(const PersonAppointed& e, ops::Rows<Row>& rows) { add(rows, e.department, 1); }
  static void on(const PersonTransferred& e, ops::Rows<Row>& rows) {
    if (e.from_department == e.department) return;
    add(rows, e.from_department, -1);
    add(rows, e.department, 1);
  }
  static void on(const PersonRelieved& e, ops::Rows<Row>& rows) { add(rows, e.department, -1); }

 private:
  static void add(ops::Rows<Row>& rows, const std::string& department, std::int32_t change) {
    rows.edit(department, [&](Row& row) { row.people += change; });
  }
};

/// Post cards; a row's history is the card's history.
struct Positions {
  struct Row : Card {
    std::int32_t card_version = 1;
    ops::Date established_on;
    bool open = true;
    template <class A>
    void serialize(A& ar) {
      ar(OPS_FIELD(code, "Code", "代码"), OPS_FIELD(title_zh, "Title (Chinese)", "中文岗位名称"),
         OPS_FIELD(title_en, "Title (English)", "英文岗位名称"),
         OPS_FIELD(department, "Department", "部门"), OPS_FIELD(role, "Role", "角色"),
         OPS_FIELD(reports_to, "Reports to", "汇报对象"), OPS_FIELD(headcount, "Headcount", "编制"),
         OPS_FIELD(summary, "Summary", "职责描述"), OPS_FIELD(duties, "Duties", "工作职责"),
         OPS_FIELD(authority, "Authority", "权限"),
         OPS_FIELD(requirements, "Requirements", "任职要求"),
         ops::field("version", card_version).label("Version", "版本"),
         OPS_FIELD(established_on, "Established on", "制定日期"), OPS_FIELD(open, "Open", "有效"));
    }
  };
  using Listens = ops::Fold<PositionDefined, PositionRevised, PositionRetired, DutyLinked>;

  static void on(const PositionDefined& e, const ops::EventMeta& meta, ops::Rows<Row>& rows) {
    Row row;
    static_cast<Card&>(row) = e;
    row.established_on = meta.time().date(std::chrono::hours(8));
    rows.put(e.position, row);
  }
  static void on(const PositionRevised& e, ops::Rows<Row>& rows) {
    rows.edit(e.position, [&](Row& row) {
      static_cast<Card&>(row) = e;
      row.card_version = e.card_version;
    });
  }
  static void on(const PositionRetired& e, ops::Rows<Row>& rows) {
    rows.edit(e.position, [](Row& row) { row.open = false; });
  }
  static void on(const DutyLinked& e, ops::Rows<Row>& rows) {
    rows.edit(e.position, [&](Row& row) {
      for (Duty& duty : row.duties) {
        if (duty.no == e.duty_no) duty.module = e.module, duty.kpi = e.kpi;
      }
    });
  }
};

/// The org chart: open positions, who holds them, how many report to them (span of control).
struct ChartTable {
  struct Row {
    std::string title_zh, title_en, department, role;
    std::optional<std::string> reports_to;
    std::vector<std::string> holders;
    std::int32_t headcount = 0, vacant = 0, span_positions = 0, span_people = 0;
    template <class A>
    void serialize(A& ar) {
      ar(OPS_FIELD(title_zh, "Title (Chinese)", "中文岗位名称"),
         OPS_FIELD(title_en, "Title (English)", "英文岗位名称"),
         OPS_FIELD(department, "Department", "部门"), OPS_FIELD(role, "Role", "角色"),
         OPS_FIELD(reports_to, "Reports to", "汇报对象"), OPS_FIELD(holders, "Holders", "任职人员"),
         OPS_FIELD(headcount, "Headcount", "编制"), OPS_FIELD(vacant, "Vacant", "空缺"),
         OPS_FIELD(span_positions, "Positions directly supervised", "直接督导岗位数"),
         OPS_FIELD(span_people, "People directly supervised", "直接督导人数"));
    }
    void count() { vacant = std::max(0, headcount - static_cast<std::int32_t>(holders.size())); }
  };
  using Listens = ops::Fold<PositionDefined, PositionRevised, PositionRetired, PersonAppointed,
                            PersonTransferred, PersonRelieved>;

  static void on(const PositionDefined& e, ops::Rows<Row>& rows) {
    rows.put(e.position, {e.title_zh,
                          e.title_en,
                          e.department,
                          e.role,
                          e.reports_to,
                          {},
                          e.headcount,
                          e.headcount,
                          0,
                          0});
    supervise(rows, e.reports_to, 1, 0);
  }
  static void on(const PositionRevised& e, ops::Rows<Row>& rows) {
    const auto before = rows.get(e.position)->reports_to;
    const auto people = static_cast<std::int32_t>(rows.get(e.position)->holders.size());
    supervise(rows, before, -1, -people);
    rows.edit(e.position, [&](Row& row) {
      row.title_zh = e.title_zh, row.title_en = e.title_en, row.role = e.role;
      row.reports_to = e.reports_to, row.headcount = e.headcount;
      row.count();
    });
    supervise(rows, e.reports_to, 1, people);
  }
  static void on(const PositionRetired& e, ops::Rows<Row>& rows) {
    const auto before = rows.get(e.position)->reports_to;
    supervise(rows, before, -1, 0);
    rows.erase(e.position);
  }
  static void on(const PersonAppointed& e, ops::Rows<Row>& rows) {
    join(rows, e.position, e.person);
  }
  static void on(const PersonTransferred& e, ops::Rows<Row>& rows) {
    leave(rows, e.from_position, e.person);
    join(rows, e.to_position, e.person);
  }
  static void on(const PersonRelieved& e, ops::Rows<Row>& rows) {
    leave(rows, e.position, e.person);
  }

 private:
  static void supervise(ops::Rows<Row>& rows, const std::optional<std::string>& by,
                        std::int32_t positions, std::int32_t people) {
    if (!by || rows.get(*by) == nullptr) return;
    rows.edit(*by, [&](Row& row) {
      row.span_positions += positions;
      row.span_people += people;
    });
  }
  static void join(ops::Rows<Row>& rows, const std::string& position, const std::string& person) {
    rows.edit(position, [&](Row& row) {
      row.holders.push_back(person);
      row.count();
    });
    const auto above = rows.get(position)->reports_to;
    supervise(rows, above, 0, 1);
  }
  static void leave(ops::Rows<Row>& rows, const std::string& position, const std::string& person) {
    rows.edit(position, [&](Row& row) {
      std::erase(row.holders, person);
      row.count();
    });
    const auto above = rows.get(position)->reports_to;
    supervise(rows, above, 0, -1);
  }
};

/// One row for each numbered duty; red is what no module covers.
struct Duties {
  struct Row {
    std::string position, department, title_zh;
    std::int32_t no = 0;
    std::string text;
    std::optional<std::string> text_en, module, kpi;
    bool covered = false;
    template <class A>
    void serialize(A& ar) {
      ar(OPS_FIELD(position, "Position", "岗位"), OPS_FIELD(department, "Department", "部门"),
         OPS_FIELD(title_zh, "Title (Chinese)", "中文岗位名称"), OPS_FIELD(no, "No.", "序号"),
         OPS_FIELD(text, "Duty", "职责"), OPS_FIELD(text_en, "Duty (English)", "职责(英文)"),
         OPS_FIELD(module, "Module", "模块"), OPS_FIELD(kpi, "Indicator", "考核指标"),
         OPS_FIELD(covered, "Covered", "已覆盖"));
    }
  };
  using Listens = ops::Fold<PositionDefined, PositionRevised, PositionRetired, DutyLinked>;

  static std::string key(const std::string& position, std::int32_t no) {
    return position + "/" + std::to_string(no);
  }
  static void on(const PositionDefined& e, ops::Rows<Row>& rows) { put(e, rows); }
  static void on(const PositionRevised& e, ops::Rows<Row>& rows) {
    for (const std::int32_t no : e.removed_duties) rows.erase(key(e.position, no));
    put(e, rows);
  }
  static void on(const PositionRetired& e, ops::Rows<Row>& rows) {
    for (const std::int32_t no : e.removed_duties) rows.erase(key(e.position, no));
  }
  static void on(const DutyLinked& e, ops::Rows<Row>& rows) {
    rows.edit(key(e.position, e.duty_no),
              [&](Row& row) { row.module = e.module, row.kpi = e.kpi, row.covered = true; });
  }

 private:
  static void put(const Card& card, ops::Rows<Row>& rows) {
    for (const Duty& duty : card.duties) {
      rows.put(key(card.position, duty.no),
               {card.position, card.department, card.title_zh, duty.no, duty.text, duty.text_en,
                duty.module, duty.kpi, duty.module.has_value()});
    }
  }
};

}  // namespace org
