// One struct with every type that can be stored, and ways to fill it.
#pragma once

#include <opsledger/sdk.hpp>

#include <random>
#include <string>

namespace samples {

enum class Color { red, green, blue };
OPS_ENUM(Color, red, green, blue)

struct Point {
  static constexpr auto name = "point";
  std::int32_t x = 0, y = 0;
  template <class A>
  void serialize(A& ar) {
    ar(NVP(x), NVP(y));
  }
  friend bool operator==(const Point&, const Point&) = default;
};

struct Everything {
  bool flag = false;
  std::int8_t i8 = 0;
  std::uint16_t u16 = 0;
  std::int32_t i32 = 0;
  std::uint64_t u64 = 0;
  double number = 0;
  std::string text;
  ops::Bytes bytes;
  ops::Time time;
  ops::Date date;
  ops::Money money;
  ops::Decimal decimal;
  Color color{};
  std::optional<std::string> maybe;
  std::vector<Point> points;
  std::vector<bool> flags;
  std::map<std::string, std::vector<std::int64_t>> lists;
  std::map<std::int32_t, Color> colors;
  std::variant<std::string, Point, ops::Decimal> either;
  ops::Personal<std::string> person;
  template <class A>
  void serialize(A& ar) {
    ar(NVP(flag), NVP(i8), NVP(u16), NVP(i32), NVP(u64), NVP(number), NVP(text), NVP(bytes),
       NVP(time), NVP(date), NVP(money), NVP(decimal), NVP(color), NVP(maybe), NVP(points),
       NVP(flags), NVP(lists), NVP(colors), NVP(either), NVP(person));
  }
};

inline std::string random_text(std::mt19937_64& random) {
  std::string text(random() % 40, ' ');
  for (char& c : text) c = static_cast<char>('a' + random() % 26);
  return text;
}

inline Everything random_everything(std::mt19937_64& random) {
  Everything e;
  e.flag = random() % 2 == 0;
  e.i8 = static_cast<std::int8_t>(random());
  e.u16 = static_cast<std::uint16_t>(random());
  e.i32 = static_cast<std::int32_t>(random());
  e.u64 = random();
  e.number = static_cast<double>(static_cast<std::int64_t>(random())) / 1024.0;
  e.text = random_text(random);
  e.bytes.data = random_text(random) + '\0' + '\xff';
  e.time.us = static_cast<std::int64_t>(random() % (1ull << 50));
  e.date.days = static_cast<std::int32_t>(random() % 60000);
  e.money = ops::Money::of(static_cast<std::int64_t>(random()), "CNY");
  e.decimal = ops::Decimal(static_cast<std::int64_t>(random()), random() % 19);
  e.color = static_cast<Color>(random() % 3);
  if (random() % 2 == 0) e.maybe = random_text(random);
  for (auto n = random() % 5; n > 0; --n) e.points.push_back({static_cast<int>(n), -1});
  for (auto n = random() % 9; n > 0; --n) e.flags.push_back(random() % 2 == 0);
  for (auto n = random() % 4; n > 0; --n) e.lists[random_text(random)] = {1, -2, 3};
  for (auto n = random() % 4; n > 0; --n)
    e.colors[static_cast<std::int32_t>(random())] = Color::blue;
  if (random() % 2 == 0) e.either = Point{1, 2};
  e.person = ops::Personal<std::string>(random_text(random));
  return e;
}

}  // namespace samples
