"""The groups that need no server: appends, replay, tables, bytes on disk."""

import shutil

from commands import BENCH, SCRATCH, opsledger, rdb, run
from rows import Row

SCANNED = 2_000_000  # events of raw scans; ours scans as many
TUNED = dict(hint=1, hk=1, iwbuf=16, wbuf=16, maxwal=64, warmroll=3, warmmb=8)


def scratch(name):
    path = SCRATCH / name
    shutil.rmtree(path, ignore_errors=True)
    return path


def append(seconds):
    """One appender that waits for each append; conditions, indexes and the tree included."""
    raw = {1: ("rdb_best", {}), 256: ("rdb_pack_post", dict(pack=1, post=1)),
           4096: ("rdb_pack_post", dict(pack=1, post=1))}
    rows = {batch: Row(f"durable append, batches of {batch}", "events/s", f"{raw[batch][0]} b{batch}",
                       0.85 if batch == 1 else 0.7, 0 if batch == 1 else 0.9)
            for batch in raw}

    def measure():
        for batch, (name, options) in raw.items():
            directory = scratch("raw")
            peer = rdb("append", directory, name=name, batch=batch, secs=seconds, **options,
                       **TUNED)[f"{name}_append_sync_b{batch}"]
            shutil.rmtree(directory)
            ours = opsledger("bench", "append", "--dir", SCRATCH, "--seconds", seconds,
                             "--batch", batch)[f"append_batch{batch}"]
            rows[batch].add(ours, peer)

    return list(rows.values()), measure


def raw_scan(seconds):
    """Events per second of the peers' plain scan: unpacked, LZ4."""
    directory = scratch("raw")
    options = dict(comp="lz4", block=16, hint=1, cache=4096, n=SCANNED)
    rdb("load", directory, **options)
    found = rdb("scan", directory, name="raw", passes=2, **options)
    shutil.rmtree(directory)
    return found["raw_scan"]


def replay(seconds):
    fold = Row("replay through a plugin's typed fold", "events/s", "raw scan", 0.5, 0.8)
    scan = Row("scan", "events/s", "raw scan", 0.8)

    def measure():
        raw = raw_scan(seconds)
        found = opsledger("bench", "replay", "--dir", SCRATCH, "--seconds", seconds,
                          "--events", 200_000)
        fold.add(found["replay_typed_fold"], raw)
        found = opsledger("bench", "read", "--dir", SCRATCH, "--seconds", seconds,
                          "--events", SCANNED)
        scan.add(found["read_scan"], raw)

    return [fold, scan], measure


def tables(seconds):
    write = Row("row read and written per event, all versions kept", "rows/s",
                "raw get + put", 0.6)
    as_of = Row("as-of read of one row", "reads/s", "raw suffix get", 0.8)

    def measure():
        directory = scratch("raw")
        raw = rdb("mvcc", directory, way="suffix", secs=seconds, keys=200_000, versions=10)
        shutil.rmtree(directory)
        directory = scratch("tables")
        ours = run(BENCH / "table_bench", directory, "keys=200000", "versions=2000000",
                   f"seconds={seconds}")
        shutil.rmtree(directory)
        put, get = raw["mvcc_suffix_put"], raw["mvcc_suffix_get_newest"]
        write.add(ours["get_and_put"], 1 / (1 / put + 1 / get))
        as_of.add(ours["get_as_of"], raw["mvcc_suffix_get_asof"])

    return [write, as_of], measure


def disk(seconds):
    size = Row("bytes on disk per 250 B event", "bytes", at_most=220)

    def measure():
        directory = scratch("disk")
        found = run(BENCH / "ledger_bench", "read", directory, "events=1000000", "seconds=0.2")
        shutil.rmtree(directory)
        size.add(found["disk"])

    return [size], measure
