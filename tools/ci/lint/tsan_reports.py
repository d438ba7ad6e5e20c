#!/usr/bin/env python3
"""Judges ThreadSanitizer's reports: which are ours, which are RocksDB's own.

Usage: tsan_reports.py FILE...     prints what is ours; exit 1 if there is any

Debian's RocksDB is not instrumented: its locks are seen, its atomics are not. So memory that it
publishes by an atomic alone looks raced for. A report is RocksDB's own when
  - both accesses were made by it: the innermost frame of either, those of the C and C++ libraries
    left out, lies in librocksdb; or
  - the memory is a block of its memtables (rocksdb::Arena), which we read, and never write.
What its threads do in our callbacks, and what we do with memory that we hand over, stays ours.
"""

import re
import sys

BAR = re.compile(r"^=+\n", re.MULTILINE)
FRAME = re.compile(r"^\s+#\d+ (?P<function>.*) \((?P<module>[^()]+?)(?:\+0x[0-9a-f]+)?\)"
                   r"(?: \(BuildId: [0-9a-f]+\))?$")
ACCESS = re.compile(r"^\s+(Previous )?(atomic )?(read|write) of size", re.IGNORECASE)
LIBRARIES = ("libtsan.so", "libstdc++.so", "libc.so")


def is_standard(function):
    """Whether a function is of namespace std, whatever its template arguments and result are."""
    name, before = function, None
    while name != before:
        name, before = re.sub(r"<[^<>]*>", "", name), name
    return name.split("(")[0].split(" ")[-1].startswith(("std::", "__gnu_cxx::"))


def sections(report):
    """The report's paragraphs: a heading and its frames."""
    for paragraph in re.split(r"\n\s*\n", report):
        lines = paragraph.strip("\n").split("\n")
        heading = next((i for i, line in enumerate(lines) if not FRAME.match(line)
                        and not line.startswith("WARNING")), None)
        if heading is not None:
            yield lines[heading], [m for m in map(FRAME.match, lines[heading + 1:]) if m]


def is_rocksdb(frame):
    return frame["module"].startswith("librocksdb.so")


def made_by_rocksdb(frames):
    for frame in frames:
        if is_rocksdb(frame):
            return True
        if not frame["module"].startswith(LIBRARIES) and not is_standard(frame["function"]):
            return False
    return False


def is_rocksdbs_own(report):
    parts = list(sections(report))
    accesses = [frames for heading, frames in parts if ACCESS.match(heading)]
    memory = [frames for heading, frames in parts if heading.strip().startswith("Location is heap")]
    in_arena = any("rocksdb::Arena::" in frame["function"] for frames in memory
                   for frame in frames[:2])
    return in_arena or (len(accesses) == 2 and all(map(made_by_rocksdb, accesses)))


def ours(text):
    return [report for report in BAR.split(text)
            if "WARNING: ThreadSanitizer" in report and not is_rocksdbs_own(report)]


def main(paths):
    found = 0
    for path in paths:
        with open(path, errors="replace") as file:
            for report in ours(file.read()):
                found += 1
                print(f"{path}:\n{report}")
    print(f"{found} reports are ours")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
