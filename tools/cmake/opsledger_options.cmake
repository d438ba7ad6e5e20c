# Language, warnings, sanitizers, ccache, linker: the same for every target.
option(OPSLEDGER_TESTS "Build the tests" ON)
option(OPSLEDGER_FUZZ "Build the libFuzzer programs (clang only)" OFF)
set(OPSLEDGER_SANITIZE "" CACHE STRING "Sanitizers, e.g. address,undefined or thread")

if(NOT CMAKE_BUILD_TYPE)
  set(CMAKE_BUILD_TYPE Release CACHE STRING "" FORCE)
endif()
set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_C_STANDARD 99)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)
set(CMAKE_CXX_VISIBILITY_PRESET hidden)
set(CMAKE_C_VISIBILITY_PRESET hidden)
# -g1: line tables, so that a crash report names a line, at little cost in build time.
set(CMAKE_CXX_FLAGS_RELEASE "-O2 -g1")
if(NOT OPSLEDGER_SANITIZE)  # those presets bring their own
  set(CMAKE_CXX_FLAGS_DEBUG "-O0 -g")
endif()
set(CMAKE_RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/bin)
set(CMAKE_LIBRARY_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/lib)
set(OPSLEDGER_PLUGIN_OUTPUT_DIR ${CMAKE_BINARY_DIR}/lib/opsledger/plugins)

add_compile_options(-Wall -Wextra -Werror=return-type -Wno-missing-field-initializers)

find_program(CCACHE ccache)
if(CCACHE)
  # Precompiled headers and ccache agree only with these settings.
  set(CMAKE_CXX_COMPILER_LAUNCHER ${CMAKE_COMMAND} -E env
      CCACHE_SLOPPINESS=pch_defines,time_macros,include_file_mtime,include_file_ctime ${CCACHE})
  set(CMAKE_C_COMPILER_LAUNCHER ${CCACHE})
  if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
    add_compile_options($<$<COMPILE_LANGUAGE:CXX>:-fpch-preprocess>)
  endif()
endif()
find_program(MOLD mold)
if(MOLD)
  add_link_options(-fuse-ld=mold)
endif()

if(OPSLEDGER_SANITIZE)
  add_compile_options(-fsanitize=${OPSLEDGER_SANITIZE} -fno-omit-frame-pointer -fno-sanitize-recover=all)
  add_link_options(-fsanitize=${OPSLEDGER_SANITIZE})
endif()
if(OPSLEDGER_FUZZ)
  if(NOT CMAKE_CXX_COMPILER_ID STREQUAL "Clang")
    message(FATAL_ERROR "OPSLEDGER_FUZZ needs clang: cmake --preset fuzz")
  endif()
  # clang 14 emits no valid object for a coroutine under -fsanitize=function.
  add_compile_options(-fsanitize=fuzzer-no-link -fno-sanitize=function)
endif()
