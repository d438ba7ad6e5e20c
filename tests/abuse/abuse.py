"""A server under abuse: somebody polite beside the abuser, memory watched, everything back after.

OPSLEDGER_ABUSE_SCALE=1 is the full campaign, the default a tenth of it.
"""

import contextlib
import os
import pathlib
import random
import resource
import socket
import sys
import threading
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "e2e"))

from harness import Case  # noqa: E402
from wire import Wire, encode  # noqa: E402, F401

SCALE = float(os.environ.get("OPSLEDGER_ABUSE_SCALE", "0.1"))
SEED = int(os.environ.get("OPSLEDGER_SEED", str(random.randrange(1 << 30))))

ANSWER_SECONDS_MAX = 10.0     # no polite request waits longer, however busy the machine
ANSWER_P99_SECONDS_MAX = 2.0  # and hardly any so long
POLITE_MIN = 20               # polite requests beside every attack
RETURN_SECONDS = 30.0         # after the abuse connections and memory are back by then
RETURN_MB = 48                # of memory may stay with allocator and caches, unless a test says


def scaled(count):
    return max(1, int(count * SCALE))


def raise_file_limit(wanted):
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, min(hard, wanted)), hard))
    return resource.getrlimit(resource.RLIMIT_NOFILE)[0]


class Polite(threading.Thread):
    """Asks one thing at a time, as a well-behaved client would. All answers must be good."""

    def __init__(self, port):
        super().__init__(daemon=True)
        self.wire = Wire(port, timeout=ANSWER_SECONDS_MAX * 2)
        self.stopping = threading.Event()
        self.seconds, self.complaints, self.busy = [], [], 0
        self.number = 0

    def run(self):
        while not self.stopping.wait(0.01):
            self.number += 1
            begun = time.monotonic()
            try:
                self.look_at(*self.ask())
            except OSError as error:
                self.complaints.append(repr(error))
            self.seconds.append(time.monotonic() - begun)

    def ask(self):
        kind = self.number % 4
        if kind == 0:
            return "ready", self.wire.request("GET", "/readyz"), 200
        if kind == 1:
            return "read", self.wire.request("GET", "/v1/events?limit=10"), 200
        if kind == 2:
            return "table", self.wire.request("GET", "/v1/tables/incident.open?limit=10"), 200
        event = {"type": "polite.note", "tags": ["polite:1"], "data": {"number": self.number}}
        return "append", self.wire.request("POST", "/v1/events", {"events": [event]}), 201

    def look_at(self, what, answer, good):
        if answer.status == 503 and what != "ready" and "retry-after" in answer.headers:
            self.busy += 1
        elif answer.status != good:
            self.complaints.append(f"{what}: {answer.status} {answer.body[:200]!r}")


class Watch(threading.Thread):
    """The server's highest resident memory."""

    def __init__(self, pid):
        super().__init__(daemon=True)
        self.pid, self.stopping, self.peak = pid, threading.Event(), 0

    def now(self):
        with open(f"/proc/{self.pid}/status") as status:
            return next(int(line.split()[1]) / 1024 for line in status
                        if line.startswith("VmRSS"))

    def run(self):
        while not self.stopping.wait(0.02):
            self.peak = max(self.peak, self.now())


class AbuseCase(Case):
    """`with self.abuse(...)` around what the abuser does."""

    @classmethod
    def setUpClass(cls):
        print(f"OPSLEDGER_SEED={SEED} OPSLEDGER_ABUSE_SCALE={SCALE}", flush=True)

    def setUp(self):
        super().setUp()
        self.dice = random.Random(f"{SEED}/{self.id()}")
        self.sockets = []
        self.addCleanup(self.close_all)

    def start(self, **settings):
        words = [word for name, value in settings.items()
                 for word in ("--set", f"server.{name}={value}")]
        self.server = self.serve(*words)
        self.port = int(self.server.url.rsplit(":", 1)[1])
        self.wire = Wire(self.port)
        self.addCleanup(self.wire.close)
        self.wire.get("/v1/events?limit=10")  # what every server allocates once
        self.server.append({"type": "polite.note", "tags": [], "data": {}})

    def connect(self, receive_bytes=None, timeout=20):
        sock = socket.socket()
        if receive_bytes:
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_bytes)
        sock.settimeout(timeout)
        sock.connect(("127.0.0.1", self.port))
        self.sockets.append(sock)
        return sock

    def close_all(self):
        for sock in self.sockets:
            sock.close()
        self.sockets.clear()

    def metric(self, name):
        wire = Wire(self.port)  # one that sat idle meanwhile may have been closed
        text = wire.request("GET", "/metrics").body.decode()
        wire.close()
        return sum(float(line.rsplit(" ", 1)[1]) for line in text.splitlines()
                   if line.startswith(name + " ") or line.startswith(name + "{"))

    @contextlib.contextmanager
    def abuse(self, growth_mb_max, return_mb=RETURN_MB):
        watch = self.watch = Watch(self.server.process.pid)
        before = watch.now()
        polite = Polite(self.port)
        for thread in (watch, polite):
            thread.start()
        try:
            yield polite
            until = time.monotonic() + ANSWER_SECONDS_MAX
            while len(polite.seconds) < POLITE_MIN and time.monotonic() < until:
                time.sleep(0.01)
        finally:
            for thread in (polite, watch):
                thread.stopping.set()
                thread.join(60)
        polite.wire.close()
        self.close_all()
        self.assertEqual(polite.complaints[:5], [])
        self.assertGreaterEqual(len(polite.seconds), POLITE_MIN)
        ordered = sorted(polite.seconds)
        p99 = ordered[int(len(ordered) * 0.99)]
        self.wait_until_back(before + return_mb)
        print(f"campaign: abuse.{self.id().split('test_')[-1]} seed={SEED} "
              f"rounds={len(polite.seconds)} findings=0 scale={SCALE} "
              f"polite_p99_ms={p99 * 1e3:.1f} polite_max_ms={ordered[-1] * 1e3:.1f} "
              f"busy={polite.busy} rss_before_mb={before:.0f} rss_peak_mb={watch.peak:.0f} "
              f"rss_after_mb={watch.now():.0f} bound_mb={growth_mb_max}", flush=True)
        self.assertLess(ordered[-1], ANSWER_SECONDS_MAX)
        self.assertLess(p99, ANSWER_P99_SECONDS_MAX)
        self.assertLess(watch.peak - before, growth_mb_max)

    def wait_until_back(self, memory_mb_max):
        self.wire.close()
        until = time.monotonic() + RETURN_SECONDS
        while time.monotonic() < until:
            connections = self.metric("opsledger_http_connections")
            if connections <= 1 and self.watch.now() < memory_mb_max:
                return
            time.sleep(0.1)
        self.fail(f"{connections:.0f} connections are open, memory is {self.watch.now():.0f} MB, "
                  f"{memory_mb_max:.0f} are allowed")


def read_all(sock, seconds=40):
    """Everything until the peer closes (or resets); not for ever."""
    data, until = b"", time.monotonic() + seconds
    try:
        while time.monotonic() < until and (part := sock.recv(65536)):
            data += part
    except OSError:
        pass
    return data


def statuses(data):
    """The status codes of all answers in `data`."""
    return [int(line.split(b" ")[1]) for line in data.split(b"\r\n")
            if line.startswith(b"HTTP/1.1 ")]


def push(sock, data):
    """Sends what the peer takes; the number of bytes."""
    sent = 0
    try:
        while sent < len(data):
            sent += sock.send(data[sent:sent + 65536])
    except OSError:
        pass
    return sent


def reset(sock):
    """Closes with RST."""
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
    sock.close()
