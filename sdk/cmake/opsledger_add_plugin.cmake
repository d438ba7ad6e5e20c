# opsledger_add_plugin(name SOURCES … [TESTS …]): one plugin library, <name>.so, that exports one
# symbol; and with TESTS its test program <name>_test, which finds the library by itself.
# OPSLEDGER_PLUGIN_OUTPUT_DIR, when set, is where libraries are put.

enable_testing()  # has no effect inside a function

function(opsledger_add_plugin name)
  cmake_parse_arguments(A "" "" "SOURCES;TESTS" ${ARGN})
  if(NOT A_SOURCES)
    message(FATAL_ERROR "opsledger_add_plugin(${name}): SOURCES is missing")
  endif()
  add_library(${name} MODULE ${A_SOURCES})
  target_link_libraries(${name} PRIVATE opsledger::sdk)
  target_compile_features(${name} PRIVATE cxx_std_20)
  set_target_properties(${name} PROPERTIES
    PREFIX "" CXX_EXTENSIONS OFF CXX_VISIBILITY_PRESET hidden C_VISIBILITY_PRESET hidden
    VISIBILITY_INLINES_HIDDEN ON
    LINK_DEPENDS ${CMAKE_CURRENT_FUNCTION_LIST_DIR}/plugin.map)
  if(OPSLEDGER_PLUGIN_OUTPUT_DIR)
    set_target_properties(${name} PROPERTIES
      LIBRARY_OUTPUT_DIRECTORY ${OPSLEDGER_PLUGIN_OUTPUT_DIR})
  endif()
  # Unique symbols are shared between libraries whatever their visibility: two plugins would mix.
  target_compile_options(${name} PRIVATE $<$<CXX_COMPILER_ID:GNU>:-fno-gnu-unique>)
  target_link_options(${name} PRIVATE
    -Wl,--version-script=${CMAKE_CURRENT_FUNCTION_LIST_DIR}/plugin.map)
  if(A_TESTS AND (OPSLEDGER_TESTS OR NOT DEFINED OPSLEDGER_TESTS))
    opsledger_add_plugin_test(${name} ${A_TESTS})
  endif()
endfunction()

function(opsledger_add_plugin_test name)
  find_package(GTest REQUIRED)
  include(GoogleTest)
  add_executable(${name}_test ${ARGN})
  add_dependencies(${name}_test ${name})
  target_link_libraries(${name}_test PRIVATE opsledger::sdk GTest::gtest_main ${CMAKE_DL_LIBS})
  target_compile_features(${name}_test PRIVATE cxx_std_20)
  target_compile_definitions(${name}_test PRIVATE OPS_PLUGIN_PATH="$<TARGET_FILE:${name}>")
  gtest_discover_tests(${name}_test DISCOVERY_MODE PRE_TEST)
endfunction()
