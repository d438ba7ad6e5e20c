"""Concurrent clients of one server; each remembers what it asked, when, and what it was told.

Keys are replaced every so often, so that each key's history stays short. Clients cut connections
in the middle, repeat requests with their idempotency key, and live through restarts of the server.
"""

import json
import pathlib
import random
import sys
import threading
import time

from history import INFINITY, Op

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "e2e"))

from wire import Cut, Refused, Wire, encode  # noqa: E402

KEYS = 6
EPOCH_SECONDS = 1.0


class Client(threading.Thread):
    """One connection at a time. `ops` is the history, `findings` what no history can hold."""

    def __init__(self, name, seed, port, stop_at):
        super().__init__(name=name, daemon=True)
        self.dice = random.Random(f"{seed}/{name}")
        self.wire = Wire(port)
        self.stop_at = stop_at
        self.number = 0
        self.ops, self.findings = [], []
        self.actions = ((self.count_up, 40), (self.append_blindly, 8), (self.append_late, 10),
                        (self.append_to_two, 8), (self.append_narrow, 6), (self.read_key, 14),
                        (self.read_head, 5), (self.raise_incident, 3), (self.misuse_key, 1))

    def run(self):
        act, weights = zip(*self.actions)
        while time.monotonic() < self.stop_at:
            try:
                self.dice.choices(act, weights)[0]()
            except Refused:
                time.sleep(0.02)  # restarting
            except Cut:
                pass
            except Exception as error:
                self.findings.append(f"{self.name}: {error!r}")
                return

    # --- what clients do

    def count_up(self):
        """Read, then write unless somebody else did."""
        key = self.key()
        self.append([[key]], self.read(key), [[key]])

    def append_blindly(self):
        self.append([[self.key()]])

    def append_late(self):
        """A condition on less than what is known: mostly a conflict."""
        key = self.key()
        seen = self.read(key)
        self.append([[key]], max(0, seen - self.dice.randrange(1, 40)), [[key]])

    def append_to_two(self):
        first, second = self.key(), self.key()
        after = max(self.read(first), self.read(second))
        self.append([[first], [second]], after, [[first], [second]])

    def append_narrow(self):
        """A condition on two tags together, which few events have."""
        key, who = self.key(), f"who:{self.dice.randrange(3)}"
        self.append([[key, who]], self.read(key), [[key, who]])

    def read_key(self):
        self.read(self.key())

    def read_head(self):
        op = Op("head", time.monotonic())
        op.seen = self.ask("/readyz")["position"]
        op.end = time.monotonic()
        self.ops.append(op)

    def raise_incident(self):
        """A contended command, then its row, which must be there."""
        id_ = f"IN-{int(time.monotonic() * 2)}"
        answer = self.wire.request("POST", "/v1/commands/incident.raise",
                                   {"incident": id_, "title": self.name, "category": "c",
                                    "level": 2})
        if answer.status == 200:
            position = answer.json()["position"]
            rows = self.wire.request("GET", "/v1/tables/incident.incidents?incident=eq."
                                     f"{id_}&select=title&min_position={position}")
            if rows.status != 503 and rows.json() != [{"title": self.name}]:
                self.findings.append(f"{id_} was raised by {self.name} at {position}, its row is "
                                     f"{rows.body!r}")
        elif answer.status not in (422, 503):
            self.findings.append(f"raise {id_}: {answer.status} {answer.body!r}")

    def misuse_key(self):
        """A known key with another content is refused and stores nothing."""
        done = next((op for op in reversed(self.ops[-50:]) if op.result == "ok" and op.id), None)
        if done is None or not done.id.endswith("k"):
            return
        answer = self.wire.request("POST", "/v1/events",
                                   body_of("x" + done.id, [["misuse:1"]], None, []),
                                   [("Idempotency-Key", done.id)])
        if answer.status not in (422, 503):
            self.findings.append(f"key {done.id} with other content: {answer.status}")

    # --- how they do it

    def key(self):
        epoch = int(time.monotonic() / EPOCH_SECONDS)
        return f"counter:{epoch}-{self.dice.randrange(KEYS)}"

    def ask(self, path):
        """The body of a 200; a server that is stopping answers nothing that counts."""
        answer = self.wire.request("GET", path)
        if answer.status == 503:
            raise Cut("stopping")
        if answer.status != 200:
            raise AssertionError(f"GET {path}: {answer.status} {answer.body!r}")
        return answer.json()

    def read(self, key):
        op = Op("read", time.monotonic(), key=key)
        found = self.ask(f"/v1/events?tag={key}&direction=backward&limit=1")
        op.end = time.monotonic()
        op.seen = int(found[0]["position"]) if found else 0
        self.ops.append(op)
        return op.seen

    def append(self, keys, after=None, query=()):
        """One append, sometimes cut, and repeated when it has a key."""
        self.number += 1
        keyed = self.dice.random() < 0.35
        id_ = f"{self.name}-{self.number}{'k' if keyed else ''}"
        request = encode("POST", "/v1/events", body_of(id_, keys, after, query),
                         [("Idempotency-Key", id_)] if keyed else ())
        new = lambda: Op("append", time.monotonic(), id=id_, keys=keys, after=after,  # noqa: E731
                         query=list(query))
        op = self.try_append(new(), request, self.dice.random())
        while keyed and (op.end == INFINITY or self.dice.random() < 0.05):
            if time.monotonic() > self.stop_at:
                return
            op = self.try_append(new(), request, 1.0)

    def try_append(self, op, request, die):
        """One request; `die` decides whether the client cuts it, and where."""
        self.ops.append(op)
        try:
            if die < 0.01:
                self.wire.send(request[:self.dice.randrange(1, len(request))])
                op.result = "never"
                self.wire.close()
            elif die < 0.03:
                self.wire.send(request)
                time.sleep(self.dice.random() * 0.001)
                self.wire.close()
            else:
                self.wire.send(request)
                self.settle(op, self.wire.answer())
        except Refused:
            op.result = "never"
            time.sleep(0.02)
        except Cut:
            pass
        return op

    def settle(self, op, answer):
        if answer.status == 201:
            op.end = time.monotonic()
            place = json.loads(answer.body)
            op.result, op.first, op.last = "ok", place["first"], place["last"]
        elif answer.status == 409:
            op.end = time.monotonic()
            op.result = "conflict"
        elif answer.status != 503:
            self.findings.append(f"{op.id}: {answer.status} {answer.body!r}")


def body_of(id_, keys, after, query):
    body = {"events": [{"type": "counter.set", "tags": tags, "data": {"op": id_}} for tags in keys]}
    if after is not None:
        body["condition"] = {"query": {"items": [{"tags": tags} for tags in query]}, "after": after}
    return body


def run_clients(process, seed, port, stop_at, count):
    """In a process of its own: all clients to the end; their histories and findings."""
    clients = [Client(f"p{process}c{i}", seed, port, stop_at) for i in range(count)]
    for client in clients:
        client.start()
    for client in clients:
        client.join()
        client.wire.close()
    return ([op for client in clients for op in client.ops],
            [finding for client in clients for finding in client.findings])
