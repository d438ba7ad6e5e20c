#!/usr/bin/env python3
"""Writes a compile_commands.json that clang understands: without GCC's precompiled headers, its
own flags and the compiler launcher. Usage: tidy_database.py INPUT FOLDER"""

import json
import pathlib
import sys


def for_clang(command):
    words = command.split()
    start = next(i for i, word in enumerate(words) if word.endswith(("g++", "c++", "gcc", "cc")))
    kept, skip = ["clang++-14"], 0
    for index, word in enumerate(words[start + 1:], start + 1):
        if skip:
            skip -= 1
        elif word == "-include" and "cmake_pch" in words[index + 1]:
            skip = 1
        elif word not in ("-fpch-preprocess", "-Winvalid-pch"):
            kept.append(word)
    return " ".join(kept)


def main():
    entries = json.loads(pathlib.Path(sys.argv[1]).read_text())
    for entry in entries:
        entry["command"] = for_clang(entry["command"])
    folder = pathlib.Path(sys.argv[2])
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "compile_commands.json").write_text(json.dumps(entries))


if __name__ == "__main__":
    main()
