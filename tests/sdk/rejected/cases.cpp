// Each CASE must be refused by the compiler with the words that CMakeLists.txt expects.
#include <opsledger/sdk.hpp>

#include <unordered_map>

struct Stored {
#if CASE == 1
  const char* field = nullptr;
#elif CASE == 2
  std::unordered_map<std::string, int> field;
#elif CASE == 3
  float field = 0;
#elif CASE == 4
  enum class Plain { a } field{};
#elif CASE == 5
  std::map<double, int> field;
#elif CASE == 6
  char field = 'c';
#else
  std::string field;
#endif
#if CASE == 7
  template <class A>
  void serialize(A& ar) {
    ar(field);
  }
#elif CASE == 8
  template <class A>
  void save(A& ar) const {
    ar(NVP(field));
  }
  template <class A>
  void load(A& ar) {
    ar(NVP(field));
  }
#elif CASE == 9
  template <class A>
  void serialize(A& ar, const std::uint32_t) {
    ar(NVP(field));
  }
#elif CASE != 10
  template <class A>
  void serialize(A& ar) {
    ar(NVP(field));
  }
#endif
};

std::string schema() {
  return ops::schema_of<Stored>();
}
std::string bytes() {
  return ops::to_bytes(Stored());
}
