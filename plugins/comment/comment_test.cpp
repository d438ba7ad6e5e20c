#include "comment.hpp"

#include <opsledger/testing.hpp>

namespace comment {
namespace {

using ops::spec;
using People = std::vector<std::string>;

/// Task T-1 exists and wang has said something about it; the comment is id-1.
ops::Spec said(const std::string& text,
               std::source_location where = std::source_location::current()) {
  auto s = spec(nullptr, where);
  s.given(ops::ForeignEvent{"task.created", ops::Json(ops::Json::Object{}), {{"task", "T-1"}}});
  s.as("wang").when(Add{"task", "T-1", text, {}});
  return s;
}
Comments::Row shown(ops::Spec& s) {
  return *s.table("comments").row<Comments::Row>("id-1");
}

TEST(Comment, IsAddedWithItsMentions) {
  auto s = said("@li please ask @zhao.y. and @li, not a@b.com");
  Added e;
  e.comment = "id-1", e.subject_type = "task", e.subject = "T-1", e.author = "wang";
  e.text = "@li please ask @zhao.y. and @li, not a@b.com", e.mentions = {"li", "zhao.y"};
  s.then(e);
  EXPECT_EQ(s.table("mentions").count(), 2u);
  EXPECT_EQ(s.world().history().back().tags, (People{"comment:id-1", "task:T-1"}));
}

TEST(Comment, ChineseTextMentionsToo) {
  auto s = said("请@li处理");
  EXPECT_TRUE(s.table("mentions").row<Mentions::Row>("id-1/li"));
}

TEST(Comment, NeedsTextASubjectAndARealParent) {
  auto s = said("x");
  s.when(Add{"task", "T-1", "", {}}).then_rejected("comment.text");
  s.when(Add{"task", "T-1", std::string(10'001, 'x'), {}}).then_rejected("comment.text");
  s.when(Add{"task", "T-2", "x", {}}).then_rejected("comment.no_subject");
  s.when(Add{"No Tag", "T-1", "x", {}}).then_rejected("command.invalid");
  s.when(Add{"task", "T-1", "x", "none"}).then_rejected("comment.reply_to");
  s.when(Add{"task", "T-1", "x", "id-1"});
  EXPECT_EQ(s.table("comments").count(), 2u);
  std::string crowd;
  for (int i = 0; i < 51; ++i) crowd += " @p" + std::to_string(i);
  s.when(Add{"task", "T-1", crowd, {}}).then_rejected("comment.mentions");
}

TEST(Comment, EditKeepsTheOldTextAndTellsOnlyWhoIsNew) {
  auto s = said("@li x");
  Edited e;
  e.comment = "id-1", e.subject_type = "task", e.subject = "T-1";
  e.text = "@li @zhao y", e.previous = "@li x", e.mentions = {"zhao"};
  s.when(Edit{"id-1", "@li @zhao y"}).then(e);
  EXPECT_EQ(shown(s).edits, 1);
  s.when(Edit{"id-1", "@li @zhao y"}).then_rejected("comment.unchanged");
  s.when(Edit{"id-1", ""}).then_rejected("comment.text");
  s.when(Edit{"none", "x"}).then_rejected("entity.not_found");
  s.as("li").when(Edit{"id-1", "z"}).then_rejected("comment.not_author");
}

TEST(Comment, RedactionHidesTheTextForGood) {
  auto s = said("secret");
  s.as("li")
      .reaching("own")
      .because("pii")
      .when(Redact{"id-1"})
      .then_rejected("comment.not_author");
  s.reaching("subtree").when(Redact{"id-1"});
  EXPECT_EQ(shown(s).text, "");
  EXPECT_TRUE(shown(s).redacted);
  s.when(Redact{"id-1"}).then_rejected("command.wrong_state");
  s.as("wang").when(Edit{"id-1", "again"}).then_rejected("command.wrong_state");
  s.when(Redact{"none"}).then_rejected("entity.not_found");
}

}  // namespace
}  // namespace comment
