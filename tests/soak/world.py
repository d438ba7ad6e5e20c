"""What all actors of a soak share: the server, what it acknowledged, how long answers took."""

import collections
import json
import os
import pathlib
import random
import sys
import threading
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "e2e"))

from harness import Server  # noqa: E402
from wire import Cut, Refused, Wire  # noqa: E402

# Small caches, so that they are full long before the end and memory can be seen to be flat.
SETTINGS = ("storage.ledger_cache_bytes=16777216", "storage.tables_cache_bytes=16777216",
            "storage.tables_memtable_bytes_max=8388608", "server.stream_heartbeat_ms=2000",
            "command.cached_states_max=2000")
PAUSE_SECONDS = 3.0   # a tick of 0.5 s that took so long: the machine stopped us
SETTLE_SHARE = 0.01   # of the duration, at most 5 s: not measured after a pause or a restart


class World:
    """Thread safe. One server at a time on one data directory."""

    def __init__(self, out, seed, seconds):
        self.out, self.seed, self.seconds = pathlib.Path(out), seed, seconds
        self.data = self.out / "data"
        self.lock = threading.Lock()
        self.stopping = threading.Event()
        self.findings = []
        self.counts = collections.Counter()
        self.samples = []        # (when, kind, seconds)
        self.unquiet = []        # (from, to): pauses and restarts
        self.restarting = False
        self.acknowledged = open(self.out / "acknowledged.jsonl", "w")
        self.begun = time.monotonic()
        self.settle = min(5.0, SETTLE_SHARE * seconds)
        self.server = None
        self.start()

    def start(self):
        words = [word for setting in SETTINGS for word in ("--set", setting)]
        self.server = Server(self.data, *words)
        self.port = int(self.server.url.rsplit(":", 1)[1])

    def restart(self, how):
        begun = time.monotonic()
        self.restarting = True
        code = self.server.stop(how)
        if how.name == "SIGTERM" and code != 0:
            self.finding(f"a graceful stop gave exit code {code}")
        self.start()
        self.restarting = False
        self.count("restarts" if how.name == "SIGTERM" else "kills")
        self.unquiet.append((begun, time.monotonic() + self.settle))

    def elapsed(self):
        return time.monotonic() - self.begun

    def random(self, name):
        return random.Random(f"{self.seed}/{name}")

    def finding(self, text):
        with self.lock:
            if len(self.findings) < 100:
                self.findings.append(text)
                print("finding:", text, flush=True)

    def count(self, what, number=1):
        with self.lock:
            self.counts[what] += number

    def acknowledge(self, *facts):
        with self.lock:
            self.acknowledged.write(json.dumps(facts) + "\n")

    def measured(self, kind, begun, ended):
        with self.lock:
            self.samples.append((begun, kind, ended - begun))

    def resident_bytes(self):
        try:
            with open(f"/proc/{self.server.process.pid}/status") as status:
                return next(int(line.split()[1]) * 1024 for line in status
                            if line.startswith("VmRSS"))
        except (OSError, StopIteration):
            return 0

    def disk_bytes(self, part):
        total = 0
        for folder, _, files in os.walk(self.data / part):
            for name in files:
                try:
                    total += os.path.getsize(os.path.join(folder, name))
                except OSError:
                    pass  # compacted away meanwhile
        return total


class Caller:
    """One actor's connection. Repeats what was cut with its idempotency key until it is known."""

    def __init__(self, world):
        self.world, self.wire = world, None

    def call(self, kind, method, path, body=None, headers=()):
        """The answer, or None when the soak is over."""
        while not self.world.stopping.is_set():
            try:
                if self.wire is None or self.wire.port != self.world.port:
                    self.wire = Wire(self.world.port)
                begun = time.monotonic()
                answer = self.wire.request(method, path, body, headers)
                ended = time.monotonic()
            except (Cut, Refused):
                self.wire = None
                self.world.count("cut")
                self.world.stopping.wait(0.05)
                continue
            if answer.status == 503:
                self.world.count("503")
                if "retry-after" not in answer.headers:
                    self.world.finding(f"503 without Retry-After: {method} {path}")
                self.world.stopping.wait(0.2)
                continue
            if answer.status >= 500:
                self.world.finding(f"{answer.status} {method} {path}: {answer.body[:300]!r}")
            self.world.measured(kind, begun, ended)
            self.world.count(kind)
            return answer
        return None
