# Everything from Debian 12 packages (tools/ci/packages.txt), each wrapped once.
find_package(Threads REQUIRED)
find_package(Boost 1.81 REQUIRED COMPONENTS iostreams filesystem)
find_package(RocksDB REQUIRED)
find_package(OpenSSL 3 REQUIRED)
find_package(CURL REQUIRED)
find_package(spdlog REQUIRED)
find_package(CLI11 REQUIRED)
find_package(prometheus-cpp REQUIRED)
find_package(tomlplusplus REQUIRED)
find_package(date REQUIRED)
find_package(ICU REQUIRED COMPONENTS uc)
find_package(PkgConfig REQUIRED)
find_package(EXPAT REQUIRED)
pkg_check_modules(LIBZIP REQUIRED IMPORTED_TARGET libzip)
pkg_check_modules(XLSXWRITER REQUIRED IMPORTED_TARGET xlsxwriter)
pkg_check_modules(SODIUM REQUIRED IMPORTED_TARGET libsodium)
pkg_check_modules(MAGIC REQUIRED IMPORTED_TARGET libmagic)
pkg_check_modules(VIPS REQUIRED IMPORTED_TARGET vips)
pkg_check_modules(ZSTD REQUIRED IMPORTED_TARGET libzstd)
pkg_check_modules(RE2 REQUIRED re2)
if(OPSLEDGER_TESTS)
  find_package(GTest REQUIRED)
  find_package(benchmark REQUIRED)
  include(GoogleTest)
endif()

# Without the flags of its package file: they would make precompiled headers useless.
add_library(ops_re2 INTERFACE)
target_link_libraries(ops_re2 INTERFACE ${RE2_LINK_LIBRARIES})

# Debian ships Boost.JSON, Boost.URL, Boost.Asio and Boost.Beast as headers: each is compiled once.
add_library(ops_boost_json STATIC ${CMAKE_SOURCE_DIR}/tools/cmake/boost_json.cpp)
target_link_libraries(ops_boost_json PUBLIC Boost::headers)
add_library(ops_boost_url STATIC ${CMAKE_SOURCE_DIR}/tools/cmake/boost_url.cpp)
target_link_libraries(ops_boost_url PUBLIC Boost::headers)
add_library(ops_boost_net STATIC ${CMAKE_SOURCE_DIR}/tools/cmake/boost_net.cpp)
target_compile_definitions(ops_boost_net PUBLIC
  BOOST_ASIO_SEPARATE_COMPILATION BOOST_BEAST_SEPARATE_COMPILATION BOOST_ASIO_NO_DEPRECATED
  BOOST_ASIO_RECYCLING_ALLOCATOR_CACHE_SIZE=16)  # coroutine frames of a request, per thread
target_link_libraries(ops_boost_net PUBLIC Boost::headers Threads::Threads OpenSSL::SSL)
