// The test kit: given some history, when a command is sent, then these events are written. The
// module under test is the built library, called through the ABI exactly as a host calls it.
//
//   TEST(Incident, SiteCarriesAtMostThree) {
//     spec().given(i1, i2, i3).when(RaiseIncident{"I-4", "north"}).then_rejected("incident.full");
//   }
//
// opsledger_add_plugin(… TESTS …) tells it where the library is.
#pragma once

#include <opsledger/kit/library.hpp>
#include <opsledger/kit/local_runner.hpp>
#include <opsledger/kit/world.hpp>

#include <gtest/gtest.h>

#include <memory>
#include <source_location>
#include <string>
#include <utility>
#include <vector>

namespace ops {

/// An event of another module, as JSON.
struct ForeignEvent {
  std::string type;
  Json data;
  Tags tags;
};

/// The rows of one table after the given history.
class TableCheck {
 public:
  TableCheck(kit::MemoryRows rows, const kit::TableValue& table, std::source_location where)
      : rows_(std::move(rows)), table_(table), where_(where) {}

  /// The typed row, or nothing.
  template <class Row>
  std::optional<Row> row(std::string_view key) {
    const auto bytes = rows_.get(key);
    return bytes ? std::optional(from_bytes<Row>(*bytes)) : std::nullopt;
  }
  template <class Row>
  TableCheck& has(std::string_view key, const Row& expected) {
    const auto bytes = rows_.get(key);
    const auto found = bytes ? kit::print(*bytes, table_.schema) : "no row";
    if (!bytes || *bytes != to_bytes(expected)) {
      ADD_FAILURE_AT(where_.file_name(), static_cast<int>(where_.line()))
          << table_.name << "/" << key << "\n  expected " << to_json_text(expected)
          << "\n  found    " << found;
    }
    return *this;
  }
  TableCheck& lacks(std::string_view key) {
    if (const auto bytes = rows_.get(key)) {
      ADD_FAILURE_AT(where_.file_name(), static_cast<int>(where_.line()))
          << table_.name << "/" << key << " expected no row, found "
          << kit::print(*bytes, table_.schema);
    }
    return *this;
  }
  /// Rows, without the table's notes.
  std::size_t count() const {
    return static_cast<std::size_t>(
        std::count_if(rows_.all().begin(), rows_.all().end(),
                      [](const auto& row) { return row.first[0] != '\0'; }));
  }

 private:
  kit::MemoryRows rows_;
  const kit::TableValue& table_;
  std::source_location where_;
};

/// One story. Steps run as they are written; a failed expectation names the line of spec().
class Spec {
 public:
  Spec(kit::Runner& runner, std::source_location where) : world_(runner), where_(where) {
    world_.envelope().actor = "tester";
    world_.envelope().department = "ops";
    world_.envelope().time = Time::of(Date::of(2026, 11, 11), 9h);
  }

  /// Appends events, as if they had been written by earlier decisions.
  template <class... E>
  Spec& given(const E&... events) {
    (world_.append(stored(events)), ...);
    mark_ = world_.history().size();
    return *this;
  }
  /// Who sends the commands that follow, when, where and why.
  Spec& as(std::string actor) { return world_.envelope().actor = std::move(actor), *this; }
  Spec& in(std::string department) {
    return world_.envelope().department = std::move(department), *this;
  }
  /// How far the actor's right reaches: own | team | department | subtree | all (the default).
  Spec& reaching(std::string scope) { return world_.envelope().scope = std::move(scope), *this; }
  Spec& at(Time time) { return world_.envelope().time = time, *this; }
  Spec& because(std::string reason) { return world_.envelope().reason = std::move(reason), *this; }
  /// Settings of the module, as JSON text.
  Spec& configured(std::string json) { return world_.envelope().config = std::move(json), *this; }

  /// Sends a command.
  template <class C>
  Spec& when(const C& command) {
    mark_ = world_.history().size();
    outcomes_.clear();
    attempt([&] { outcomes_.push_back(world_.send(C::type, to_bytes(command))); });
    return *this;
  }
  /// Lets time pass; timers fire.
  Spec& after(Duration duration) {
    mark_ = world_.history().size();
    outcomes_.clear();
    attempt([&] { outcomes_ = world_.pass(duration); });
    return *this;
  }

  /// Exactly these events were written, in this order.
  template <class... E>
  Spec& then(const E&... events) {
    const std::vector<kit::Stored> expected{stored(events)...};
    std::string wanted, found;
    for (const auto& e : expected) wanted += line(e);
    for (std::size_t i = mark_; i < world_.history().size(); ++i)
      found += line(world_.history()[i]);
    if (wanted != found) {
      failure() << "expected events\n"
                << (wanted.empty() ? "  none\n" : wanted) << "found\n"
                << (found.empty() ? "  none\n" : found) << rejections();
    }
    return *this;
  }
  Spec& then_nothing() { return then(); }
  Spec& then_rejected(const std::string& code) {
    if (outcomes_.empty() || !outcomes_.back().rejection ||
        outcomes_.back().rejection->code != code) {
      failure() << "expected the rejection " << code << "\n"
                << (rejections().empty() ? "found none\n" : rejections());
    }
    return *this;
  }
  Spec& then_warned(const std::string& code) {
    for (const auto& outcome : outcomes_) {
      for (const auto& warning : outcome.warnings) {
        if (warning.code == code) return *this;
      }
    }
    failure() << "expected the warning " << code << rejections();
    return *this;
  }
  /// The reactions to what was given or written last send exactly these commands.
  template <class... C>
  Spec& then_sends(const C&... commands) {
    std::string wanted, found;
    ((wanted += "  " + std::string(C::type) + " " + to_json_text(commands) + "\n"), ...);
    const auto since = outcomes_.empty() ? 0 : mark_;
    for (const auto& sent : world_.reactions(since)) {
      const auto& call = world_.module().calls.at(sent.call);
      found += "  " + call.name + " ";
      found += Json::parse(kit::print(sent.data, call.schema)).dump() + "\n";
    }
    if (wanted.empty() != found.empty() || normal(wanted) != normal(found)) {
      failure() << "expected commands\n" << wanted << "found\n" << found;
    }
    return *this;
  }
  /// The text of the last rejection, or "".
  std::string rejection_text() const {
    return outcomes_.empty() || !outcomes_.back().rejection ? "" : outcomes_.back().rejection->text;
  }

  /// The table over everything so far. Applying event by event must give the same rows as one span.
  TableCheck table(const std::string& name,
                   std::source_location where = std::source_location::current()) {
    auto rebuilt = world_.rows(name);
    for (const std::size_t span : {1, 3}) {
      if (world_.rows(name, span).all() != rebuilt.all()) {
        failure() << "table " << name << ": spans of " << span << " give other rows than one span";
      }
    }
    return TableCheck(std::move(rebuilt), world_.table(name), where);
  }
  kit::World& world() { return world_; }

 private:
  static kit::Stored stored(const ForeignEvent& e) {
    return {e.type, "", e.data.dump(), texts(e.tags), {}, {}, "tester", "ops", 0};
  }
  template <Event E>
  static kit::Stored stored(const E& e) {
    Tags tags;
    if constexpr (requires { e.tags(); }) tags = e.tags();
    return {
        std::string(E::type), schema_of<E>(), to_bytes(e), texts(tags), {}, {}, "tester", "ops", 0};
  }
  static std::vector<std::string> texts(const Tags& tags) {
    std::vector<std::string> out;
    for (const Tag& tag : tags) out.push_back(tag.text());
    return out;
  }
  static std::string line(const kit::Stored& e) {
    std::string out = "  " + e.type + " " + kit::print(e.data, e.schema);
    for (const auto& tag : e.tags) out += " " + tag;
    return out + "\n";
  }
  /// JSON texts with members in one order.
  static std::string normal(const std::string& lines) {
    std::string out;
    for (std::size_t begin = 0; begin < lines.size();) {
      const auto end = lines.find('\n', begin);
      const auto brace = lines.find('{', begin);
      out += lines.substr(begin, brace - begin) +
             Json::parse(std::string_view(lines).substr(brace, end - brace)).dump() + "\n";
      begin = end + 1;
    }
    return out;
  }
  std::string rejections() const {
    std::string out;
    for (const auto& outcome : outcomes_) {
      if (outcome.rejection)
        out += "rejected: " + outcome.rejection->code + ": " + outcome.rejection->text + "\n";
    }
    return out;
  }
  template <class Step>
  void attempt(Step&& step) {
    try {
      step();
    } catch (const std::exception& error) {
      failure() << error.what();
    }
  }
  /// Streams into a failure at the line of spec().
  class Failure {
   public:
    explicit Failure(std::source_location where) : where_(where) {}
    Failure(const Failure&) = delete;
    Failure& operator=(const Failure&) = delete;
    ~Failure() { ADD_FAILURE_AT(where_.file_name(), static_cast<int>(where_.line())) << text_; }
    Failure& operator<<(const std::string& text) { return text_ += text, *this; }
    Failure& operator<<(std::size_t number) { return text_ += std::to_string(number), *this; }

   private:
    std::source_location where_;
    std::string text_;
  };
  Failure failure() const { return Failure(where_); }

  kit::World world_;
  std::source_location where_;
  std::vector<kit::Outcome> outcomes_;
  std::size_t mark_ = 0;
};

#ifdef OPS_PLUGIN_PATH
/// A fresh story over the plugin under test. `module` null: the library's first.
inline Spec spec(const char* module = nullptr,
                 std::source_location where = std::source_location::current()) {
  static kit::PluginLibrary library(OPS_PLUGIN_PATH);
  static std::map<std::string, std::unique_ptr<kit::LocalRunner>> runners;
  auto& runner = runners[module == nullptr ? "" : module];
  if (runner == nullptr) runner = std::make_unique<kit::LocalRunner>(library.module(module));
  return Spec(*runner, where);
}
#endif

}  // namespace ops
