// Who holds which position, and what is below what: folded from the events of module `org`.
#pragma once

#include <boost/json/object.hpp>
#include <cstdint>
#include <functional>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace opsledger {

/// Pure, tolerant of missing fields (another version of org may leave some out) and of cycles. Not
/// thread safe: whoever keeps it guards it. Days count from 1970-01-01.
class Organisation {
 public:
  struct Position {
    std::string department, role, reports_to;
    bool retired = false;
  };
  struct Appointment {
    std::string position;
    std::string department;  ///< where it is held; the position's own when empty
    std::int32_t from = INT32_MIN, until = INT32_MAX;  ///< held on from <= day < until
    bool primary = false;
  };

  static const std::vector<std::string>& types();
  void apply(std::string_view type, const boost::json::object& data);

  bool knows_departments() const { return !departments_.empty(); }
  /// Created and not closed.
  bool is_department(std::string_view department) const;
  /// `department` is `root` or lies below it.
  bool within(std::string_view department, std::string_view root) const;
  std::vector<std::string> subtree(std::string_view root) const;
  const std::string* parent(std::string_view department) const;

  const Position* position(std::string_view id) const;
  /// Calls f(appointment, position) for what `person` holds on `day`.
  using Held = std::function<void(const Appointment&, const Position&)>;
  void each_held(std::string_view person, std::int32_t day, const Held& f) const;
  /// Persons who on `day` hold positions that report, transitively, to `position`; sorted.
  std::vector<std::string> team(std::string_view position, std::int32_t day) const;

  std::size_t people() const { return people_.size(); }
  std::size_t departments() const { return departments_.size(); }

 private:
  struct Department {
    std::string parent;
    bool closed = false;
    std::set<std::string> children;
  };
  struct Person {
    bool active = true;
    std::vector<Appointment> appointments;
  };
  struct TextHash : std::hash<std::string_view> {
    using is_transparent = void;
  };
  template <class T>
  using ById = std::unordered_map<std::string, T, TextHash, std::equal_to<>>;

  void place_department(const std::string& id, const std::string& parent);
  void define_position(const std::string& id, const boost::json::object& data);
  void appoint(const boost::json::object& data, std::string_view position_field);
  void relieve(const boost::json::object& data, std::string_view position_field);

  ById<Department> departments_;
  ById<Position> positions_;
  ById<std::set<std::string>> reports_;  ///< position -> positions that report to it
  ById<std::set<std::string>> holders_;  ///< position -> persons appointed at any time
  ById<Person> people_;
};

}  // namespace opsledger
