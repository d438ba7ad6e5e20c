"""What a soak is judged by: nothing lost or invented, tables right, memory and latency flat."""

import collections
import json
import math
import statistics
import sys
import time

from harness import run
from world import Wire

FLAT_RATIO = 0.10        # growth of memory over the quiet stretch
LATENCY_SLACK = 0.003    # seconds
BUCKETS = 60


def percentile(sorted_values, share):
    return sorted_values[min(len(sorted_values) - 1, int(share * len(sorted_values)))]


def quiet(world, begun, ended):
    return all(ended < start or begun > end for start, end in world.unquiet)


def slope(points):
    """Least squares: change of y per unit of x."""
    mean_x = statistics.fmean(x for x, _ in points)
    mean_y = statistics.fmean(y for _, y in points)
    spread = sum((x - mean_x) ** 2 for x, _ in points)
    return sum((x - mean_x) * (y - mean_y) for x, y in points) / spread if spread else 0.0


def buckets_of(world, pairs):
    """bucket number -> values of (when, value) pairs."""
    width = max(1.0, world.seconds / BUCKETS)
    buckets = collections.defaultdict(list)
    for when, value in pairs:
        buckets[int((when - world.begun) / width)].append(value)
    return buckets


def judge_memory(world, sampler, stretch, growth_bytes_max):
    """A line through the medians of the stretch without restarts, its first half left out: buffers fill."""
    begin = stretch[0] + (stretch[1] - stretch[0]) / 2
    samples = [(when, size) for when, size in sampler.memory
               if begin <= when - world.begun <= stretch[1] and size and quiet(world, when, when)]
    medians = [(number, statistics.median(values))
               for number, values in sorted(buckets_of(world, samples).items())]
    if len(medians) < 2:
        world.finding(f"memory: {len(medians)} buckets to judge by, the run was too short")
        return {}
    growth = slope(medians) * (medians[-1][0] - medians[0][0])
    mean = statistics.fmean(size for _, size in medians)
    if growth > max(FLAT_RATIO * mean, growth_bytes_max):
        world.finding(f"memory: {mean / 1e6:.1f} MB on average and {growth / 1e6:.1f} MB of growth")
    return {"mean_mb": round(mean / 1e6, 1), "growth_mb": round(growth / 1e6, 2),
            "peak_mb": round(max(size for _, size in sampler.memory) / 1e6, 1),
            "minutes": len(medians)}


def judge_latency(world, kind, factor):
    """The last third of the buckets' medians may be `factor` times those of the first third."""
    samples = [(when, taken) for when, name, taken in world.samples
               if name == kind and quiet(world, when, when + taken)]
    buckets = sorted(buckets_of(world, samples).items())
    rows = [(number, sorted(values)) for number, values in buckets
            if len(values) >= 5]
    if len(rows) < 6:
        return {}
    medians = [percentile(values, 0.5) for _, values in rows]
    third = len(rows) // 3
    first, last = statistics.median(medians[:third]), statistics.median(medians[-third:])
    if last > factor * first + LATENCY_SLACK:
        world.finding(f"{kind}: p50 went from {first * 1e3:.2f} to {last * 1e3:.2f} ms")
    every = sorted(taken for _, taken in samples)
    return {"p50_ms": round(percentile(every, 0.5) * 1e3, 2),
            "p99_ms": round(percentile(every, 0.99) * 1e3, 2),
            "p50_first_third_ms": round(first * 1e3, 2), "p50_last_third_ms": round(last * 1e3, 2)}


def read_ledger(world):
    """position -> (type, ",tag,tag,"), and op -> positions; complains about gaps."""
    wire = Wire(world.port)
    events, ops = {}, collections.defaultdict(list)
    rest = b""
    for chunk in wire.stream("/v1/events", [("Accept", "application/x-ndjson")]):
        lines = (rest + chunk).split(b"\n")
        rest = lines.pop()
        for line in lines:
            event = json.loads(line)
            position = int(event["position"])
            if position != len(events) + 1:
                world.finding(f"after position {len(events)} comes {position}")
            events[position] = (sys.intern(event["type"]), f",{event.get('tags', '')},")
            if event["type"].startswith("soak."):
                ops[event["data"]["op"]].append(position)
    return events, ops


def judge_ledger(world, followers):
    world.acknowledged.close()
    events, ops = read_ledger(world)
    acknowledged = 0
    for line in open(world.out / "acknowledged.jsonl"):
        kind, *facts = json.loads(line)
        acknowledged += 1
        if kind == "append":
            op, first, last = facts
            if ops.get(op) != list(range(first, last + 1)):
                world.finding(f"append {op} was acknowledged at {first}..{last}, the ledger has it "
                              f"at {ops.get(op)}")
        else:
            tag, type_, position = facts
            if type_.startswith("timer."):  # carries the timer's own tag
                tag = f"timer:incident.ack_due:{tag.partition(':')[2]}"
            if not fits(events.get(position, ("", "")), type_, tag):
                world.finding(f"{type_} {tag} was acknowledged at {position}, the ledger has "
                              f"{events.get(position)} there")
    for follower in followers:
        judge_follower(world, follower, events)
    return {"events": len(events), "acknowledged": acknowledged}


def fits(event, type_, tag):
    return event[0] == type_ and f",{tag}," in event[1]


def judge_follower(world, follower, events):
    key, _, value = follower.filter.partition("=")
    seen = follower.positions.tolist()
    expected = [position for position, (type_, tags) in events.items()
                if (type_ == value if key == "type" else f",{value}," in tags)]
    if seen != expected[:len(seen)]:
        at = next(i for i, (a, b) in enumerate(zip(seen, expected + [0])) if a != b)
        world.finding(f"{follower.name}: entry {at} is {seen[at]}, expected {expected[at:at + 1]}")
    if not seen or (len(expected) - len(seen)) > 1000:
        world.finding(f"{follower.name}: saw {len(seen)} of {len(expected)} events")


def rows_of(world, table, head):
    wire, rows = Wire(world.port), []
    while True:
        page = wire.get(f"/v1/tables/{table}?limit=1000&offset={len(rows)}&order="
                        f"{'invoice' if table.startswith('order') else 'incident'}"
                        f"&as_of={head}&min_position={head}")
        rows += page
        if len(page) < 1000:
            return rows


def judge_tables(world):
    """Head rows equal those of a rebuild."""
    head = Wire(world.port).get("/readyz")["position"]
    for module, table in (("incident", "incident.incidents"), ("order", "order.orders")):
        wait_for(world, head)
        before = rows_of(world, table, head)
        run("rebuild", module, "--url", world.server.url)
        after = rows_of(world, table, head)
        if before != after or not before:
            world.finding(f"{table}: {len(before)} rows before and {len(after)} after a rebuild, "
                          "or other ones")


def wait_for(world, head, seconds=300):
    wire, until = Wire(world.port), time.monotonic() + seconds
    while any(p["position"] < head for p in wire.get("/v1/projections")):
        if time.monotonic() > until:
            raise AssertionError("the tables do not catch up")
        time.sleep(0.2)


def minutes(world, sampler):
    """One row per bucket for the record: memory, requests, p50 and p99 of all requests."""
    memory = buckets_of(world, sampler.memory)
    taken = buckets_of(world, ((when, seconds) for when, _, seconds in world.samples
                               if quiet(world, when, when + seconds)))
    sizes = buckets_of(world, ((when, (ledger, tables)) for when, ledger, tables in sampler.sizes))
    rows = ["bucket,rss_mb,requests,p50_ms,p99_ms,ledger_mb,tables_mb"]
    for number in sorted(memory):
        values = sorted(taken.get(number, [])) or [math.nan]
        ledger, tables = sizes.get(number, [(0, 0)])[-1]
        rows.append(f"{number},{statistics.median(memory[number]) / 1e6:.1f},{len(values)},"
                    f"{percentile(values, 0.5) * 1e3:.2f},{percentile(values, 0.99) * 1e3:.2f},"
                    f"{ledger / 1e6:.1f},{tables / 1e6:.1f}")
    return "\n".join(rows) + "\n"
