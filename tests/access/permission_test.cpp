#include "kernel/access/permission.hpp"

#include <gtest/gtest.h>
#include <boost/json.hpp>

namespace opsledger {
namespace {

namespace json = boost::json;

constexpr Permission kHold{"order", "order.hold", 'C'};

TEST(Permission, IsCoveredByClassNameOrPattern) {
  EXPECT_TRUE((RolePermission{"order", 'C', "", Scope::kAll}.covers(kHold)));
  EXPECT_TRUE((RolePermission{"*", 'C', "", Scope::kAll}.covers(kHold)));
  EXPECT_TRUE((RolePermission{"*", '*', "", Scope::kAll}.covers(kHold)));
  EXPECT_TRUE((RolePermission{"order", 0, "order.hold", Scope::kAll}.covers(kHold)));
  EXPECT_TRUE((RolePermission{"order", 0, "order.*", Scope::kAll}.covers(kHold)));
  EXPECT_FALSE((RolePermission{"order", 'A', "", Scope::kAll}.covers(kHold)));
  EXPECT_FALSE((RolePermission{"orders", 'C', "", Scope::kAll}.covers(kHold)));
  EXPECT_FALSE((RolePermission{"order", 0, "order.holdx", Scope::kAll}.covers(kHold)));
  EXPECT_FALSE((RolePermission{"order", 0, "order.h", Scope::kAll}.covers(kHold)));
  EXPECT_FALSE((RolePermission{"incident", 0, "order.hold", Scope::kAll}.covers(kHold)));
}

TEST(TokenScopes, NarrowAndNeverWiden) {
  const auto cover = [](std::vector<std::string> scopes) { return scopes_cover(scopes, kHold); };
  EXPECT_TRUE(cover({}));
  EXPECT_TRUE(cover({"*"}));
  EXPECT_TRUE(cover({"order.hold"}));
  EXPECT_TRUE(cover({"order.*"}));
  EXPECT_TRUE(cover({"order.*:C"}));
  EXPECT_TRUE(cover({"*:C"}));
  EXPECT_TRUE(cover({"incident.*", "order.hold"}));
  for (const auto* scope :
       {"order.*:V", "*:V", "order", "order.", "order.hol", "order.hold.x", "ORDER.HOLD", "orde.*",
        ".*", "", "order.hold:", "order.hold:CA", "order.hold ", "%2A", "**"}) {
    EXPECT_FALSE(cover({scope})) << scope;
  }
}

TEST(TokenScopes, OfAModuleReachThePrefixesThatItOwns) {
  EXPECT_TRUE(scopes_cover({"incident.*"}, {"incident", "postmortem.draft", 'C'}));
  EXPECT_TRUE(scopes_cover({"postmortem.*"}, {"incident", "postmortem.draft", 'C'}));
  EXPECT_FALSE(scopes_cover({"drill.*"}, {"incident", "postmortem.draft", 'C'}));
}

TEST(Role, SurvivesJsonThereAndBack) {
  const Role role{"clerk",
                  "Clerk",
                  "职员",
                  {{"order", 'C', "", Scope::kOwn}, {"order", 0, "order.hold", Scope::kSubtree}}};
  const auto back = role_from_json(to_json(role));
  ASSERT_TRUE(back.ok());
  EXPECT_EQ(to_json(*back), to_json(role));
}

TEST(Role, ThatIsNotWellFormedIsRefusedWithEveryPlace) {
  const auto refused = role_from_json(json::parse(R"({"role":"a b","permissions":[
      {"module":"order","class":"X","scope":"own"},
      {"module":"order","class":"C","name":"order.hold","scope":"own"},
      {"module":"order","scope":"own"},
      {"module":"order","class":"C","scope":"galaxy"},
      {"module":"","class":"C","scope":"own"}, 7]})")
                                          .as_object());
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(refused.error().reason, "role.invalid");
  std::vector<std::string> places;
  for (const auto& field : refused.error().fields) places.push_back(field.pointer);
  EXPECT_EQ(places, (std::vector<std::string>{"/role", "/permissions/0/class", "/permissions/1",
                                              "/permissions/2", "/permissions/3/scope",
                                              "/permissions/4/module", "/permissions/5"}));
}

TEST(Names, ThatCouldBeMistakenForOthersAreNone) {
  for (const auto* good : {"P-0001", "wang", "a", "A.b_c-9"}) EXPECT_TRUE(is_handle(good)) << good;
  for (const auto* bad : {"", " a", "a b", "-a", ".a", "a,b", "a:b", "王", "a\n", "../a"}) {
    EXPECT_FALSE(is_handle(bad)) << bad;
  }
  EXPECT_TRUE(is_department("运营部"));
  for (const auto* bad : {"", "a,b", "a\nb", "\xff"}) EXPECT_FALSE(is_department(bad)) << bad;
}

}  // namespace
}  // namespace opsledger
