"""Who uses the server during a soak. Each actor is a thread with a pace and dice of its own."""

import array
import threading
import time

from world import PAUSE_SECONDS, Caller, Cut, Refused, Wire

LANES = 8          # tags that many events share
FOLLOWED = ("type=soak.a", "tag=lane:3", "type=incident.raised")


class Actor(threading.Thread):
    """Calls `act` about `rate` times per second until the soak is over."""

    def __init__(self, world, name, rate):
        super().__init__(name=name, daemon=True)
        self.world, self.rate = world, rate
        self.dice = world.random(name)
        self.caller = Caller(world)
        self.number = 0

    def run(self):
        while not self.world.stopping.wait(self.dice.expovariate(self.rate)):
            self.number += 1
            try:
                self.act()
            except Exception as error:  # an actor that dies silently would test nothing
                self.world.finding(f"{self.name}: {error!r}")

    def key(self):
        return (("Idempotency-Key", f"{self.name}-{self.number}"),)


class Writer(Actor):
    """Appends; half under a condition that holds, some under one that cannot."""

    def act(self):
        op = f"{self.name}-{self.number}"
        count = self.dice.choice((1, 1, 1, 2, 5, 12))
        events = [{"type": f"soak.{self.dice.choice('abcd')}",
                   "tags": [f"lane:{self.dice.randrange(LANES)}", f"op:{op}"],
                   "data": {"op": op, "index": i, "text": "x" * self.dice.randrange(200)}}
                  for i in range(count)]
        body = {"events": events}
        refused = False
        if self.dice.random() < 0.5:
            body["condition"] = {"query": {"items": [{"tags": [f"op:{op}"]}]}}
        elif self.dice.random() < 0.1:
            body["condition"] = {"query": {"items": [{"types": ["ledger.created"]}]}}
            refused = True
        answer = self.caller.call("append", "POST", "/v1/events", body, self.key())
        if answer is None:
            return
        if answer.status != (409 if refused else 201):
            self.world.finding(f"append {op}: {answer.status} {answer.body[:300]!r}")
        elif not refused:
            place = answer.json()
            self.world.acknowledge("append", op, place["first"], place["last"])
            self.world.count("events", count)


class Commander(Actor):
    """Leads incidents and orders through their lives."""

    STEPS = (("incident.acknowledge", {}), ("incident.mitigate", {"how": "rollback"}),
             ("incident.resolve", {"cause": "disk"}), ("incident.close", {}))

    def __init__(self, world, name, rate):
        super().__init__(world, name, rate)
        self.incidents = []  # [id, steps done]

    def act(self):
        if self.dice.random() < 0.3:
            return self.order()
        if not self.incidents or self.dice.random() < 0.3:
            id_ = f"IN-{self.name}-{self.number}"
            fields = {"title": "Pay page", "category": self.dice.choice("abcdef"), "level": 3}
            if self.command("incident.raise", f"incident:{id_}", {"incident": id_, **fields}):
                self.incidents.append([id_, 0])
            return None
        which = self.dice.randrange(len(self.incidents))
        id_, done = self.incidents[which]
        type_, fields = self.STEPS[done]
        if self.command(type_, f"incident:{id_}", {"incident": id_, **fields}):
            self.incidents[which][1] += 1
            if done + 1 == len(self.STEPS):
                del self.incidents[which]
        return None

    def order(self):
        id_ = f"O-{self.name}-{self.number}"
        lines = [{"sku": f"S{self.dice.randrange(500)}", "quantity": 2, "unit_price": "1.25"}
                 for _ in range(self.dice.randrange(1, 6))]
        self.command("order.receive", f"order:{id_}",
                     {"invoice": id_, "channel": "web", "channel_no": id_, "country": "FR",
                      "currency": "EUR", "lines": lines})

    def command(self, type_, tag, fields):
        answer = self.caller.call("command", "POST", f"/v1/commands/{type_}", fields, self.key())
        if answer is None:
            return False
        if answer.status != 200:
            self.world.finding(f"{type_} {tag}: {answer.status} {answer.body[:300]!r}")
            return False
        for event in answer.json()["events"]:
            self.world.acknowledge("command", tag, event["type"], event["position"])
        return True


class Reader(Actor):
    """Pages of events and tables, now and as of earlier positions."""

    TABLES = ("incident.incidents", "incident.open", "order.orders")

    def act(self):
        kind, path = self.dice.choice((self.query, self.table, self.as_of))()
        answer = self.caller.call(kind, "GET", path)
        if answer is not None and answer.status != 200:
            self.world.finding(f"GET {path}: {answer.status} {answer.body[:300]!r}")

    def query(self):
        lane, type_ = self.dice.randrange(LANES), self.dice.choice("abcd")
        return "query", (f"/v1/events?tag=lane:{lane}&type=soak.{type_}"
                         "&direction=backward&limit=50")

    def table(self):
        return "table", f"/v1/tables/{self.dice.choice(self.TABLES)}?limit=100"

    def as_of(self):
        head = self.caller.call("ready", "GET", "/readyz")
        position = self.dice.randrange(1, head.json()["position"] + 1) if head else 1
        return "as_of", f"/v1/tables/{self.dice.choice(self.TABLES)}?limit=100&as_of={position}"


class Follower(threading.Thread):
    """A live stream that resumes where it was cut."""

    def __init__(self, world, filter_):
        super().__init__(name=f"follower {filter_}", daemon=True)
        self.world, self.filter = world, filter_
        self.positions = array.array("Q")

    def run(self):
        while not self.world.stopping.is_set():
            wire = Wire(self.world.port, timeout=30)
            last = self.positions[-1] if self.positions else 0
            headers = [("Accept", "text/event-stream"), ("Last-Event-ID", str(last))]
            try:
                self.read(wire.stream(f"/v1/events/stream?{self.filter}&after=0", headers))
            except (Cut, Refused):
                pass
            except Exception as error:
                self.world.finding(f"{self.name}: {error!r}")
            wire.close()
            self.world.count("streams")
            self.world.stopping.wait(0.1)

    def read(self, chunks):
        rest = b""
        for chunk in chunks:
            lines = (rest + chunk).split(b"\n")
            rest = lines.pop()
            for line in lines:
                if line.startswith(b"id:"):
                    self.positions.append(int(line[3:]))
            if self.world.stopping.is_set():
                return


class Rebuilder(Actor):
    """Builds a module's tables again under load."""

    def act(self):
        module = ("incident", "order")[self.number % 2]
        answer = self.caller.call("rebuild", "POST", f"/v1/projections/{module}/rebuild", {})
        if answer is not None and answer.status not in (200, 202, 409):
            self.world.finding(f"rebuild {module}: {answer.status} {answer.body[:300]!r}")


class Sampler(threading.Thread):
    """Memory and sizes, and where the machine stood still."""

    def __init__(self, world):
        super().__init__(name="sampler", daemon=True)
        self.world = world
        self.memory = []  # (when, bytes)
        self.sizes = []   # (when, ledger bytes, tables bytes)

    def run(self):
        last = time.monotonic()
        next_size = 0.0
        while not self.world.stopping.wait(0.5):
            now = time.monotonic()
            if now - last > PAUSE_SECONDS:
                self.world.unquiet.append((last, now + self.world.settle))
                self.world.count("pauses")
            last = now
            if self.world.restarting:
                continue
            if self.world.server.process.poll() is not None:
                time.sleep(1)
                if not self.world.restarting and self.world.server.process.poll() is not None:
                    self.world.finding("the server ended by itself; see data.log")
                    self.world.stopping.set()
                continue
            self.memory.append((now, self.world.resident_bytes()))
            if now >= next_size:
                next_size = now + max(1.0, self.world.seconds / 60)
                self.sizes.append((now, self.world.disk_bytes("ledger"),
                                   self.world.disk_bytes("tables")))


def start_all(world, pace):
    """All actors at `pace` times their usual rate; (followers, sampler, all threads)."""
    actors = [Writer(world, f"w{i}", 12 * pace) for i in range(3)]
    actors += [Commander(world, f"c{i}", 8 * pace) for i in range(2)]
    actors += [Reader(world, f"r{i}", 8 * pace) for i in range(2)]
    actors += [Rebuilder(world, "rebuilder", max(1 / 200, 3 / world.seconds))]
    followers = [Follower(world, filter_) for filter_ in FOLLOWED]
    sampler = Sampler(world)
    threads = actors + followers + [sampler]
    for thread in threads:
        thread.start()
    return followers, sampler, threads
