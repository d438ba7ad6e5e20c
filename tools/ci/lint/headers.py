#!/usr/bin/env python3
"""Checks that every header outside tests/ compiles alone. Each is included twice (its guard) in a unit of its
own, syntax only, one compiler per core; a stamp per header (its text and what it includes) skips
those that have not changed since they last passed."""

import concurrent.futures
import hashlib
import json
import os
import re
import subprocess
import sys
import tempfile

from files import ROOT, code_files

STAMPS = ROOT / "build" / "header-stamps.json"
INCLUDE = re.compile(r'^\s*#\s*include\s+["<]([^">]+)[">]', re.M)
FOLDERS = (ROOT, ROOT / "sdk/include")


def include_flags():
    """-I and -D flags as CMake gave them to real units (third-party folders included), and the path
    that a plugin's tests are given."""
    flags = set()
    database = ROOT / "build/compile_commands.json"
    if database.exists():
        for entry in json.loads(database.read_text()):
            words = entry["command"].split()
            for index, word in enumerate(words):
                if word.startswith(("-I", "-DBOOST", "-DFMT", "-DSPDLOG")):
                    flags.add(word)
                elif word == "-isystem":
                    flags.add("-isystem" + words[index + 1])
    return sorted(flags | {f"-I{ROOT}", f"-I{ROOT}/sdk/include", '-DOPS_PLUGIN_PATH=""'})


def fingerprint(path, known):
    """Hash of a header's text and of everything of ours that it includes."""
    if path in known:
        return known[path]
    known[path] = ""
    text = (ROOT / path).read_text()
    digest = hashlib.sha256(text.encode())
    for target in INCLUDE.findall(text):
        for folder in FOLDERS:
            full = folder / target
            if full.is_file():
                digest.update(fingerprint(str(full.relative_to(ROOT)), known).encode())
    known[path] = digest.hexdigest()
    return known[path]


def compile_alone(path, flags, root=ROOT):
    """None, or the compiler's words."""
    language = ["-x", "c", "-std=c99"] if path.endswith(".h") else ["-x", "c++", "-std=c++20"]
    compiler = "gcc" if path.endswith(".h") else "g++"
    with tempfile.NamedTemporaryFile("w", suffix=".cpp") as unit:
        unit.write(f'#include "{root / path}"\n#include "{root / path}"\n')
        unit.flush()
        run = subprocess.run([compiler, *language, "-fsyntax-only", "-w", *flags, unit.name],
                             capture_output=True, text=True)
    if run.returncode:
        first = [line for line in run.stderr.splitlines() if "error" in line][:3]
        return f"{path}: does not compile alone:\n  " + "\n  ".join(first or [run.stderr[:300]])
    return None


def main():
    headers = [path for path in code_files()
               if path.endswith((".hpp", ".h")) and not path.startswith("tests/")]
    stamps = json.loads(STAMPS.read_text()) if STAMPS.exists() else {}
    known = {}
    due = [path for path in headers if stamps.get(path) != fingerprint(path, known)]
    flags = include_flags()
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        results = dict(zip(due, pool.map(lambda path: compile_alone(path, flags), due)))
    for path, message in results.items():
        if message:
            print(message, file=sys.stderr)
        else:
            stamps[path] = fingerprint(path, known)
    STAMPS.parent.mkdir(exist_ok=True)
    STAMPS.write_text(json.dumps(stamps, indent=0, sort_keys=True))
    return 1 if any(results.values()) else 0


if __name__ == "__main__":
    sys.exit(main())
