# ops_component(name SOURCES … DEPS … [PRIVATE_DEPS …]): a static library `ops_<name>` that includes
#   from the project root and reuses the common precompiled header.
# ops_test(name SOURCES … DEPS … [LABELS …] [TIMEOUT s]): a GoogleTest binary, each case a ctest.
# ops_bench(name SOURCES … DEPS …): a Google Benchmark binary (not run by ctest).

add_library(ops_pch OBJECT ${CMAKE_SOURCE_DIR}/tools/cmake/pch.cpp)
target_precompile_headers(ops_pch PRIVATE
  <algorithm> <array> <chrono> <cstdint> <cstring> <functional> <map> <memory> <mutex> <optional>
  <span> <string> <string_view> <unordered_map> <utility> <variant> <vector> <boost/json/value.hpp>)
target_link_libraries(ops_pch PRIVATE ops_boost_json)

function(ops_component name)
  cmake_parse_arguments(A "NO_PCH" "" "SOURCES;DEPS;PRIVATE_DEPS" ${ARGN})
  add_library(ops_${name} STATIC ${A_SOURCES})
  target_include_directories(ops_${name} PUBLIC ${CMAKE_SOURCE_DIR})
  target_link_libraries(ops_${name} PUBLIC ops_boost_json ${A_DEPS} PRIVATE ${A_PRIVATE_DEPS})
  if(NOT A_NO_PCH)
    target_precompile_headers(ops_${name} REUSE_FROM ops_pch)
  endif()
endfunction()

function(ops_test name)
  cmake_parse_arguments(A "" "TIMEOUT" "SOURCES;DEPS;LABELS" ${ARGN})
  if(NOT A_TIMEOUT)
    set(A_TIMEOUT 120)
  endif()
  if(OPSLEDGER_SANITIZE)  # several times slower
    math(EXPR A_TIMEOUT "10 * ${A_TIMEOUT}")
  endif()
  add_executable(${name} ${A_SOURCES})
  target_include_directories(${name} PRIVATE ${CMAKE_SOURCE_DIR})
  target_link_libraries(${name} PRIVATE ${A_DEPS} ops_boost_json GTest::gmock GTest::gtest_main)
  target_precompile_headers(${name} REUSE_FROM ops_pch_test)
  set_target_properties(${name} PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/tests)
  gtest_discover_tests(${name} DISCOVERY_MODE PRE_TEST
    PROPERTIES TIMEOUT ${A_TIMEOUT} LABELS "${A_LABELS}")
endfunction()

function(ops_bench name)
  cmake_parse_arguments(A "" "" "SOURCES;DEPS" ${ARGN})
  add_executable(${name} ${A_SOURCES})
  target_include_directories(${name} PRIVATE ${CMAKE_SOURCE_DIR})
  target_link_libraries(${name} PRIVATE ${A_DEPS} benchmark::benchmark_main)
  set_target_properties(${name} PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/bench)
  if(OPSLEDGER_SANITIZE)  # measures nothing there
    set_target_properties(${name} PROPERTIES EXCLUDE_FROM_ALL ON)
  endif()
endfunction()

if(OPSLEDGER_TESTS)
  add_library(ops_pch_test OBJECT ${CMAKE_SOURCE_DIR}/tools/cmake/pch.cpp)
  target_precompile_headers(ops_pch_test PRIVATE
    <algorithm> <chrono> <cstdint> <filesystem> <functional> <map> <memory> <optional> <span>
    <string> <string_view> <thread> <variant> <vector> <boost/json.hpp>
    <gmock/gmock.h> <gtest/gtest.h>)
  target_link_libraries(ops_pch_test PRIVATE ops_boost_json GTest::gmock)
endif()
