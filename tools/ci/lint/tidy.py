#!/usr/bin/env python3
"""House rules that a compiler does not check: sizes, forbidden words, where main, clocks and
randomness may be. Exit 1 and one line per offence."""

import re
import sys

from files import ROOT, code_files

FILE_LINES_MAX = 600
TEST_LINES_MAX = 900
LINE_COLUMNS_MAX = 100
FUNCTION_LINES_MAX = 70

# pattern, message, path prefixes where it is allowed. Looked for in code without comments and
# string contents.
RULES = [
    (re.compile(r"\bstd::regex\b|#\s*include\s*<regex>"), "std::regex is slow and unbounded; use RE2", ()),
    (re.compile(r"(?<![\w:])new\s+(?!\()[A-Za-z_:]"), "raw new; use make_unique or make_shared",
     ("sdk/",)),
    (re.compile(r"(?<!operator )(?:(?<![\w=] )(?<!= )\bdelete\s+[A-Za-z_*(]|\bdelete\[\])"),
     "raw delete; let an owner do it", ("sdk/",)),
    (re.compile(r"\bsystem_clock::now\b|\bgettimeofday\b|\btime\(nullptr\)|\bCLOCK_REALTIME\b"),
     "wall clock; take a Clock through the constructor",
     ("kernel/app/", "tools/cli/", "tests/")),
    (re.compile(r"\bstd::random_device\b|\bgetrandom\(|\brand\(\)|\brandombytes_buf\b"),
     "randomness; take it through the constructor",
     ("kernel/app/", "kernel/keystore/", "storage/core/random_bytes", "tools/cli/", "tests/")),
    (re.compile(r"^\s*int\s+main\s*\(", re.M), "main belongs to tools/cli", ("tools/cli/", "tests/")),
    (re.compile(r"\bgetenv\s*\("), "the environment is read by kernel/config and tools/cli",
     ("kernel/config/", "kernel/app/", "tools/cli/", "tests/")),
    (re.compile(r"\busing\s+namespace\s+std\b"), "using namespace std", ()),
]
# Looked for in the raw text, comments included.
WORDS = [(re.compile(r"\b(TODO|FIXME|XXX|HACK)\b"), "unfinished work: do it or leave it out")]


OWNED_AT_ONCE = re.compile(r"_ptr<[^;{}]*\(\s*\Z")


def lines_of_raw_strings(text):
    """Line numbers that a raw string literal touches: their contents cannot be broken."""
    numbers = set()
    for match in re.finditer(r'R"([^()\s\\]{0,16})\(.*?\)\1"', text, re.S):
        first = text.count("\n", 0, match.start()) + 1
        numbers.update(range(first, first + match.group(0).count("\n") + 1))
    return numbers


def strip_comments_and_strings(text):
    """Blanks comments and the contents of literals; keeps every newline and column."""
    token = re.compile(
        r'R"(?P<d>[^()\s\\]{0,16})\(.*?\)(?P=d)"'
        r'|"(?:\\.|[^"\\\n])*"|(?<![0-9a-fA-F])\'(?:\\.|[^\'\\\n])+\''
        r"|//[^\n]*|/\*.*?\*/", re.S)
    return token.sub(lambda m: re.sub(r"[^\n]", " ", m.group(0)), text)


def long_functions(code):
    """Yields (line, length) of function bodies that are too long. A body is a `{` at the end of a
    line that holds `)` and is no namespace, class or initialiser; its end is the matching `}`."""
    opener = re.compile(r"\)[^;{}=]*\{[ \t]*$", re.M)
    position = 0
    while match := opener.search(code, position):
        brace, depth, end = match.end() - 1, 0, None
        for end in range(code.index("{", brace - 1 if code[brace] != "{" else brace), len(code)):
            depth += {"{": 1, "}": -1}.get(code[end], 0)
            if depth == 0:
                break
        first = code.count("\n", 0, match.start()) + 1
        length = code.count("\n", 0, end) + 2 - first
        if length > FUNCTION_LINES_MAX:
            yield first, length
        position = max(end or 0, match.end())


def offences_in(path, text):
    """Yields one message per offence of one file."""
    lines = text.splitlines()
    raw = lines_of_raw_strings(text)
    is_test = path.startswith("tests/")
    maximum = TEST_LINES_MAX if is_test else FILE_LINES_MAX
    if len(lines) > maximum:
        yield f"{path}: {len(lines)} lines, at most {maximum}; split it by phase or noun"
    for number, line in enumerate(lines, 1):
        if len(line) > LINE_COLUMNS_MAX and "http" not in line and number not in raw:
            yield f"{path}:{number}: {len(line)} columns, at most {LINE_COLUMNS_MAX}"
        for pattern, message in WORDS:
            if pattern.search(line):
                yield f"{path}:{number}: {message}"
    code = strip_comments_and_strings(text)
    for pattern, message, allowed in RULES:
        if path.startswith(tuple(allowed)):
            continue
        for match in pattern.finditer(code):
            if OWNED_AT_ONCE.search(code, 0, match.start()):
                continue  # `unique_ptr<T> x(new T(...))`: a private constructor's way in
            yield f"{path}:{code.count(chr(10), 0, match.start()) + 1}: {message}"
    for line, length in long_functions(code):
        yield f"{path}:{line}: function of {length} lines, at most {FUNCTION_LINES_MAX}"


def main():
    found = [offence for path in code_files()
             for offence in offences_in(path, (ROOT / path).read_text())]
    print("\n".join(found), file=sys.stderr, end="\n" if found else "")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
