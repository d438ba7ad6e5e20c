"""Runs measuring commands and reads their `name: value unit` lines."""

import os
import pathlib
import re
import subprocess

ROOT = pathlib.Path(__file__).resolve().parents[2]
PEERS = pathlib.Path(os.environ["OPSLEDGER_PEERS"])
DATASETS = pathlib.Path(os.environ["OPSLEDGER_DATASETS"])
SCRATCH = pathlib.Path(os.environ["PEERS_DATA"])
BINARY = os.environ["OPSLEDGER_BINARY"]
BENCH = ROOT / "build" / "bench"

LINE = re.compile(r"^([\w.]+): ([-+\d.e]+) ?(\S*)")
SCALE = {"us": 1e-6, "ms": 1e-3, "s": 1.0}


def values(text):
    """{name: value} of every line of the form `name: value unit`; times in seconds."""
    found = {}
    for line in text.splitlines():
        match = LINE.match(line)
        if match:
            found[match[1]] = float(match[2]) * SCALE.get(match[3], 1.0)
    return found


def run(*command, env=None):
    """Runs one measuring command; its values. Fails loudly, with what it said."""
    done = subprocess.run([str(part) for part in command], capture_output=True, text=True,
                          stdin=subprocess.DEVNULL, timeout=1800,
                          env={**os.environ, **(env or {})})
    if done.returncode != 0:
        raise RuntimeError(f"{' '.join(map(str, command))} gave {done.returncode}:\n"
                           f"{done.stdout[-2000:]}{done.stderr[-2000:]}")
    return values(done.stdout)


def opsledger(*arguments):
    return run(BINARY, *arguments)


def peer_program(name, source, *libraries):
    """A benchmark of the peers, built as their own scripts build it."""
    script = f'. "{PEERS}/lib.sh"; build_cc {name} {source} {" ".join(libraries)}; echo "$BIN"'
    done = subprocess.run(["bash", "-c", script], capture_output=True, text=True, check=True)
    return pathlib.Path(done.stdout.strip()) / name


def rdb(mode, directory, **options):
    """RocksDB alone: what the disk and the library allow."""
    program = peer_program("rdb", "rdb.cpp", "-lrocksdb", "-lpthread")
    return run(program, mode, directory, *(f"{name}={value}" for name, value in options.items()))


def fdatasync_p50():
    """Seconds, of a 4 KiB append on the disk that is measured."""
    program = peer_program("yard", "yard.cpp", "-lcrypto", "-lpthread")
    found = run(program, "fsync", SCRATCH, 1)
    return next(value for name, value in found.items() if name.endswith("append_p50"))
