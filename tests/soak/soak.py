"""Mixed load for a while, with rebuilds and restarts; then everything is looked at.

    OPSLEDGER_BINARY=build/bin/opsledger python3 -B tests/soak/soak.py --seconds 3600 --seed 1 \\
        --out /var/tmp/soak

Restarts, graceful and by SIGKILL, come in the first third and at the end; the stretch between is
where memory must be flat. The whole process group may be stopped for a while (SIGSTOP): what was
measured around a pause is left out. `result.json` and `minutes.csv` in the folder hold the figures,
`acknowledged.jsonl` what was acknowledged. The exit code is 0 when there are no findings.
"""

import argparse
import json
import os
import pathlib
import signal
import sys
import tempfile
import time

from world import World, Wire

from actors import start_all
from harness import run
import judge

STRETCH = (0.35, 0.92)  # of the duration: no restarts
KINDS = ("append", "command", "query", "table", "as_of")


def plan(seconds, dice):
    """(when, signal) in order."""
    gap = max(1.5, min(300.0, seconds * 0.08))
    whens, when = [], gap
    while when < seconds * STRETCH[0]:
        whens.append(when)
        when += gap
    whens += [seconds * 0.94, seconds * 0.97]
    first = dice.randrange(2)
    return [(when, (signal.SIGKILL, signal.SIGTERM)[(i + first) % 2])
            for i, when in enumerate(whens)]


def drive(world):
    for when, how in plan(world.seconds, world.random("plan")):
        if world.stopping.wait(max(0.0, when - world.elapsed())):
            return
        world.restart(how)
    world.stopping.wait(max(0.0, world.seconds - world.elapsed()))


def catch_up(world, followers, seconds=30):
    """Gives live streams time to see the end."""
    head = Wire(world.port).get("/readyz")["position"]
    until = time.monotonic() + seconds
    while time.monotonic() < until and not all(f.positions for f in followers):
        time.sleep(0.1)
    time.sleep(min(1.0, seconds))
    return head


def look_at_everything(world, sampler, followers, growth_bytes_max, latency_factor):
    stretch = tuple(share * world.seconds for share in STRETCH)
    result = {"memory": judge.judge_memory(world, sampler, stretch, growth_bytes_max)}
    result["latency"] = {kind: judge.judge_latency(world, kind, latency_factor) for kind in KINDS}
    result["ledger"] = judge.judge_ledger(world, followers)
    judge.judge_tables(world)
    if world.server.stop(signal.SIGTERM) != 0:
        world.finding("the last graceful stop failed")
    verdict = json.loads(run("verify", "--data", world.data, "--json"))["verdict"]
    if verdict != "good":
        world.finding(f"verify says {verdict}")
    return result


def soak(out, words):
    seconds, seed = words.seconds, words.seed
    pathlib.Path(out).mkdir(parents=True, exist_ok=True)
    world = World(out, seed, seconds)
    try:
        followers, sampler, threads = start_all(world, words.pace)
        drive(world)
        for thread in threads:
            if thread not in followers and thread is not sampler:
                thread.rate = 1e-9  # no new work
        catch_up(world, followers)
        world.stopping.set()
        for thread in threads:
            thread.join(60)
        result = look_at_everything(world, sampler, followers, words.growth_mb * 1e6,
                                    words.latency_factor)
    finally:
        world.stopping.set()
        world.server.stop(signal.SIGKILL)
    result.update(seed=seed, seconds=seconds, counts=dict(world.counts), findings=world.findings)
    (world.out / "result.json").write_text(json.dumps(result, indent=1) + "\n")
    (world.out / "minutes.csv").write_text(judge.minutes(world, sampler))
    return result


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seconds", type=float, default=3600)
    parser.add_argument("--seed", type=int,
                        default=int(os.environ.get("OPSLEDGER_SEED", time.time())))
    parser.add_argument("--out", required=True, help="a folder; - = a temporary one")
    parser.add_argument("--pace", type=float, default=1.0, help="times the usual rates")
    parser.add_argument("--growth-mb", type=float, default=8, help="of memory, always allowed")
    parser.add_argument("--latency-factor", type=float, default=3,
                        help="last third of p50 against first; much for short runs")
    words = parser.parse_args()
    print(f"soak: seed {words.seed}, {words.seconds} s", flush=True)
    with tempfile.TemporaryDirectory(prefix="opsledger-soak-") as temporary:
        out = temporary if words.out == "-" else words.out
        result = soak(out, words)
    counts, memory = result["counts"], result["memory"]
    requests = sum(counts.get(kind, 0) for kind in KINDS)
    print(f"campaign: soak seed={words.seed} rounds={requests} findings={len(result['findings'])} "
          f"seconds={words.seconds:.0f} events={result['ledger']['events']} "
          f"restarts={counts.get('restarts', 0)} kills={counts.get('kills', 0)} "
          f"rebuilds={counts.get('rebuild', 0)} rss_mb={memory.get('mean_mb')} "
          f"growth_mb={memory.get('growth_mb')}")
    return 1 if result["findings"] else 0


if __name__ == "__main__":
    sys.exit(main())
