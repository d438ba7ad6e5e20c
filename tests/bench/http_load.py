"""Loads a server of ours, or Fastify on PostgreSQL, with wrk; prints `name: value unit` lines.

Usage: http_load.py append [CONNECTIONS...] | batch | conflicts | decide | read | page | peer
  append     one conditional durable event per request
  batch      100 events per request, 8 connections
  conflicts  0, 1, 10 and 50 % of conditions do not hold
  decide     one command per request on 1,000 orders: read, fold, decide, append
  read       every event of a ledger of a million as JSON lines, one reader
  page       a 100-row page of a table, now and as of a position, 1 and 8 connections
  peer       fdatasync, nginx and Fastify + pg on the same disk
Environment: PEERS_DATA (scratch folder), OPSLEDGER_BINARY, OPSLEDGER_PEERS, SECS (per measurement),
PLUGINS (folder of plugins; default: an empty one), SERVE_OPTIONS (further ones of `serve`).
"""

import contextlib
import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile
import time
import urllib.request

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parents[1]
SCRATCH = pathlib.Path(os.environ.get("PEERS_DATA", "/var/tmp/peers-data"))
BINARY = os.environ.get("OPSLEDGER_BINARY", str(ROOT / "build/bin/opsledger"))
SECONDS = int(os.environ.get("SECS", "4"))
TICK = os.sysconf("SC_CLK_TCK")


class Server:
    def __init__(self, process, url, ready_after):
        self.process = process
        self.url = url
        self.ready_after = ready_after  # seconds

    def cpu_seconds(self):
        fields = pathlib.Path(f"/proc/{self.process.pid}/stat").read_text().rsplit(")", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / TICK

    def get(self, path):
        with urllib.request.urlopen(self.url + path) as answer:
            return json.load(answer)

    def post(self, body, path="/v1/events"):
        request = urllib.request.Request(self.url + path, json.dumps(body).encode(),
                                         {"Content-Type": "application/json"})
        with urllib.request.urlopen(request) as answer:
            return json.load(answer)


@contextlib.contextmanager
def our_server(*fill, plugins=None, data=None):
    """A server on a new ledger, which is removed afterwards, or on `data`. `fill` = a command of
    ours that fills the data directory first."""
    with tempfile.TemporaryDirectory(prefix="http-load-", dir=SCRATCH) as folder:
        if fill:
            subprocess.run([BINARY, *fill, "--data", folder + "/data"], check=True,
                           stdout=subprocess.DEVNULL)
        empty = pathlib.Path(folder) / "no-plugins"
        empty.mkdir()
        begin = time.monotonic()
        process = subprocess.Popen(
            [BINARY, "serve", "--data", str(data or folder + "/data"), "--listen", "127.0.0.1:0",
             "--plugins", os.environ.get("PLUGINS", str(plugins or empty)),
             *os.environ.get("SERVE_OPTIONS", "").split()],
            stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        try:
            url = process.stdout.readline().split()[-1]
            yield Server(process, url, time.monotonic() - begin)
        finally:
            process.terminate()
            process.wait()


def built_plugins():
    folder = pathlib.Path(BINARY).resolve().parents[1] / "lib/opsledger/plugins"
    return pathlib.Path(os.environ.get("PLUGINS", folder))


def seconds(text):
    number, unit = re.fullmatch(r"([\d.]+)(us|ms|s|m)", text).groups()
    return float(number) * {"us": 1e-6, "ms": 1e-3, "s": 1, "m": 60}[unit]


def wrk(server, connections, environment, path=None, script="append.lua"):
    """requests/s, failed/s, p50 and p99 in seconds, the server's CPU seconds per request."""
    before = server.cpu_seconds()
    what = [server.url + path] if path else ["-s", str(HERE / script), server.url + "/"]
    text = subprocess.run(
        ["wrk", "-t1", f"-c{connections}", f"-d{SECONDS}s", "--latency", *what],
        capture_output=True, text=True, check=True, env={**os.environ, **environment}).stdout
    count, span = re.search(r"(\d+) requests in ([\d.a-z]+),", text).groups()
    failed = re.search(r"Non-2xx or 3xx responses: (\d+)", text)
    return {"rate": int(count) / seconds(span),
            "failed": (int(failed[1]) if failed else 0) / seconds(span),
            "p50": seconds(re.search(r"^ +50% +(\S+)", text, re.MULTILINE)[1]),
            "p99": seconds(re.search(r"^ +99% +(\S+)", text, re.MULTILINE)[1]),
            "cpu": (server.cpu_seconds() - before) / int(count)}


def report(name, found, events=1, unit="events/s"):
    print(f"{name}: {(found['rate'] - found['failed']) * events:.6g} {unit}")
    print(f"{name}_p50: {found['p50'] * 1e6:.6g} us")
    print(f"{name}_p99: {found['p99'] * 1e6:.6g} us")
    print(f"{name}_cpu: {found['cpu'] * 1e6:.4g} us")
    if found["failed"]:
        print(f"{name}_refused: {found['failed']:.6g} requests/s")
    sys.stdout.flush()


def append(connections=("1", "64")):
    with our_server() as server:
        for count in connections:
            report(f"http_append_c{count}", wrk(server, count, {}))


def batch():
    with our_server() as server:
        found = wrk(server, 8, {"EVENTS_PER_REQ": "100"})
        report("http_append_batch100_c8", found, 100)


def conflicts():
    for percent in (0, 1, 10, 50):  # each on a ledger of its own: an older one is slower
        with our_server() as server:
            server.post({"events": [{"type": "OrderPlaced", "tags": ["customer:taken"]}]})
            found = wrk(server, 64, {"CONFLICT_PERCENT": str(percent)})
            report(f"http_conflicts_{percent}", found)


def decide(orders=1_000):
    with our_server(plugins=built_plugins()) as server:
        for number in range(1, orders + 1):
            server.post({"invoice": f"bench-{number}", "channel": "TM", "channel_no": str(number),
                         "country": "CN", "currency": "CNY",
                         "lines": [{"sku": "P1", "quantity": 1, "unit_price": "2.55"}]},
                        "/v1/commands/order.receive")
        found = wrk(server, 64, {"ORDERS": str(orders)}, script="decide.lua")
        report("http_decide_c64", found, unit="commands/s")


def read(events=1_000_000):
    with our_server("bench", "fill", "--events", str(events)) as server:
        for run in range(3):
            before = server.cpu_seconds()
            took = float(subprocess.run(
                ["curl", "-sN", "-H", "Accept: application/x-ndjson", server.url + "/v1/events",
                 "-o", "/dev/null", "-w", "%{time_total}"],
                capture_output=True, text=True, check=True).stdout)
            print(f"http_read_run{run + 1}: {events / took:.6g} events/s")
            print(f"http_read_run{run + 1}_cpu: "
                  f"{(server.cpu_seconds() - before) / events * 1e6:.3g} us", flush=True)


def page():
    plugins = built_plugins()
    with our_server("demo", "--plugins", str(plugins), "--orders", "2000",
                    plugins=plugins) as server:
        middle = int(server.get("/v1/events?direction=backward&limit=1")[0]["position"]) // 2
        for name, query in (("now", ""), ("as_of", f"&as_of={middle}")):
            for connections in (1, 8):
                found = wrk(server, connections, {},
                            f"/v1/tables/{os.environ.get('TABLE', 'order.orders')}?limit=100{query}")
                report(f"http_page_{name}_c{connections}", found, unit="pages/s")


def peer():
    """Fastify + pg, beside fdatasync and nginx; the peers' own scripts do it."""
    peers = pathlib.Path(os.environ.get("OPSLEDGER_PEERS", ROOT.parent / "shared/peers"))
    script = HERE / "http_peer.sh"
    subprocess.run(["bash", str(script), str(peers)], check=True,
                   env={**os.environ, "SECS": f"{SECONDS}", "PEERS_DATA": str(SCRATCH)})


def main():
    what, *rest = sys.argv[1:]
    {"append": lambda: append(*([rest] if rest else [])), "batch": batch, "conflicts": conflicts,
     "decide": decide, "read": read, "page": page, "peer": peer}[what]()


if __name__ == "__main__":
    main()
