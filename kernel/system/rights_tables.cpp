// access.roles, access.grants, access.denied, module.enablement: who could do what, and who was
// refused. "On 1 May" is a read with as_of.
#include "kernel/system/parts.hpp"

namespace opsledger {
namespace {

struct Permission {
  std::string module, scope;
  std::optional<std::string> permission_class, name;
  template <class A>
  void serialize(A& ar) {
    ar(NVP(module), ops::field("class", permission_class), NVP(name), NVP(scope));
  }
};
struct RoleDefined {
  static constexpr auto type = "role.defined";
  std::string role, label_en, label_zh;
  std::vector<Permission> permissions;
  template <class A>
  void serialize(A& ar) {
    ar(NVP(role), NVP(label_en), NVP(label_zh), NVP(permissions));
  }
};

template <class Self>
struct OfGrant {
  std::string account, role, department;
  template <class A>
  void serialize(A& ar) {
    ar(NVP(account), NVP(role), ops::field("department", department).defaulted());
  }
  /// A grant is known by these three; a role's name has no slash.
  std::string key() const { return account + "/" + role + "/" + department; }
};
struct GrantGiven : OfGrant<GrantGiven> {
  static constexpr auto type = "grant.given";
};
struct GrantRevoked : OfGrant<GrantRevoked> {
  static constexpr auto type = "grant.revoked";
};
struct Denied {
  static constexpr auto type = "access.denied";
  std::string account, permission, code, department;
  std::uint64_t suppressed = 0;
  template <class A>
  void serialize(A& ar) {
    ar(NVP(account), NVP(permission), NVP(code), NVP(department), NVP(suppressed));
  }
};

template <class Self>
struct OfModule {
  std::string module, department;
  template <class A>
  void serialize(A& ar) {
    ar(NVP(module), NVP(department));
  }
};
struct ModuleEnabled : OfModule<ModuleEnabled> {
  static constexpr auto type = "module.enabled";
};
struct ModuleDisabled : OfModule<ModuleDisabled> {
  static constexpr auto type = "module.disabled";
};

struct Roles {
  struct Row {
    std::string label_en, label_zh;
    std::vector<Permission> permissions;
    ops::Time defined_at;
    std::string defined_by;
    template <class A>
    void serialize(A& ar) {
      ar(OPS_FIELD(label_en, "Name", "英文名称"), OPS_FIELD(label_zh, "Chinese name", "中文名称"),
         OPS_FIELD(permissions, "Permissions", "权限"),
         OPS_FIELD(defined_at, "Defined", "定义时间"),
         OPS_FIELD(defined_by, "Defined by", "定义人"));
    }
  };
  using Listens = ops::Fold<RoleDefined>;
  static void on(const RoleDefined& e, const ops::EventMeta& meta, ops::Rows<Row>& rows) {
    rows.put(e.role, {e.label_en, e.label_zh, e.permissions, meta.recorded_at(),
                      std::string(meta.actor())});
  }
};

struct Grants {
  struct Row {
    std::string account, role, department;
    ops::Time given_at;
    std::string given_by;
    template <class A>
    void serialize(A& ar) {
      ar(OPS_FIELD(account, "Account", "账号"), OPS_FIELD(role, "Role", "角色"),
         OPS_FIELD(department, "Department", "部门"), OPS_FIELD(given_at, "Given", "授予时间"),
         OPS_FIELD(given_by, "Given by", "授予人"));
    }
  };
  using Listens = ops::Fold<GrantGiven, GrantRevoked>;
  static void on(const GrantGiven& e, const ops::EventMeta& meta, ops::Rows<Row>& rows) {
    rows.put(e.key(),
             {e.account, e.role, e.department, meta.recorded_at(), std::string(meta.actor())});
  }
  static void on(const GrantRevoked& e, ops::Rows<Row>& rows) { rows.erase(e.key()); }
};

struct Refusals {
  struct Row {
    std::string account, permission, code, department;
    std::uint64_t suppressed = 0;
    ops::Time refused_at;
    template <class A>
    void serialize(A& ar) {
      ar(OPS_FIELD(account, "Account", "账号"), OPS_FIELD(permission, "Permission", "权限"),
         OPS_FIELD(code, "Code", "代码"), OPS_FIELD(department, "Department", "部门"),
         OPS_FIELD(suppressed, "Left out before", "此前省略数"),
         OPS_FIELD(refused_at, "Refused", "拒绝时间"));
    }
  };
  using Listens = ops::Fold<Denied>;
  static void on(const Denied& e, const ops::EventMeta& meta, ops::Rows<Row>& rows) {
    rows.put(std::to_string(meta.position()),
             {e.account, e.permission, e.code, e.department, e.suppressed, meta.recorded_at()});
  }
};

/// Departments for which somebody has switched a module; elsewhere the default holds.
struct Switches {
  struct Row {
    std::string module, department;
    bool enabled = true;
    ops::Time changed_at;
    std::string changed_by;
    template <class A>
    void serialize(A& ar) {
      ar(OPS_FIELD(module, "Module", "模块"), OPS_FIELD(department, "Department", "部门"),
         OPS_FIELD(enabled, "Enabled", "启用"), OPS_FIELD(changed_at, "Changed", "变更时间"),
         OPS_FIELD(changed_by, "Changed by", "变更人"));
    }
  };
  using Listens = ops::Fold<ModuleEnabled, ModuleDisabled>;
  static void on(const ModuleEnabled& e, const ops::EventMeta& meta, ops::Rows<Row>& rows) {
    change(e.module, e.department, true, meta, rows);
  }
  static void on(const ModuleDisabled& e, const ops::EventMeta& meta, ops::Rows<Row>& rows) {
    change(e.module, e.department, false, meta, rows);
  }

 private:
  static void change(const std::string& module, const std::string& department, bool on,
                     const ops::EventMeta& meta, ops::Rows<Row>& rows) {
    rows.put(module + "/" + department,
             {module, department, on, meta.recorded_at(), std::string(meta.actor())});
  }
};

}  // namespace

void add_rights_tables(ops::Module& m) {
  m.table<Roles>("roles").label("Roles", "角色").key("role");
  m.table<Grants>("grants").label("Grants", "授权").key("grant").owner("account").index("account");
  m.table<Refusals>("denied")
      .label("Refusals", "拒绝记录")
      .key("position")
      .owner("account")
      .department("department")
      .index("account");
}

OPS_PART(module_part, "module", "1.0.0") {
  m.label("Modules", "模块");
  m.table<Switches>("enablement")
      .label("Modules per department", "部门模块")
      .key("switch")
      .department("department")
      .index("module");
}

}  // namespace opsledger
