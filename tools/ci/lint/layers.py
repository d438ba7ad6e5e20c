#!/usr/bin/env python3
"""Checks every #include against tools/ci/layers.json: who may see whom, and where third-party
headers may appear. Exit 1 and one line per offence."""

import json
import re
import sys

from files import ROOT, code_files

INCLUDE = re.compile(r'^\s*#\s*include\s+(["<])([^">]+)[">]', re.M)
# A path inside the project, seen from its root.
OURS = re.compile(r"^(kernel|plugins|sdk|storage|tests|tools)/")


def component_of(path, components):
    """The longest component that is `path` or a folder above it."""
    parts = path.split("/")
    for end in range(len(parts), 0, -1):
        name = "/".join(parts[:end])
        if name in components:
            return name
    return None


def allowed(target, owner, rules):
    if owner == component_of(target, {owner: 1}):
        return True
    for rule in rules:
        if rule == "*" or target == rule or target.startswith(rule.removesuffix("*").rstrip("/") + "/"):
            return True
    return False


def offences_in(path, text, table):
    """Yields one message per forbidden include of one file."""
    owner = component_of(path, table["components"])
    if owner is None:
        yield f"{path}: belongs to no component of tools/ci/layers.json; add it there"
        return
    for match in INCLUDE.finditer(text):
        target = match.group(2)
        line = text.count("\n", 0, match.start()) + 1
        if OURS.match(target):
            if not allowed(target, owner, table["components"][owner]):
                yield (f"{path}:{line}: {owner} may not include {target}; "
                       f"allowed: {', '.join(table['components'][owner]) or 'nothing of ours'}")
        elif target.startswith("opsledger/"):
            # The installed SDK's headers: <opsledger/...>
            own = ("sdk", "plugins", "tests", "kernel/plugin")
            if owner not in own and "sdk" not in table["components"][owner]:
                yield f"{path}:{line}: {owner} may not include the SDK ({target})"
        for prefix, homes in table["confined"].items():
            if target.startswith(prefix) and owner != "tests" and not any(
                    path.startswith(home + "/") for home in homes):
                yield f"{path}:{line}: {prefix} is confined to {', '.join(homes)}"


def main():
    table = json.loads((ROOT / "tools/ci/layers.json").read_text())
    found = [offence for path in code_files()
             for offence in offences_in(path, (ROOT / path).read_text(), table)]
    print("\n".join(found), file=sys.stderr, end="\n" if found else "")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
