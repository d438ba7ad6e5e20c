"""kill -9 at random moments under load: what was acknowledged is there, positions are gapless,
conditions held, tables equal a rebuild. OPSLEDGER_KILLS and OPSLEDGER_SEED change the run."""

import json
import os
import random
import signal
import threading
import unittest

from harness import Case, Server, note, run

KILLS = int(os.environ.get("OPSLEDGER_KILLS", "20"))
SEED = int(os.environ.get("OPSLEDGER_SEED", str(random.randrange(1 << 30))))
WRITERS = 4


class Load:
    """Writers that append until the server is gone, each remembering what was acknowledged."""

    def __init__(self, server, round_):
        self.server, self.round = server, round_
        self.acknowledged = {}  # position -> text
        self.won = []           # names raised under a condition
        self.lock = threading.Lock()
        self.threads = [threading.Thread(target=self.write, args=(w,)) for w in range(WRITERS)]
        for thread in self.threads:
            thread.start()

    def write(self, writer):
        number = 0
        try:
            while True:
                number += 1
                text = f"{self.round}/{writer}/{number}"
                status, body = self.server.append(note(number % 7, text), note(number % 5, text))
                if status == 201:
                    with self.lock:
                        self.acknowledged[body["first"]] = text
                # All writers fight for one name: exactly one may win it.
                name = f"{self.round}-{number}"
                status, body = self.server.append(
                    {"type": "name.taken", "tags": [f"name:{name}"], "data": {"by": writer}},
                    condition={"query": {"items": [{"tags": [f"name:{name}"]}]}})
                if status == 201:
                    with self.lock:
                        self.won.append(name)
                self.server.command("incident.raise", incident=f"IN-{self.round}-{writer}-{number}",
                                    title="t", category="c", level=3)
        except (OSError, ValueError, AssertionError):
            return  # killed

    def join(self):
        for thread in self.threads:
            thread.join(60)


class Kill(Case):
    def test_nothing_acknowledged_is_lost(self):
        print(f"OPSLEDGER_SEED={SEED} OPSLEDGER_KILLS={KILLS}", flush=True)
        dice = random.Random(SEED)
        acknowledged, won = {}, []
        for round_ in range(KILLS):
            server = Server(self.data)
            load = Load(server, round_)
            threading.Event().wait(dice.uniform(0.05, 0.4))
            server.stop(signal.SIGKILL)
            load.join()
            acknowledged.update(load.acknowledged)
            won += load.won
        self.assertGreater(len(acknowledged), KILLS)
        self.check(acknowledged, won)

    def check(self, acknowledged, won):
        server = self.serve()
        head = server.get("/readyz")["position"]
        events = {int(event["position"]): event
                  for event in map(json.loads, run("read", "--url", server.url).splitlines())}
        self.assertEqual(sorted(events), list(range(1, head + 1)))
        for position, text in acknowledged.items():
            self.assertEqual(events[position]["data"]["text"], text)
            self.assertEqual(events[position + 1]["data"]["text"], text)
        names = [event["tags"] for event in events.values() if event["type"] == "name.taken"]
        self.assertEqual(len(names), len(set(names)))
        self.assertLessEqual({f"name:{name}" for name in won}, set(names))
        table = f"/v1/tables/incident.incidents?order=incident&as_of={head}"
        before = server.get(f"{table}&min_position={head}")
        raised = sum(event["type"] == "incident.raised" for event in events.values())
        self.assertEqual(len(before), raised)
        run("rebuild", "incident", "--url", server.url)
        self.assertEqual(server.get(table), before)
        server.stop()
        run("verify", "--data", self.data)


if __name__ == "__main__":
    unittest.main()
