// Comments on anything that has a tag: events, state, commands, tables.
#pragma once

#include <opsledger/sdk.hpp>

#include <optional>
#include <string>
#include <vector>

namespace comment {

/// `comment`, and what it is about by the key and value of its tag.
struct OfComment {
  std::string comment, subject_type, subject;
  template <class A>
  void serialize(A& ar) {
    ar(OPS_FIELD(comment, "Comment", "评论"), OPS_FIELD(subject_type, "Subject type", "业务类型"),
       OPS_FIELD(subject, "Subject", "业务单号"));
  }
  ops::Tags tags() const { return {{"comment", comment}, {subject_type, subject}}; }
};

struct Added : OfComment {
  static constexpr auto type = "comment.added";
  static constexpr ops::Label label{"Comment added", "已评论"};
  std::string author, text;
  std::vector<std::string> mentions;
  std::optional<std::string> reply_to;
  template <class A>
  void serialize(A& ar) {
    OfComment::serialize(ar);
    ar(OPS_FIELD(author, "Author", "评论人"), OPS_FIELD(text, "Text", "内容"),
       OPS_FIELD(mentions, "Mentions", "提及"), OPS_FIELD(reply_to, "Reply to", "回复"));
  }
};
/// `mentions` names those who were not mentioned before.
struct Edited : OfComment {
  static constexpr auto type = "comment.edited";
  static constexpr ops::Label label{"Comment edited", "评论已编辑"};
  std::string text, previous;
  std::vector<std::string> mentions;
  template <class A>
  void serialize(A& ar) {
    OfComment::serialize(ar);
    ar(OPS_FIELD(text, "Text", "内容"), OPS_FIELD(previous, "Previous text", "原内容"),
       OPS_FIELD(mentions, "New mentions", "新提及"));
  }
};
struct Redacted : OfComment {
  static constexpr auto type = "comment.redacted";
  static constexpr ops::Label label{"Comment redacted", "评论已屏蔽"};
  std::string why;
  template <class A>
  void serialize(A& ar) {
    OfComment::serialize(ar);
    ar(OPS_FIELD(why, "Why", "原因"));
  }
};

/// Any event of the subject: there must be one.
struct SubjectEvent : ops::JsonEvent {
  static constexpr auto type = "*";
};
struct Subject {
  using Listens = ops::Fold<SubjectEvent>;
  bool known = false;
  void on(const SubjectEvent&) { known = true; }
  template <class A>
  void serialize(A& ar) {
    ar(NVP(known));
  }
};

/// One comment, loaded by comment:<id>.
struct State {
  using Listens = ops::Fold<Added, Edited, Redacted>;
  Added added;
  bool redacted = false;
  bool known() const { return !added.comment.empty(); }
  void on(const Added& e) { added = e; }
  void on(const Edited& e) {
    added.text = e.text;
    added.mentions.insert(added.mentions.end(), e.mentions.begin(), e.mentions.end());
  }
  void on(const Redacted&) { redacted = true; }
  template <class A>
  void serialize(A& ar) {
    ar(NVP(added), NVP(redacted));
  }
};

struct Add {
  static constexpr auto type = "comment.add";
  std::string subject_type, subject, text;
  std::optional<std::string> reply_to;
  template <class A>
  void serialize(A& ar) {
    ar(OPS_FIELD(subject_type, "Subject type", "业务类型"),
       OPS_FIELD(subject, "Subject", "业务单号"), OPS_FIELD(text, "Text", "内容"),
       OPS_FIELD(reply_to, "Reply to", "回复"));
  }
};
struct Edit {
  static constexpr auto type = "comment.edit";
  std::string comment, text;
  template <class A>
  void serialize(A& ar) {
    ar(OPS_FIELD(comment, "Comment", "评论"), OPS_FIELD(text, "Text", "内容"));
  }
};
struct Redact {
  static constexpr auto type = "comment.redact";
  std::string comment;
  template <class A>
  void serialize(A& ar) {
    ar(OPS_FIELD(comment, "Comment", "评论"));
  }
};

struct Comments {
  struct Row {
    std::string subject_type, subject, author, text;
    std::optional<std::string> reply_to;
    ops::Time at;
    std::int32_t edits = 0;
    bool redacted = false;
    template <class A>
    void serialize(A& ar) {
      ar(OPS_FIELD(subject_type, "Subject type", "业务类型"),
         OPS_FIELD(subject, "Subject", "业务单号"), OPS_FIELD(author, "Author", "评论人"),
         OPS_FIELD(text, "Text", "内容"), OPS_FIELD(reply_to, "Reply to", "回复"),
         OPS_FIELD(at, "At", "时间"), OPS_FIELD(edits, "Edits", "编辑次数"),
         OPS_FIELD(redacted, "Redacted", "已屏蔽"));
    }
  };
  using Listens = ops::Fold<Added, Edited, Redacted>;
  static void on(const Added& e, const ops::EventMeta& meta, ops::Rows<Row>& rows) {
    rows.put(e.comment, {e.subject_type, e.subject, e.author, e.text, e.reply_to, meta.time()});
  }
  static void on(const Edited& e, ops::Rows<Row>& rows) {
    rows.edit(e.comment, [&](Row& row) { row.text = e.text, ++row.edits; });
  }
  static void on(const Redacted& e, ops::Rows<Row>& rows) {
    rows.edit(e.comment, [](Row& row) { row.text = "", row.redacted = true; });
  }
};

/// One row for each person mentioned (提到我的).
struct Mentions {
  struct Row {
    std::string person, comment, subject_type, subject, by;
    ops::Time at;
    template <class A>
    void serialize(A& ar) {
      ar(OPS_FIELD(person, "Person", "被提及人"), OPS_FIELD(comment, "Comment", "评论"),
         OPS_FIELD(subject_type, "Subject type", "业务类型"),
         OPS_FIELD(subject, "Subject", "业务单号"), OPS_FIELD(by, "By", "评论人"),
         OPS_FIELD(at, "At", "时间"));
    }
  };
  using Listens = ops::Fold<Added, Edited>;
  template <class E>
  static void on(const E& e, const ops::EventMeta& meta, ops::Rows<Row>& rows) {
    for (const std::string& person : e.mentions) {
      rows.put(e.comment + "/" + person, {person, e.comment, e.subject_type, e.subject,
                                          std::string(meta.actor()), meta.time()});
    }
  }
};

}  // namespace comment
