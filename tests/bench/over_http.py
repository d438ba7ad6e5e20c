"""The groups with a server: appends, commands, reads and live streams over loopback."""

import math
import pathlib
import time

from commands import DATASETS, PEERS, ROOT, SCRATCH, opsledger, run
from http_load import built_plugins, our_server
from in_process import raw_scan
from rows import Row

HERE = pathlib.Path(__file__).resolve().parent
LARGE_TAG_SHARE = 0.01  # of the events have one of the two common tags of `bench fill`


def load(what, seconds):
    return run("python3", "-B", HERE / "http_load.py", what,
               env={"SECS": str(math.ceil(seconds))})


def http(seconds):
    """Fastify + PostgreSQL, nginx and fdatasync are measured in the same pass."""
    one = Row("HTTP, one conditional event per request, 1 connection", "events/s",
              "1 / (fdatasync + nginx)", 0.85)
    many = Row("the same, 64 connections", "events/s", "Fastify + pg", 8, 10)
    tail = Row("the same, p99", "s", at_most=0.005)
    batch = Row("HTTP, 100 events per request, 8 connections", "events/s", "Fastify + pg", 2.5, 3)
    decide = Row("HTTP, decide by command, 64 connections", "commands/s", "Fastify + pg", 5)
    share = {percent: Row(f"goodput with {percent} % conflicts", "events/s",
                          f"{100 - percent} % of none", 1) for percent in (1, 10, 50)}

    def measure():
        peer = run("bash", HERE / "http_peer.sh", PEERS, env={"SECS": str(math.ceil(seconds))})
        ours = load("append", seconds)
        one.add(ours["http_append_c1"],
                1 / (peer["yard_fdatasync_append4k_p50"] + peer["nginx_c1_p50"]))
        many.add(ours["http_append_c64"], peer["fastify_pg_append_c64"])
        tail.add(ours["http_append_c64_p99"])
        batch.add(load("batch", seconds)["http_append_batch100_c8"],
                  peer["fastify_pg_append_batch100_c8"])
        decide.add(load("decide", seconds)["http_decide_c64"], peer["fastify_pg_append_c64"])
        found = load("conflicts", seconds)
        for percent, row in share.items():
            row.add(found[f"http_conflicts_{percent}"],
                    found["http_conflicts_0"] * (1 - percent / 100))

    return [one, many, tail, batch, decide, *share.values()], measure


def read(seconds):
    nats = Row("read all events over HTTP (NDJSON)", "events/s", "NATS ordered consumer", 1)
    raw = Row("the same", "events/s", "raw scan", 0, 0.3)
    page = Row("100-row page as of a position, 8 connections, p99", "s", at_most=0.02)

    def measure():
        peer = run("bash", HERE / "nats_peer.sh", PEERS)
        found = load("read", seconds)
        ours = sorted(found[f"http_read_run{number}"] for number in (1, 2, 3))[1]
        nats.add(ours, peer["nats_replay_ordered"])
        raw.add(ours, raw_scan(seconds))
        page.add(load("page", seconds)["http_page_as_of_c8_p99"])

    return [nats, raw, page], measure


def stream(seconds):
    late = Row("append to delivery, 100 subscribers at 10 k events/s, p99", "s", at_most=0.005)

    def measure():
        found = opsledger("bench", "stream", "--dir", SCRATCH, "--seconds", seconds,
                          "--subscribers", 100, "--rate", 10_000)
        late.add(next(value for name, value in found.items() if name.endswith("_p99")))

    return [late], measure


def imports(seconds):
    """online-retail into a running server, until every table has caught up."""
    took = Row("import of online-retail over HTTP, projections caught up", "s", at_most=20)
    peak = Row("the same, peak memory of the server", "MB", at_most=300)
    idle = Row("idle server with its plugins", "MB", at_most=64)
    source = DATASETS / "online-retail-uci/online-retail-uci.csv.zst"

    def measure():
        with our_server(plugins=built_plugins()) as server:
            time.sleep(1)
            idle.add(memory(server, "VmRSS"))
            begin = time.monotonic()
            opsledger("import", "csv", "--map", ROOT / "tools/import/online-retail.toml", source,
                      "--url", server.url)
            while any(module["lag"] for module in server.get("/v1/projections")):
                time.sleep(0.1)
            took.add(time.monotonic() - begin)
            peak.add(memory(server, "VmHWM"))

    return [took, peak, idle], measure


def memory(server, field):
    status = pathlib.Path(f"/proc/{server.process.pid}/status").read_text()
    return int(next(line for line in status.splitlines() if line.startswith(field)).split()[1]) / 1e3


def big(seconds, data):
    """A ledger of 100 million events, made by `opsledger bench fill --data DIR`."""
    ready = Row("ready after a restart, 100 M events", "s", at_most=1)
    idle = Row("idle server, 100 M events", "MB", at_most=64)
    rare = Row("first event of a rare tag, 100 M events", "s", at_most=0.001)
    walk = Row("two common tags, rare together, 100 M events", "postings/s",
               "5 M/s", 1)

    def measure():
        with our_server(data=data) as server:
            ready.add(server.ready_after)
            time.sleep(1)
            idle.add(memory(server, "VmRSS"))
        found = opsledger("bench", "read", "--data", data, "--seconds", seconds)
        rare.add(found["read_rare_tag_first"])
        walk.add(2 * LARGE_TAG_SHARE * 1e8 / found["read_two_large_tags_all"], 5e6)

    return [ready, idle, rare, walk], measure
