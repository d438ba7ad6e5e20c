#!/usr/bin/env bash
# The one gate for style: format, layers, house rules, self-contained headers, the ABI's golden
# file, clang-tidy. Usage: tools/ci/check.sh [-f] [--tidy-all]
#   -f          formats the files instead of only saying which differ
#   --tidy-all  clang-tidy over every file (slow); default: files changed since the main branch
set -uo pipefail
cd "$(dirname "$0")/../.."

fix=0 tidy_all=0
for argument in "$@"; do
  case $argument in
    -f) fix=1 ;;
    --tidy-all) tidy_all=1 ;;
    *) sed -n '2,6p' "$0" >&2; exit 2 ;;
  esac
done

failed=()
run() { # run NAME COMMAND...
  local name=$1 began=$SECONDS
  shift
  if "$@"; then
    echo "ok   $name ($((SECONDS - began)) s)"
  else
    echo "FAIL $name ($((SECONDS - began)) s)"
    failed+=("$name")
  fi
}

our_code() { python3 -B -c '
import sys; sys.path.insert(0, "tools/ci/lint")
import files; print("\n".join(files.code_files()))'; }

check_format() {
  local format
  format=$(command -v clang-format-14) || { echo "clang-format-14 is missing: apt-get install it"; return 1; }
  if ((fix)); then
    our_code | xargs -r "$format" -i --style=file
  else
    our_code | xargs -r "$format" --dry-run -Werror --style=file 2>&1 |
      sed -n 's/\(.*\): error: .*/\1/p' | cut -d: -f1 | sort | uniq -c |
      awk '{print "  " $2 ": " $1 " places; run tools/ci/check.sh -f"; bad = 1} END {exit bad}'
  fi
}

check_abi() {
  [[ -d build/tests ]] || { echo "  build first: tools/ci/build release"; return 1; }
  local log
  log=$(ctest --test-dir build -R 'Abi.*[Gg]olden|Golden.*Abi' --no-tests=error 2>&1) ||
    { echo "$log" | tail -20; return 1; }
}

tidy_can_fail() { # a use after move must be found
  local unit
  unit=$(mktemp --suffix=.cpp)
  printf '#include <string>\n#include <utility>\nstd::string f(std::string a) {\n%s\n}\n' \
    '  std::string b = std::move(a); return a + b;' >"$unit"
  ! clang-tidy-14 --config-file=.clang-tidy --quiet "$unit" -- -std=c++20 >/dev/null 2>&1
  local found=$?
  rm -f "$unit"
  command -v clang-tidy-14 >/dev/null && return "$found"
}

check_tidy() {
  local base changed
  base=$(git merge-base HEAD origin/main 2>/dev/null || true)
  # A fresh clone is its own main: look at the last commits instead of at nothing.
  if [[ -z $base || $base == $(git rev-parse HEAD) ]]; then
    base=$(git rev-list --first-parent --max-count=20 HEAD | tail -1)
  fi
  tidy_can_fail || { echo "  clang-tidy-14 is missing or finds nothing"; return 1; }
  changed=$(our_code | grep -E '^(kernel|storage|tools)/.*\.cpp$' || true)
  if ((!tidy_all)) && [[ -n $base ]]; then
    changed=$(comm -12 <(sort <<<"$changed") \
      <({ git diff --name-only "$base"; git ls-files -o --exclude-standard; } | sort -u))
  fi
  changed=$(grep -vE '^tools/cmake/' <<<"$changed" | head -n "${OPSLEDGER_TIDY_FILES_MAX:-40}")
  [[ -n $changed ]] || return 0
  # clang knows neither GCC's precompiled header nor its flags; leave them out.
  python3 -B tools/ci/lint/tidy_database.py build/compile_commands.json build/tidy || return 1
  xargs -P "$(nproc)" -n 4 clang-tidy-14 -p build/tidy --quiet <<<"$changed" 2>/dev/null
}

run "lints can fail (self-test)" python3 -B tools/ci/lint/selftest.py -b 2>/dev/null
run "format" check_format
run "layers" python3 -B tools/ci/lint/layers.py
run "house rules" python3 -B tools/ci/lint/tidy.py
run "self-contained headers" python3 -B tools/ci/lint/headers.py
run "ABI golden file" check_abi
run "clang-tidy" check_tidy

if ((${#failed[@]})); then
  echo "failed: ${failed[*]}" >&2
  exit 1
fi
