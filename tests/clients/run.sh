#!/usr/bin/env bash
# Runs the client suite in a build folder: run.sh SOURCE_FOLDER BUILD_FOLDER. Exit 77 = skipped.
set -euo pipefail
source=$1 build=$2

skip() {
  echo "skipped: $1"
  exit 77
}

command -v npm >/dev/null || skip "npm is not installed (apt-get install npm)"
command -v node >/dev/null || skip "node is not installed"
node -e 'process.exit(Number(process.versions.node.split(".")[0]) >= 18 ? 0 : 1)' ||
  skip "node $(node --version) is older than 18"

mkdir -p "$build"
cp "$source"/*.mjs "$source"/package.json "$source"/package-lock.json "$source"/.npmrc "$build"
cd "$build"
if ! cmp -s package-lock.json node_modules/.installed; then
  npm ci --no-audit --no-fund --fetch-timeout=60000 --fetch-retries=1 >npm.log 2>&1 || {
    cat npm.log
    skip "the packages cannot be installed (see above)"
  }
  cp package-lock.json node_modules/.installed
fi
exec node --test
