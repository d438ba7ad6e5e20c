#!/usr/bin/env python3
"""Shows that each lint can fail: one offence of each kind must be found, and clean text passed."""

import pathlib
import tempfile
import unittest

import headers
import layers
import tidy
import tsan_reports

TABLE = {
    "components": {"storage/base": [], "storage/api": ["storage/base"], "kernel/app": ["*"],
                   "tools/cli": ["kernel/*"], "plugins": ["sdk"], "tests": ["*"]},
    "confined": {"rocksdb/": ["storage/rocksdb"], "boost/dll": ["kernel/plugin"]},
}


def layer_offences(path, text):
    return list(layers.offences_in(path, text, TABLE))


def tidy_offences(text, path="kernel/query/a.cpp"):
    return list(tidy.offences_in(path, text))


class Layers(unittest.TestCase):
    def test_finds_an_include_of_a_higher_layer(self):
        self.assertTrue(layer_offences("storage/api/a.hpp", '#include "kernel/app/app.hpp"\n'))

    def test_finds_a_third_party_header_outside_its_home(self):
        self.assertTrue(layer_offences("kernel/app/a.cpp", "#include <rocksdb/db.h>\n"))

    def test_finds_a_plugin_that_includes_the_kernel(self):
        self.assertTrue(layer_offences("plugins/order/a.cpp", '#include "storage/base/types.hpp"\n'))

    def test_finds_a_file_without_component(self):
        self.assertTrue(layer_offences("kernel/unheard/a.cpp", ""))

    def test_a_prefix_of_a_name_is_not_the_name(self):
        self.assertTrue(layer_offences("storage/api/a.hpp", '#include "storage/base2/a.hpp"\n'))

    def test_passes_what_is_allowed(self):
        self.assertFalse(layer_offences("storage/api/a.hpp", '#include "storage/base/types.hpp"\n'))
        self.assertFalse(layer_offences("tools/cli/a.cpp", '#include "kernel/http/server.hpp"\n'))


class Tidy(unittest.TestCase):
    def test_finds_each_forbidden_word(self):
        for text in ("#include <regex>\n", "auto p = new Thing(1);\n", "delete p;\n",
                     "auto t = std::chrono::system_clock::now();\n", "std::random_device d;\n",
                     "int main() {\n}\n", "// TODO later\n", "auto e = getenv(name);\n",
                     "using namespace std;\n"):
            self.assertEqual(len(tidy_offences(text)), 1, text)

    def test_finds_long_lines_files_and_functions(self):
        self.assertTrue(tidy_offences("x" * 101 + "\n"))
        self.assertTrue(tidy_offences("int x;\n" * 601))
        self.assertFalse(tidy_offences("int x;\n" * 601, "tests/query/a.cpp"))
        self.assertTrue(tidy_offences("void f(int a) {\n" + "  g();\n" * 70 + "}\n"))
        self.assertFalse(tidy_offences("void f(int a) {\n" + "  g();\n" * 60 + "}\n"))

    def test_passes_words_in_comments_literals_and_deleted_functions(self):
        self.assertFalse(tidy_offences('// a new thing\nauto s = "delete it";\nF(F&&) = delete;\n'
                                       'void operator delete[](void* p) noexcept {}\n'))
        self.assertFalse(tidy_offences("auto p = new (buffer) Thing;\n"))

    def test_allows_clocks_where_they_belong(self):
        text = "auto t = std::chrono::system_clock::now();\n"
        self.assertFalse(tidy_offences(text, "kernel/app/clock.cpp"))


class Headers(unittest.TestCase):
    def check(self, text):
        with tempfile.TemporaryDirectory() as folder:
            (pathlib.Path(folder) / "a.hpp").write_text(text)
            return headers.compile_alone("a.hpp", [], pathlib.Path(folder))

    def test_finds_a_missing_include(self):
        self.assertIn("does not compile alone", self.check("#pragma once\nstd::string f();\n") or "")

    def test_finds_a_missing_guard(self):
        self.assertTrue(self.check("struct A {};\n"))

    def test_passes_a_header_that_stands_alone(self):
        self.assertIsNone(self.check("#pragma once\n#include <string>\nstd::string f();\n"))


def race(read, write, allocated="#0 malloc <null> (libtsan.so.2+0x1)"):
    return (f"==================\nWARNING: ThreadSanitizer: data race (pid=1)\n"
            f"  Read of size 1 at 0x1 by thread T1:\n    {read}\n\n"
            f"  Previous write of size 1 at 0x1 by thread T2:\n    {write}\n\n"
            f"  Location is heap block of size 8 at 0x1 allocated by thread T2:\n    {allocated}\n"
            f"==================\n")


class TsanReports(unittest.TestCase):
    OURS = "#0 opsledger::f() /w/storage/a.cpp:1 (test+0x1)"
    ROCKS = ("#0 memcpy ../interceptors.inc:8 (libtsan.so.2+0x1)\n"
             "    #1 std::char_traits<char>::copy(char*, char const*) /c.h:4 (test+0x2)\n"
             "    #2 <null> <null> (librocksdb.so.7.8+0x7)\n    #3 opsledger::g() /w/b:1 (test+0x3)")
    CALLBACK = f"{OURS}\n    #1 rocksdb::DB::Write() <null> (librocksdb.so.7.8+0x7)"
    ARENA = ("#0 operator new[](unsigned long) ../n.cpp:7 (libtsan.so.2+0x8)\n"
             "    #1 rocksdb::Arena::AllocateNewBlock(unsigned long) <null> (librocksdb.so.7.8+0x5)")

    def test_finds_a_race_of_ours(self):
        self.assertTrue(tsan_reports.ours(race(self.OURS, self.OURS)))

    def test_finds_a_race_with_what_was_handed_to_rocksdb(self):
        self.assertTrue(tsan_reports.ours(race(self.ROCKS, self.OURS)))

    def test_finds_a_race_in_a_callback(self):
        self.assertTrue(tsan_reports.ours(race(self.CALLBACK, self.CALLBACK)))

    def test_leaves_what_rocksdb_does_on_both_sides(self):
        self.assertFalse(tsan_reports.ours(race(self.ROCKS, self.ROCKS)))

    def test_leaves_bytes_of_a_memtable_whose_writer_is_forgotten(self):
        lost = "[failed to restore the stack]"
        self.assertTrue(tsan_reports.ours(race(self.OURS, lost)))
        self.assertFalse(tsan_reports.ours(race(self.OURS, lost, self.ARENA)))


if __name__ == "__main__":
    unittest.main()
