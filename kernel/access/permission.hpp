// The words in which rights are said: what is asked for, what a role holds, and how far.
#pragma once

#include <boost/json/object.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "storage/base/result.hpp"

namespace opsledger {

/// How far a permission reaches; each includes those before it.
enum class Scope {
  kOwn,         ///< what one made or owns
  kTeam,        ///< what people made whose positions report, transitively, to one's own
  kDepartment,  ///< the department of the grant
  kSubtree,     ///< that department and everything below it
  kAll,
};
std::string_view scope_name(Scope scope);
std::optional<Scope> parse_scope(std::string_view name);

/// What somebody wants to do: `order.hold` of module `order`, class C. Views outlive the call.
struct Permission {
  std::string_view module;
  std::string_view name;
  char permission_class = 'V';  ///< V view, C create and act, A approve, M manage
};

/// What a role holds: a class of a module's permissions, or one of them by name.
struct RolePermission {
  std::string module;         ///< `*` = every module
  char permission_class = 0;  ///< `*` = any class; 0: `name` counts
  std::string name;           ///< `order.hold`, or `order.*` for all that begin so
  Scope scope = Scope::kOwn;

  bool names(std::string_view asked) const {
    return name == asked || (name.ends_with(".*") &&
                             asked.starts_with(std::string_view(name).substr(0, name.size() - 1)));
  }
  bool covers(const Permission& asked) const {
    if (module != "*" && module != asked.module) return false;
    if (permission_class == 0) return names(asked.name);
    return permission_class == '*' || permission_class == asked.permission_class;
  }
};

struct Role {
  std::string name, label_en, label_zh;
  std::vector<RolePermission> permissions;
};

/// `{"role","label_en","label_zh","permissions":[{"module","class"|"name","scope"}]}` <-> Role.
/// Errors: kInvalid `role.invalid` with pointers.
Result<Role> role_from_json(const boost::json::object& json);
boost::json::object to_json(const Role& role);

/// Whether one of a token's `scopes` names the permission; no scopes at all narrow nothing.
/// A scope is `order.hold`, `order.*` (everything of the module or prefix) or `*`, with `:V` (or
/// another class) behind it for that class alone.
bool scopes_cover(const std::vector<std::string>& scopes, const Permission& asked);

/// Role and person names: [A-Za-z0-9][A-Za-z0-9._-]{0,63}.
bool is_handle(std::string_view text);
/// A department's id as events carry it: 1 to 200 bytes of UTF-8 that can stand in a tag.
bool is_department(std::string_view text);

}  // namespace opsledger
