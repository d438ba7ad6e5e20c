#include "story.hpp"

namespace org {
namespace {

TEST(Department, IsCreatedUnderItsCodeOrAnIdOfItsOwn) {
  auto s = spec();
  s.when(CreateDepartment{"OPS", "营运部", "Operations", {}, {}})
      .then(DepartmentCreated{"OPS", "OPS", "营运部", "Operations", {}});
  s.when(CreateDepartment{"NET", "网编部", "Web editing", "web", "OPS"})
      .then(DepartmentCreated{"web", "NET", "网编部", "Web editing", "OPS"});
  EXPECT_EQ(s.table("departments").row<Departments::Row>("web")->parent, "OPS");
}

TEST(Department, CodeIdAndNamesAreChecked) {
  auto s = spec();
  s.given(department("OPS"));
  s.when(CreateDepartment{"O1", "a", "a", {}, {}}).then_rejected("department.code");
  s.when(CreateDepartment{"TOOLONG", "a", "a", {}, {}}).then_rejected("department.code");
  s.when(CreateDepartment{"NET", "a", "a", "no/id", {}}).then_rejected("department.id");
  s.when(CreateDepartment{"NET", "", "a", {}, {}}).then_rejected("department.name");
  s.when(CreateDepartment{"NET", "a", "a", "OPS", {}}).then_rejected("department.exists");
  s.when(CreateDepartment{"OPS", "a", "a", "other", {}}).then_rejected("department.code_taken");
  s.when(CreateDepartment{"NET", "a", "a", {}, "none"}).then_rejected("entity.not_found");
}

TEST(Department, CodeOfAClosedDepartmentIsNeverUsedAgain) {
  auto s = spec();
  s.given(department("OPS"), DepartmentClosed{"OPS"});
  s.when(CreateDepartment{"OPS", "a", "a", "new", {}}).then_rejected("department.code_taken");
  s.when(RenameDepartment{"OPS", "a", "a"}).then_rejected("entity.not_found");
  EXPECT_FALSE(s.table("departments").row<Departments::Row>("OPS")->open);
}

TEST(Department, IsRenamed) {
  auto s = spec();
  s.given(department("OPS")).when(RenameDepartment{"OPS", "电商部", "E-commerce"});
  s.then(DepartmentRenamed{"OPS", "电商部", "E-commerce"});
  EXPECT_EQ(s.table("departments").row<Departments::Row>("OPS")->name_zh, "电商部");
  s.when(RenameDepartment{"OPS", "", ""}).then_rejected("department.name");
}

TEST(Department, MovesButNeverBelowItself) {
  auto s = spec();
  s.given(department("A"), department("B", "A"), department("C", "B"));
  s.when(MoveDepartment{"A", "C"}).then_rejected("department.cycle");
  s.when(MoveDepartment{"A", "A"}).then_rejected("department.cycle");
  s.when(MoveDepartment{"C", "B"}).then_rejected("department.same_parent");
  s.when(MoveDepartment{"C", "none"}).then_rejected("entity.not_found");
  s.when(MoveDepartment{"C", {}}).then(DepartmentMoved{"C", "B", {}});
  s.when(MoveDepartment{"A", "C"}).then(DepartmentMoved{"A", {}, "C"});
  s.when(MoveDepartment{"C", "B"}).then_rejected("department.cycle");
}

TEST(Department, HeadIsAPositionOfItsOwn) {
  auto s = office();
  s.given(department("NET"));
  s.when(SetHead{"NET", "DIR"}).then_rejected("department.head_elsewhere");
  s.when(SetHead{"OPS", "none"}).then_rejected("entity.not_found");
  s.when(SetHead{"OPS", "DIR"}).then(DepartmentHeadSet{"OPS", "DIR"});
  s.when(SetHead{"OPS", "DIR"}).then_rejected("department.same_head");
  EXPECT_EQ(s.table("departments").row<Departments::Row>("OPS")->head_position, "DIR");
}

TEST(Department, ClosesOnlyWhenItIsEmpty) {
  auto s = spec();
  s.given(department("OPS"), department("NET", "OPS"), position("EDT", "editor", {}, 1, "NET"));
  s.when(CloseDepartment{"OPS"}).then_rejected("department.not_empty");
  s.when(CloseDepartment{"NET"}).then_rejected("department.not_empty");
  s.when(RetirePosition{"EDT"});
  s.when(CloseDepartment{"NET"}).then(DepartmentClosed{"NET"});
  s.when(CloseDepartment{"OPS"}).then(DepartmentClosed{"OPS"});
  s.when(CloseDepartment{"OPS"}).then_rejected("entity.not_found");
}

}  // namespace
}  // namespace org
