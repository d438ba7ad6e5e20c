"""The checker: accepts what is right, and rejects histories that were broken by hand."""

import random
import unittest

from history import INFINITY, Event, Log, Op, check, check_log, check_registers, linearizable, \
    read_step, write_step


def log_of(*entries):
    """Entries are "op tag tag…"; "-" = not appended by a client."""
    events = []
    for entry in entries:
        op, *tags = entry.split()
        events.append(Event(frozenset(tags), None if op == "-" else op))
    return Log(events)


def append(id_, start, end, first, keys="k:1", after=None, query=None, **more):
    return Op("append", start, end, id=id_, keys=[keys.split()], first=first, last=first,
              after=after, query=[["k:1"]] if after is not None and query is None else query or [],
              result="ok", **more)


def conflict(id_, start, end, after, keys="k:1"):
    return Op("append", start, end, id=id_, keys=[keys.split()], after=after, query=[["k:1"]],
              result="conflict")


def read(start, end, seen, key="k:1"):
    return Op("read", start, end, key=key, seen=seen)


class Good(unittest.TestCase):
    def test_a_counter_kept_by_two_clients(self):
        log = log_of("- x:1", "a k:1", "b k:1", "c k:1")
        ops = [append("a", 0, 1, 2, after=0), read(0, 3, 0), conflict("d", 1.5, 2.5, 0),
               append("b", 2, 4, 3, after=2), read(3.5, 5, 3), append("c", 6, 7, 4, after=3),
               Op("head", 8, 9, seen=4), read(8, 9, 4)]
        self.assertEqual(check(ops, log), [])

    def test_unknown_outcomes_are_there_or_not(self):
        log = log_of("a k:1")
        ops = [Op("append", 0, id="a", keys=[["k:1"]]), Op("append", 0, id="b", keys=[["k:1"]]),
               Op("append", 0, id="c", keys=[["k:1"]], result="never"), read(1, 2, 0),
               read(3, 4, 1)]
        self.assertEqual(check(ops, log), [])

    def test_a_repetition_answers_with_the_first_place(self):
        log = log_of("a k:1", "b k:1")
        ops = [append("a", 0, 1, 1, after=0), append("b", 2, 3, 2), append("a", 4, 5, 1, after=0)]
        self.assertEqual(check(ops, log), [])

    def test_random_runs_of_a_true_register(self):
        """Each operation takes effect at a moment inside it."""
        dice = random.Random(1)
        for _ in range(50):
            moments = sorted(dice.random() for _ in range(60))
            calls, state = [], 0
            for number, moment in enumerate(moments, 1):
                span = (moment - dice.random() * 0.2, moment + dice.random() * 0.2)
                if dice.random() < 0.5:
                    state = number
                    calls.append((*span, write_step(INFINITY, number)))
                else:
                    calls.append((*span, read_step(state)))
            dice.shuffle(calls)
            self.assertTrue(linearizable(calls))


class Broken(unittest.TestCase):
    def rejected(self, ops, log, word, by=check_log):
        findings = by(ops, log)
        self.assertTrue(any(word in finding for finding in findings), findings)

    def test_lost_update(self):
        log = log_of("a k:1", "b k:1")
        ops = [append("a", 0, 2, 1, after=0), append("b", 1, 3, 2, after=0)]
        self.rejected(ops, log, "condition broken")
        self.rejected(ops, log, "not linearizable", check_registers)

    def test_stale_read(self):
        log = log_of("a k:1")
        ops = [append("a", 0, 1, 1), read(2, 3, 0)]
        self.rejected(ops, log, "stale read")
        self.rejected(ops, log, "not linearizable", check_registers)

    def test_reads_that_go_back(self):
        log = log_of("a k:1", "b k:1")
        ops = [append("a", 0, 9, 1), append("b", 0, 9, 2), read(1, 2, 2), read(3, 4, 1)]
        self.rejected(ops, log, "stale read")
        self.rejected(ops, log, "not linearizable", check_registers)

    def test_read_of_the_future(self):
        log = log_of("a k:1")
        ops = [read(0, 1, 1), append("a", 2, 3, 1)]
        self.rejected(ops, log, "read of the future")
        self.rejected(ops, log, "not linearizable", check_registers)

    def test_stale_read_after_a_conflict(self):
        log = log_of("a k:1")
        ops = [append("a", 0, 9, 1), conflict("b", 1, 2, 0), read(3, 4, 0)]
        self.rejected(ops, log, "stale read")
        self.rejected(ops, log, "not linearizable", check_registers)

    def test_stale_head(self):
        self.rejected([append("a", 0, 1, 1), Op("head", 2, 3, seen=0)], log_of("a k:1"),
                      "stale head")

    def test_duplicate(self):
        log = log_of("a k:1", "a k:1")
        self.rejected([Op("append", 0, id="a", keys=[["k:1"]])], log, "duplicate")
        self.rejected([append("a", 0, 1, 1)], log, "lost or moved")

    def test_half_of_an_append(self):
        ops = [Op("append", 0, id="a", keys=[["k:1"], ["k:2"]])]
        self.rejected(ops, log_of("a k:1"), "part")

    def test_lost_acknowledged_append(self):
        self.rejected([append("a", 0, 1, 1)], log_of("b k:1"), "lost")

    def test_invented_event(self):
        self.rejected([], log_of("ghost k:1"), "invented")

    def test_refused_and_kept(self):
        log = log_of("b k:1", "a k:1")
        self.rejected([append("b", 0, 1, 1), conflict("a", 2, 3, 0)], log, "invented")
        self.rejected([Op("append", 0, id="a", keys=[["k:1"]], result="never")], log_of("a k:1"),
                      "invented")

    def test_conflict_without_cause(self):
        log = log_of("a k:2", "b k:1")
        ops = [append("a", 0, 1, 1, "k:2"), conflict("c", 2, 3, 0), append("b", 4, 5, 2)]
        self.rejected(ops, log, "without cause")
        self.rejected(ops, log, "not linearizable", check_registers)

    def test_appends_against_real_time(self):
        log = log_of("b k:1", "a k:1")
        ops = [append("a", 0, 1, 2), append("b", 2, 3, 1)]
        self.rejected(ops, log, "real time")
        self.rejected(ops + [read(4, 5, 1)], log, "stale read")

    def test_repetition_with_another_place_or_another_verdict(self):
        log = log_of("a k:1")
        self.rejected([append("a", 0, 1, 1), append("a", 2, 3, 2)], log, "replay")
        self.rejected([append("a", 0, 1, 1, after=0), conflict("a", 2, 3, 0)], log, "replay")

    def test_condition_over_two_tags_of_one_item(self):
        log = log_of("a k:1 w:1", "b k:1 w:2", "c k:1 w:1")
        both = [["k:1", "w:1"]]
        good = [append("a", 0, 1, 1, "k:1 w:1"), append("b", 2, 3, 2, "k:1 w:2"),
                append("c", 4, 5, 3, "k:1 w:1", after=1, query=both)]
        self.assertEqual(check(good, log), [])
        good[2].after = 0
        self.rejected(good, log, "condition broken")


if __name__ == "__main__":
    unittest.main()
