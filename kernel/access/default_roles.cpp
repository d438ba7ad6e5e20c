#include "kernel/access/default_roles.hpp"

#include <algorithm>
#include <array>
#include <sstream>

#include "storage/base/assert.hpp"

namespace opsledger {

namespace {

/// name, English, Chinese.
constexpr std::array kLabels{
    std::array{"director", "Operations director", "营运总监"},
    std::array{"ops_manager", "Operations manager", "营运经理"},
    std::array{"ops_specialist", "Operations specialist", "营运专员"},
    std::array{"it_lead", "IT lead", "信息主管"},
    std::array{"editor_lead", "Editorial lead", "网编部主管"},
    std::array{"editor", "Editor", "编辑"},
    std::array{"designer", "Designer", "美工"},
    std::array{"cs_lead", "Customer service lead", "客服主管"},
    std::array{"cs_agent", "Customer service", "客服"},
    std::array{"finance", "Finance", "财务"},
    std::array{"warehouse", "Warehouse", "仓储"},
    std::array{"purchasing", "Purchasing", "采购"},
    std::array{"hr", "Human resources", "人事"},
    std::array{"gm", "General manager", "总经理"},
    std::array{"auditor", "Auditor", "审计员"},
    std::array{"admin", "Administrator", "系统管理员"},
    std::array{"dept_admin", "Department administrator", "部门管理员"},
    std::array{"importer", "Importer", "导入员"},
    std::array{"viewer", "Viewer", "访客"},
};

/// What each role holds when a ledger begins. A cell is `-`, or classes with their scope: V view,
/// C create and act, A approve, M manage; o own, t team, d department, T subtree, * everywhere.
constexpr std::string_view kMatrix = R"(
module      director ops_manager ops_specialist it_lead editor_lead editor designer cs_lead cs_agent finance warehouse purchasing hr
org         VT,AT    Vd          Vd             Vd      Vd          Vd     Vd       Vd      Vd       Vd      Vd        Vd         VT,CT,MT
policy      VT,AT    Vd,Cd,Ad    Vt,Co          Vd,Co   Vt,Ct,At    Vo,Co  Vo,Co    Vt,Ct,At Vo,Co   Vd,Co   Vd,Co     Vd,Co      VT,CT
report      VT,AT    Vd,Cd,Ad    Vt,Co          Vd,Co   Vt,Ct,At    Vo,Co  Vo,Co    Vt,Ct,At Vo,Co   Vd,Co   Vd,Co     Vd,Co      VT,CT
file        VT,AT    Vd,Cd,Ad    Vt,Co          Vd,Co   Vt,Ct,At    Vo,Co  Vo,Co    Vt,Co   Vo,Co    Vd,Co   Vd,Co     Vd,Co      VT,Co
plan        VT,AT    Vd,Cd,Ad    Vt,Co          Vd,Co,At Vt,Ct,At   Vo,Co  Vo,Co    Vt,Ct,At Vo,Co   Vo      Vo        Vo         VT
task        VT,CT,AT Vd,Cd,Ad    Vt,Co          Vd,Ct,At Vt,Ct,At   Vo,Co  Vo,Co    Vt,Ct,At Vo,Co   Vo,Co   Vo,Co     Vo,Co      VT,Co
process     VT,MT    Vd,Cd,Md    Vt,Co          Vd,Co   Vt,Co       Vd     Vd       Vd      Vd       Vd      Vd        Vd         Vd
coding      VT       Vd,Ad       Vt,Co          Vd      Vd,Cd       Vo,Co  Vd       Vd      Vd       Vd      Vd        Vd         -
image       VT       Vd          Vd             Vd      Vd,Ad       Vd,Co  Vd,Co    Vd      Vd       -       -         -          -
design      VT       Vd,Ad       Vt,Co,Ao       Vd,Co   Vd,Ad       Vo,Co  Vd,Co    Vt,Co   Vo,Co    -       -         -          -
content     VT,AT    Vd,Ad       Vt,Co          Vd      Vd,Ad       Vd,Co,Ad Vd     Vt,Co   Vo       -       -         -          -
listing     VT,AT    Vd,Ad       Vd,Cd          Vd      Vd,Ad       Vo,Co  Vd       Vd      Vd       Vd,Ad   Vd        Vd         -
order       VT       Vd,Ad       Vd,Cd          Vd      -           -      -        Vd,Cd,Ad Vd,Cd   Vd,Ad   Vd,Cd     Vd         -
promotion   VT,AT    Vd,Cd,Ad    Vd,Cd          Vd,Cd   Vd,Cd       Vo,Co  Vo,Co    Vd,Co   Vo       Vd,Ad   Vd,Ad     Vd,Ad      -
marketing   VT,AT    Vd,Ad       Vd,Cd          Vd,Co   Vd,Co       Vo,Co  Vo,Co    Vd      Vd       Vd,Ad   -         -          -
maintenance VT       Vd,Md       Vt,Co          Vd,Co,Md Vt,Co,Md   Vo,Co  Vo,Co    Vt,Co   Vo,Co    -       -         -          -
incident    VT,AT    Vd,Cd,Ad    Vd,Cd          Vd,Cd   Vd,Cd       Vd     Vd       Vd,Cd   Vd       Vd      Vd        Vd         Vd
oncall      VT       Vd,Md       Vd,Co          Vd,Md   Vd,Md       Vd,Co  Vd,Co    Vd,Md   Vd,Co    -       -         -          -
kpi         VT,AT,MT Vd,Cd       Vo,Co          Vt,Ct   Vt,Ct       Vo,Co  Vo,Co    Vt,Ct   Vo,Co    Vd,Cd   Vd,Cd     Vd,Cd      VT,MT
meeting     VT,CT,MT Vd,Cd,Md    Vd,Co          Vd,Co   Vt,Ct       Vo,Co  Vo,Co    Vt,Ct   Vo       Vo      Vo        Vo         Vo
roadmap     VT,CT,AT Vd,Cd       Vd             Vd      Vd          Vd     Vd       Vd      Vd       Vd      -         -          Vd
rule        VT,AT    Vd,Md       Vd             Vd,Md   Vd          Vd     Vd       Vd      Vd       -       -         -          -
whatif      CT       Cd          -              Cd      -           -      -        -       -        -       -         -          Cd
approval    VT,CT,AT Vd,Cd,Ad    Vt,Cd,Ad       Vd,Cd,Ad Vt,Cd,Ad   Vo,Cd,Ad Vo,Cd,Ad Vt,Cd,Ad Vo,Cd,Ad Vd,Cd,Ad Vd,Cd,Ad Vd,Cd,Ad VT,Cd,Ad
request     VT,CT,AT Vd,Cd,Ad    Vt,Co          Vd,Co   Vt,Co       Vo,Co  Vo,Co    Vt,Co   Vo,Co    Vd,Co,Ad Vo,Co    Vo,Co      VT,Co
comment     VT,CT    Vd,Cd       Vd,Cd          Vd,Cd   Vd,Cd       Vd,Cd  Vd,Cd    Vd,Cd   Vd,Cd    Vd,Cd   Vd,Cd     Vd,Cd      VT,Cd
customfield VT,CT    Vd,Cd,Md    Vd,Cd          Vd,Cd,Md Vd,Cd      Vd,Cd  Vd,Cd    Vd,Cd   Vd,Cd    Vd,Cd   Vd,Cd     Vd,Cd      VT,Cd
numbering   VT       Vd,Md       Vd             Vd,Md   Vd          Vd     Vd       Vd      Vd       Vd      Vd        Vd         Vd
calendar    VT,MT    Vd,Md       Vd             Vd      Vd          Vd     Vd       Vd      Vd       Vd      Vd        Vd         VT,MT
timer       VT       Vd          Vo             Vd      Vd          Vo     Vo       Vd      Vo       -       -         -          -
notify      VT,Co    Vo,Co       Vo,Co          Vo,Co   Vo,Co       Vo,Co  Vo,Co    Vo,Co   Vo,Co    Vo,Co   Vo,Co     Vo,Co      Vo,Co
)";

/// The same for single commands, and for roles that have nothing to do with the matrix:
/// `role module name-or-class+scope …`. A name is followed by `@` and its scope.
constexpr std::string_view kOthers = R"(
director       org        department.*@T position.*@T absence.*@T
director       access     access.override_separation@T
ops_manager    org        absence.*@d
ops_specialist org        absence.*@o
it_lead        org        absence.*@o
editor_lead    org        absence.*@t
editor         org        absence.*@o
designer       org        absence.*@o
cs_lead        org        absence.*@t
cs_agent       org        absence.*@o
finance        org        absence.*@o
warehouse      org        absence.*@o
purchasing     org        absence.*@o
it_lead        listing    listing.suspend@d
editor         incident   incident.raise@d incident.add_note@d
designer       incident   incident.raise@d incident.add_note@d
cs_agent       incident   incident.raise@d incident.add_note@d
finance        incident   incident.add_note@d
warehouse      incident   incident.add_note@d
purchasing     incident   incident.add_note@d
hr             incident   incident.add_note@d
gm             *          VT
gm             approval   CT AT
gm             request    CT AT
auditor        *          V*
auditor        audit      V* C* A* M*
admin          access     V* M*
admin          account    V* M*
admin          token      V* M*
admin          session    V* M*
admin          role       V*
admin          grant      V*
admin          module     V* M*
admin          projection V* M*
admin          timer      V*
admin          rule       V* M*
admin          effect     V* M*
admin          import     V*
admin          export     V*
admin          blob       V* M*
admin          plugin     V* M*
admin          notify     V* M*
admin          calendar   V* M*
admin          numbering  V* M*
admin          customfield V* M*
admin          org        V* C* M*
dept_admin     module     Vd Md
dept_admin     customfield Vd Md
dept_admin     approval   Vd Md
dept_admin     process    Vd Md
dept_admin     calendar   Vd Md
dept_admin     numbering  Vd Md
dept_admin     rule       Vd Md
importer       import     V* C*
importer       events     V* C*
viewer         *          Vd
)";

/// What is assigned to somebody, that person may see, whatever the role.
constexpr std::string_view kOwnIsVisible = "Vo";

Scope scope_of(char letter) {
  constexpr std::string_view kLetters = "otdT*";
  const auto found = kLetters.find(letter);
  OPS_ASSERT(found != kLetters.npos);
  return static_cast<Scope>(found);
}

/// `Vd`, or `incident.raise@d`.
RolePermission cell(const std::string& module, const std::string& text) {
  RolePermission permission{module, 0, {}, scope_of(text.back())};
  if (const auto at = text.find('@'); at != text.npos) {
    permission.name = text.substr(0, at);
  } else {
    OPS_ASSERT(text.size() == 2);
    permission.permission_class = text[0];
  }
  return permission;
}

Role& role(std::vector<Role>& roles, const std::string& name) {
  const auto found = std::ranges::find(roles, name, &Role::name);
  OPS_ASSERT(found != roles.end());
  return *found;
}

void read_matrix(std::vector<Role>& roles) {
  std::istringstream lines{std::string(kMatrix)};
  std::vector<std::string> columns;
  for (std::string line; std::getline(lines, line);) {
    std::istringstream words(line);
    std::string module;
    if (!(words >> module)) continue;
    std::string word;
    for (std::size_t i = 0; words >> word; ++i) {
      if (module == "module") {
        columns.push_back(word);
        continue;
      }
      std::istringstream cells(word == "-" ? std::string() : word);
      for (std::string each; std::getline(cells, each, ',');) {
        role(roles, columns.at(i)).permissions.push_back(cell(module, each));
      }
    }
  }
  for (const auto& name : columns) {
    role(roles, name).permissions.push_back(cell("*", std::string(kOwnIsVisible)));
  }
}

void read_others(std::vector<Role>& roles) {
  std::istringstream lines{std::string(kOthers)};
  for (std::string line; std::getline(lines, line);) {
    std::istringstream words(line);
    std::string name, module;
    if (!(words >> name >> module)) continue;
    for (std::string word; words >> word;) {
      role(roles, name).permissions.push_back(cell(module, word));
    }
  }
}

}  // namespace

std::vector<Role> default_roles() {
  std::vector<Role> roles;
  for (const auto& [name, en, zh] : kLabels) roles.push_back({name, en, zh, {}});
  read_matrix(roles);
  read_others(roles);
  return roles;
}

}  // namespace opsledger
