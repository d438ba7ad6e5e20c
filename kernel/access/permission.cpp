#include "kernel/access/permission.hpp"

#include <algorithm>
#include <array>

#include "kernel/access/limits.hpp"
#include "storage/core/validate.hpp"

namespace opsledger {

namespace json = boost::json;

namespace {

constexpr std::array<std::string_view, 5> kScopes{"own", "team", "department", "subtree", "all"};
constexpr std::string_view kClasses = "VCAM*";

std::string text(const json::object& object, std::string_view name) {
  const auto* value = object.if_contains(name);
  return value != nullptr && value->is_string() ? std::string(value->get_string()) : std::string();
}

bool is_module_or_any(std::string_view text) {
  return text == "*" || is_handle(text);
}

/// Nothing when it is fine, else what is wrong and where.
std::optional<FieldError> read_permission(const json::value& json, const std::string& place,
                                          RolePermission* out) {
  const auto* object = json.if_object();
  if (object == nullptr) return FieldError{place, "expected an object"};
  out->module = text(*object, "module");
  out->name = text(*object, "name");
  const auto permission_class = text(*object, "class");
  const auto scope = parse_scope(text(*object, "scope"));
  if (!is_module_or_any(out->module))
    return FieldError{place + "/module", "expected a module or *"};
  if (!scope) {
    return FieldError{place + "/scope", "expected own, team, department, subtree or all"};
  }
  if (permission_class.empty() == out->name.empty()) {
    return FieldError{place, "expected either class or name"};
  }
  if (!permission_class.empty() &&
      (permission_class.size() != 1 || kClasses.find(permission_class) == kClasses.npos)) {
    return FieldError{place + "/class", "expected V, C, A or M"};
  }
  out->permission_class = permission_class.empty() ? '\0' : permission_class[0];
  out->scope = *scope;
  return std::nullopt;
}

/// `order.*` against `order.hold`, or `order.*` against a name of module `order`.
bool pattern_covers(std::string_view pattern, const Permission& asked) {
  if (pattern == "*" || pattern == asked.name) return true;
  if (!pattern.ends_with(".*")) return false;
  const auto prefix = pattern.substr(0, pattern.size() - 2);
  return prefix == asked.module || asked.name.starts_with(pattern.substr(0, pattern.size() - 1));
}

}  // namespace

std::string_view scope_name(Scope scope) {
  return kScopes[static_cast<std::size_t>(scope)];
}

std::optional<Scope> parse_scope(std::string_view name) {
  const auto found = std::ranges::find(kScopes, name);
  if (found == kScopes.end()) return std::nullopt;
  return static_cast<Scope>(found - kScopes.begin());
}

Result<Role> role_from_json(const json::object& object) {
  Error error{Code::kInvalid, "role.invalid", "this is no role"};
  Role role{text(object, "role"), text(object, "label_en"), text(object, "label_zh"), {}};
  if (!is_handle(role.name)) {
    error.fields.push_back({"/role", "expected [A-Za-z0-9][A-Za-z0-9._-]{0,63}"});
  }
  const auto* list = object.if_contains("permissions");
  if (list == nullptr || !list->is_array()) {
    error.fields.push_back({"/permissions", "expected an array"});
  } else if (list->get_array().size() > access_limits::kRolePermissionsMax) {
    error.fields.push_back(
        {"/permissions",
         "at most " + std::to_string(access_limits::kRolePermissionsMax) + " permissions"});
  } else {
    for (std::size_t i = 0; i < list->get_array().size(); ++i) {
      auto wrong = read_permission(list->get_array()[i], "/permissions/" + std::to_string(i),
                                   &role.permissions.emplace_back());
      if (wrong) error.fields.push_back(std::move(*wrong));
    }
  }
  if (!error.fields.empty()) return error;
  return role;
}

json::object to_json(const Role& role) {
  json::array permissions;
  for (const auto& each : role.permissions) {
    json::object permission{{"module", each.module}};
    if (each.permission_class != 0) {
      permission["class"] = std::string(1, each.permission_class);
    } else {
      permission["name"] = each.name;
    }
    permission["scope"] = scope_name(each.scope);
    permissions.push_back(std::move(permission));
  }
  return {{"role", role.name},
          {"label_en", role.label_en},
          {"label_zh", role.label_zh},
          {"permissions", std::move(permissions)}};
}

bool scopes_cover(const std::vector<std::string>& scopes, const Permission& asked) {
  if (scopes.empty()) return true;
  return std::ranges::any_of(scopes, [&](std::string_view scope) {
    const auto colon = scope.rfind(':');
    if (colon == scope.npos) return pattern_covers(scope, asked);
    return scope.substr(colon + 1) == std::string_view(&asked.permission_class, 1) &&
           pattern_covers(scope.substr(0, colon), asked);
  });
}

bool is_handle(std::string_view text) {
  constexpr std::string_view kLetters =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
  constexpr std::string_view kOthers = "._-";
  if (text.empty() || text.size() > access_limits::kHandleBytesMax) return false;
  if (kLetters.find(text[0]) == kLetters.npos) return false;
  return std::ranges::all_of(text, [&](char c) {
    return kLetters.find(c) != kLetters.npos || kOthers.find(c) != kOthers.npos;
  });
}

bool is_department(std::string_view text) {
  return !text.empty() && is_tag("department:" + std::string(text));
}

}  // namespace opsledger
