"""Concurrent clients over HTTP see one log: linearizable with respect to conditions.

    OPSLEDGER_LINEAR_SECONDS=120 OPSLEDGER_SEED=1 OPSLEDGER_BINARY=build/bin/opsledger \\
        python3 -B tests/linear/linear_test.py

Meanwhile the server is killed and restarted. OPSLEDGER_LINEAR_KEEP names a file for the history
of a run with findings.
"""

import collections
import json
import multiprocessing
import os
import pathlib
import pickle
import random
import signal
import sys
import time
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "e2e"))

from harness import Case, Server, free_port, run  # noqa: E402
from history import Event, Log, check  # noqa: E402
from load import run_clients  # noqa: E402

SECONDS = float(os.environ.get("OPSLEDGER_LINEAR_SECONDS", "4"))
SEED = int(os.environ.get("OPSLEDGER_SEED", str(random.randrange(1 << 30))))
PROCESSES = 2
CLIENTS = 8  # per process
RESTART_SECONDS = (1.0, 6.0)


class Linear(Case):
    def test_histories_with_kills_are_linearizable(self):
        print(f"OPSLEDGER_SEED={SEED} OPSLEDGER_LINEAR_SECONDS={SECONDS}", flush=True)
        ops, findings, kills = self.load()
        log, raised = self.final_log()
        findings += check(ops, log)
        findings += [f"{name} was raised {times} times" for name, times in raised.items()
                     if times > 1]
        findings += ["misused key left an event" for tag in log.by_tag if tag == "misuse:1"]
        results = collections.Counter(op.result if op.kind == "append" else op.kind for op in ops)
        print(f"campaign: linear seed={SEED} rounds={len(ops)} findings={len(findings)} "
              f"seconds={SECONDS:.0f} kills={kills} " +
              " ".join(f"{name}={count}" for name, count in sorted(results.items())), flush=True)
        if findings and "OPSLEDGER_LINEAR_KEEP" in os.environ:
            pathlib.Path(os.environ["OPSLEDGER_LINEAR_KEEP"]).write_bytes(
                pickle.dumps((ops, log.events)))
        self.assertEqual(findings[:20], [])
        rare = ("unknown", "never") if len(ops) > 5000 else ()
        for needed in ("ok", "conflict", "read", *rare):
            self.assertGreater(results[needed], 0, needed)

    def load(self):
        dice = random.Random(SEED)
        port = free_port()
        listen = f"127.0.0.1:{port}"
        server = Server(self.data, listen=listen)
        stop_at = time.monotonic() + SECONDS
        with multiprocessing.Pool(PROCESSES) as pool:
            running = pool.starmap_async(
                run_clients, [(p, SEED, port, stop_at, CLIENTS) for p in range(PROCESSES)])
            kills = 0
            while (wait := dice.uniform(*RESTART_SECONDS)) < stop_at - time.monotonic() - 0.5:
                time.sleep(wait)
                kills += 1
                server.stop(dice.choice((signal.SIGKILL, signal.SIGKILL, signal.SIGTERM)))
                server = Server(self.data, listen=listen)
            parts = running.get(SECONDS + 300)
        server.stop()
        return [op for ops, _ in parts for op in ops], [f for _, fs in parts for f in fs], kills

    def final_log(self):
        run("verify", "--data", self.data)
        events, raised = [], collections.Counter()
        for line in run("read", "--data", self.data).splitlines():
            event = json.loads(line)
            self.assertEqual(int(event["position"]), len(events) + 1)
            tags = frozenset(event.get("tags", "").split(",")) - {""}
            counted = event["type"] == "counter.set"
            events.append(Event(tags, event["data"]["op"] if counted else None))
            if event["type"] == "incident.raised":
                raised[event["data"]["incident"]] += 1
        return Log(events), raised


if __name__ == "__main__":
    unittest.main()
