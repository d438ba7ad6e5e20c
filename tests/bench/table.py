"""tools/bench: measures group by group, the peer and ours alternately, and prints the table."""

import argparse
import datetime
import os
import pathlib
import sys

import in_process
import over_http
from rows import markdown

RESULTS = pathlib.Path(__file__).with_name("README.md")
BEGIN, END = "<!-- rows -->\n", "<!-- end of rows -->\n"
GROUPS = {"append": in_process.append, "replay": in_process.replay, "tables": in_process.tables,
          "disk": in_process.disk, "http": over_http.http, "read": over_http.read,
          "stream": over_http.stream, "import": over_http.imports, "big": over_http.big}


def measured(names, options):
    """Every row of the groups; the passes go through all of a group before the next."""
    rows = []
    for name in names:
        data = [options.data] if name == "big" else []
        group_rows, measure = GROUPS[name](options.seconds, *data)
        for number in range(options.runs):
            print(f"{name}: run {number + 1} of {options.runs}, load {os.getloadavg()[0]:.1f}",
                  file=sys.stderr, flush=True)
            measure()
        print(markdown(group_rows), flush=True)
        rows += group_rows
    return rows


def update(rows):
    """Puts the rows into the README, and says when they were measured."""
    text = RESULTS.read_text()
    before, rest = text.split(BEGIN)
    stamp = f"Measured {datetime.date.today()}.\n\n"
    RESULTS.write_text(before + BEGIN + stamp + markdown(rows) + END + rest.split(END)[1])


def main():
    parser = argparse.ArgumentParser(prog="tools/bench")
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--seconds", type=float, default=2)
    parser.add_argument("--data", type=pathlib.Path)
    parser.add_argument("--update", action="store_true")
    parser.add_argument("groups", nargs="*", metavar="GROUP")
    options = parser.parse_args()
    names = options.groups or [name for name in GROUPS if name != "big"]
    unknown = [name for name in names if name not in GROUPS]
    if unknown:
        parser.error(f"no group {', '.join(unknown)}; there are {', '.join(GROUPS)}")
    if "big" in names and not options.data:
        parser.error("the group big needs --data DIR, a ledger made by `opsledger bench fill`")
    rows = measured(names, options)
    if options.update:
        update(rows)


if __name__ == "__main__":
    main()
