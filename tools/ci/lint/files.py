"""Which files of the project the lints look at."""

import pathlib
import subprocess

ROOT = pathlib.Path(__file__).resolve().parents[3]
CODE = (".hpp", ".cpp", ".h", ".c")
TOPS = ("kernel/", "plugins/", "sdk/", "storage/", "tests/", "tools/")


def code_files(root=ROOT):
    """Project-relative paths of all C and C++ sources: tracked, or new and not ignored."""
    listed = subprocess.run(
        ["git", "-C", str(root), "ls-files", "-co", "--exclude-standard"],
        check=True, capture_output=True, text=True).stdout.splitlines()
    return sorted(path for path in set(listed)
                  if path.endswith(CODE) and path.startswith(TOPS) and (root / path).is_file())
