// import.runs, import.rejected and export.made: what came in and what went out.
#include "kernel/system/parts.hpp"

namespace opsledger {
namespace {

struct Started {
  static constexpr auto type = "import.started";
  std::string import, command, sha256, format;
  std::uint64_t rows = 0;
  template <class A>
  void serialize(A& ar) {
    ar(NVP(import), NVP(command), NVP(sha256), NVP(format), NVP(rows));
  }
};

struct RowRejected {
  static constexpr auto type = "import.row_rejected";
  std::string import, code, pointer;
  std::uint64_t row = 0;
  template <class A>
  void serialize(A& ar) {
    ar(NVP(import), NVP(code), NVP(pointer), NVP(row));
  }
};

struct RowAccepted {
  static constexpr auto type = "import.row_accepted";
  std::string import;
  std::uint64_t row = 0;
  template <class A>
  void serialize(A& ar) {
    ar(NVP(import), NVP(row));
  }
};

struct Completed {
  static constexpr auto type = "import.completed";
  std::string import;
  std::uint64_t ok = 0, failed = 0;
  bool stopped = false;
  template <class A>
  void serialize(A& ar) {
    ar(NVP(import), NVP(ok), NVP(failed), NVP(stopped));
  }
};

struct Made {
  static constexpr auto type = "export.made";
  std::string what, filter, format, sha256;
  std::uint64_t rows = 0, as_of = 0;
  template <class A>
  void serialize(A& ar) {
    ar(NVP(what), NVP(filter), NVP(format), NVP(sha256), NVP(rows), NVP(as_of));
  }
};

enum class RunState { begun, completed, stopped };
OPS_ENUM(RunState, begun, completed, stopped)

struct Runs {
  struct Row {
    std::string command, department, actor, format, sha256;
    std::uint64_t rows = 0, ok = 0, failed = 0;
    RunState state{};
    ops::Time begun_at;
    std::optional<ops::Time> completed_at;
    template <class A>
    void serialize(A& ar) {
      ar(OPS_FIELD(command, "Command", "命令"), OPS_FIELD(department, "Department", "部门"),
         OPS_FIELD(actor, "By", "操作人"), OPS_FIELD(format, "Format", "格式"),
         OPS_FIELD(sha256, "SHA-256 of the file", "文件SHA-256"), OPS_FIELD(rows, "Rows", "行数"),
         OPS_FIELD(ok, "Accepted", "成功"), OPS_FIELD(failed, "Refused", "失败"),
         OPS_FIELD(state, "State", "状态"), OPS_FIELD(begun_at, "Begun", "开始时间"),
         OPS_FIELD(completed_at, "Completed", "完成时间"));
    }
  };
  using Listens = ops::Fold<Started, Completed>;

  static void on(const Started& e, const ops::EventMeta& meta, ops::Rows<Row>& rows) {
    Row row;
    row.command = e.command;
    row.department = meta.department();
    row.actor = meta.actor();
    row.format = e.format;
    row.sha256 = e.sha256;
    row.rows = e.rows;
    row.begun_at = meta.recorded_at();
    rows.put(e.import, row);
  }
  static void on(const Completed& e, const ops::EventMeta& meta, ops::Rows<Row>& rows) {
    if (rows.get(e.import) == nullptr) return;
    rows.edit(e.import, [&](Row& row) {
      row.ok = e.ok;
      row.failed = e.failed;
      row.state = e.stopped ? RunState::stopped : RunState::completed;
      row.completed_at = meta.recorded_at();
    });
  }
};

struct Rejected {
  struct Row {
    std::string import, department, actor, code, pointer;
    std::uint64_t row = 0;
    template <class A>
    void serialize(A& ar) {
      ar(OPS_FIELD(import, "Import", "导入"), OPS_FIELD(department, "Department", "部门"),
         OPS_FIELD(actor, "By", "操作人"), OPS_FIELD(code, "Code", "代码"),
         OPS_FIELD(pointer, "Field", "字段"), OPS_FIELD(row, "Row", "行号"));
    }
  };
  using Listens = ops::Fold<RowRejected, RowAccepted>;

  static std::string key(const std::string& import, std::uint64_t row) {
    return import + ":" + std::to_string(row);
  }
  static void on(const RowRejected& e, const ops::EventMeta& meta, ops::Rows<Row>& rows) {
    rows.put(key(e.import, e.row), {e.import, std::string(meta.department()),
                                    std::string(meta.actor()), e.code, e.pointer, e.row});
  }
  static void on(const RowAccepted& e, ops::Rows<Row>& rows) { rows.erase(key(e.import, e.row)); }
};

struct Exports {
  struct Row {
    std::string what, filter, department, actor, format, sha256;
    std::uint64_t rows = 0, as_of_event = 0;
    ops::Time made_at;
    template <class A>
    void serialize(A& ar) {
      ar(OPS_FIELD(what, "What", "内容"), OPS_FIELD(filter, "Filter", "筛选"),
         OPS_FIELD(department, "Department", "部门"), OPS_FIELD(actor, "By", "操作人"),
         OPS_FIELD(format, "Format", "格式"), OPS_FIELD(sha256, "SHA-256", "SHA-256"),
         OPS_FIELD(rows, "Rows", "行数"), OPS_FIELD(as_of_event, "As of event", "截至事件"),
         OPS_FIELD(made_at, "Made", "导出时间"));
    }
  };
  using Listens = ops::Fold<Made>;

  static void on(const Made& e, const ops::EventMeta& meta, ops::Rows<Row>& rows) {
    rows.put(std::to_string(meta.position()),
             {e.what, e.filter, std::string(meta.department()), std::string(meta.actor()), e.format,
              e.sha256, e.rows, e.as_of, meta.recorded_at()});
  }
};

}  // namespace

OPS_PART(import_part, "import", "1.0.0") {
  m.label("Imports", "导入");
  m.table<Runs>("runs")
      .label("Imports", "导入记录")
      .key("import")
      .owner("actor")
      .department("department")
      .index("begun_at");
  m.table<Rejected>("rejected")
      .label("Refused rows", "被拒绝的行")
      .key("import_row")
      .owner("actor")
      .department("department")
      .index("import");
}

OPS_PART(export_part, "export", "1.0.0") {
  m.label("Exports", "导出");
  m.table<Exports>("made")
      .label("Exports", "导出记录")
      .key("position")
      .owner("actor")
      .department("department")
      .index("made_at")
      .index("actor");
}

}  // namespace opsledger
