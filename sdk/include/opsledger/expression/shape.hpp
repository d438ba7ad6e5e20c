// Shape: what is known beforehand about a value. An expression checked against the shape of its
// context cannot meet a wrong kind later.
#pragma once

#include <opsledger/expression/value.hpp>

#include <map>
#include <optional>

namespace ops::expr {

/// A value type; copies share. Every value may also be null: shapes do not say whether.
class Shape {
 public:
  using Fields = std::map<std::string, Shape, std::less<>>;

  /// Nothing is known: everything is allowed, and checked while evaluating.
  Shape() = default;
  Shape(Kind kind) : kind_(kind) {}  // NOLINT: a kind is a shape
  /// Text that is one of `values` (an enum): comparing it with anything else is an error.
  static Shape one_of(std::vector<std::string> values) {
    Shape shape(Kind::kText);
    shape.values_ = std::make_shared<const std::vector<std::string>>(std::move(values));
    return shape;
  }
  static Shape list_of(Shape element) {
    Shape shape(Kind::kList);
    shape.element_ = std::make_shared<const Shape>(std::move(element));
    return shape;
  }
  /// A record with these members and no others.
  static Shape record(Fields fields) {
    Shape shape(Kind::kRecord);
    shape.fields_ = std::make_shared<const Fields>(std::move(fields));
    return shape;
  }

  /// Empty: unknown.
  std::optional<Kind> kind() const { return kind_; }
  bool is_unknown() const { return !kind_; }
  /// Of a list; unknown where nothing is known.
  Shape element() const { return element_ ? *element_ : Shape(); }
  /// Null: the members are not known (any name may be asked for).
  const Fields* fields() const { return fields_.get(); }
  /// Null: any text.
  const std::vector<std::string>* values() const { return values_.get(); }
  /// For messages: `list of integer`, `anything`.
  std::string str() const {
    if (!kind_) return "anything";
    if (*kind_ == Kind::kList && element_) return "list of " + element_->str();
    return name_of(*kind_);
  }

 private:
  std::optional<Kind> kind_;
  std::shared_ptr<const Shape> element_;
  std::shared_ptr<const Fields> fields_;
  std::shared_ptr<const std::vector<std::string>> values_;
};

}  // namespace ops::expr
