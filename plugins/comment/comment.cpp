// The module `comment`: how its commands are decided, and what it declares.
#include "comment.hpp"

#include <algorithm>
#include <set>

namespace comment {
namespace {

using ops::Decision;
using ops::Envelope;
using ops::reject;

constexpr std::size_t kTextBytesMax = 10'000;
constexpr std::size_t kMentionsMax = 50;

bool is_word(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
         c == '-' || c == '.';
}
/// `@wang` anywhere but inside a word (an e-mail address mentions nobody); each person once.
std::vector<std::string> mentions_in(const std::string& text) {
  std::vector<std::string> people;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '@' || (i > 0 && is_word(text[i - 1]))) continue;
    std::size_t end = i + 1;
    while (end < text.size() && is_word(text[end])) ++end;
    std::string person = text.substr(i + 1, end - i - 1);
    while (!person.empty() && person.back() == '.') person.pop_back();
    if (person.empty() || person.size() > 64 ||
        std::find(people.begin(), people.end(), person) != people.end())
      continue;
    people.push_back(person);
  }
  return people;
}

std::optional<Decision> text_fault(const std::string& text) {
  if (text.empty() || text.size() > kTextBytesMax)
    return reject("comment.text", "a comment has 1 to 10000 bytes");
  if (mentions_in(text).size() > kMentionsMax)
    return reject("comment.mentions", "a comment mentions at most 50 people");
  return std::nullopt;
}
template <class E>
E about(const State& state) {
  E e;
  static_cast<OfComment&>(e) = state.added;
  return e;
}

Decision decide_add(const Add& c, const Subject& subject, const ops::Many<State>& replied,
                    const Envelope& envelope) {
  if (auto fault = text_fault(c.text)) return *fault;
  if (!subject.known)
    return reject("comment.no_subject", "there is no " + c.subject_type + " " + c.subject);
  if (!replied.empty() && (!replied[0].known() || replied[0].added.subject != c.subject ||
                           replied[0].added.subject_type != c.subject_type))
    return reject("comment.reply_to", *c.reply_to + " is no comment on " + c.subject);
  Added e;
  e.comment = envelope.id(), e.subject_type = c.subject_type, e.subject = c.subject;
  e.author = envelope.actor(), e.text = c.text, e.reply_to = c.reply_to;
  e.mentions = mentions_in(c.text);
  return ops::emit(e);
}

/// Only the author edits, and nobody what was redacted.
Decision decide_edit(const Edit& c, const State& state, const Envelope& envelope) {
  if (!state.known()) return reject("entity.not_found", "no comment " + c.comment);
  if (state.redacted) return reject("command.wrong_state", "comment " + c.comment + " is redacted");
  if (state.added.author != envelope.actor())
    return reject("comment.not_author", state.added.author + " wrote it");
  if (auto fault = text_fault(c.text)) return *fault;
  if (c.text == state.added.text) return reject("comment.unchanged", "it says that already");
  auto e = about<Edited>(state);
  e.text = c.text, e.previous = state.added.text;
  const std::set<std::string> known(state.added.mentions.begin(), state.added.mentions.end());
  for (const auto& person : mentions_in(c.text)) {
    if (!known.contains(person)) e.mentions.push_back(person);
  }
  return ops::emit(e);
}

/// One's own; those of others only with a right beyond the department, in which all may comment.
Decision decide_redact(const Redact& c, const State& state, const Envelope& envelope) {
  if (!state.known()) return reject("entity.not_found", "no comment " + c.comment);
  if (state.redacted) return reject("command.wrong_state", "comment " + c.comment + " is redacted");
  if (state.added.author != envelope.actor() && envelope.scope() != "subtree" &&
      envelope.scope() != "all")
    return reject("comment.not_author", state.added.author + " wrote it");
  auto e = about<Redacted>(state);
  e.why = envelope.reason();
  return ops::emit(e);
}

template <class C>
ops::Tags of_comment(const C& c) {
  return {{"comment", c.comment}};
}

}  // namespace
}  // namespace comment

OPS_MODULE("comment", "0.1.0") {
  using namespace comment;
  m.label("Comments", "评论");
  m.events<Added, Edited, Redacted>();
  m.table<Comments>("comments")
      .label("Comments", "评论")
      .key("comment")
      .search("text")
      .owner("author")
      .index("subject");
  m.table<Mentions>("mentions").label("Mentions", "提到我的").owner("person").index("person");
  m.command<Add>("Comment", "评论")
      .ids(1)
      .reads<Subject>([](const Add& c) {
        return ops::tags{{c.subject_type, c.subject}};
      })
      .reads_each<State>([](const Add& c) {
        return c.reply_to ? ops::TagSets{{{"comment", *c.reply_to}}} : ops::TagSets();
      })
      .decide(decide_add);
  m.command<Edit>("Edit comment", "编辑评论").reads<State>(of_comment<Edit>).decide(decide_edit);
  m.command<Redact>("Redact comment", "屏蔽评论")
      .needs_reason()
      .reads<State>(of_comment<Redact>)
      .decide(decide_redact);
}
