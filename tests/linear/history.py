"""What concurrent clients saw, and whether it is linearizable with respect to conditions.

A history is a list of `Op`, and the final log. Since an append answers with its positions, the
order of successes is known: `check_log` holds every answer to it (real time, conditions, conflicts,
lost and unknown outcomes, replays). `check_registers` does not use that knowledge for
anything but the order of writes: it searches a linearization of each key's register (Wing and
Gong's search with Lowe's memory of states seen).
"""

import bisect
import collections
import dataclasses
import math

INFINITY = math.inf


@dataclasses.dataclass
class Op:
    """One request. `end` is infinite when its outcome is unknown.

    kind    "append", "read" (newest event with the tag `key`), "head" (durable position)
    key     what a read asked for, a tag
    id      the operation's name, kept in its events; a repetition has the same one
    keys    the tags of the events appended, one list per event
    after   of the condition, or None
    query   tags of the condition's items, one list per item
    result  append: "ok" | "conflict" | "unknown" | "never" (certainly not carried out)
    first   append "ok": the position; last likewise
    seen    read, head: the position answered, 0 = none
    """
    kind: str
    start: float
    end: float = INFINITY
    key: str = ""
    id: str = ""
    keys: list = dataclasses.field(default_factory=list)
    after: int | None = None
    query: list = dataclasses.field(default_factory=list)
    result: str = "unknown"
    first: int = 0
    last: int = 0
    seen: int = 0


@dataclasses.dataclass
class Event:
    tags: frozenset
    op: str | None  # of the operation that appended it; None = the server's own


class Log:
    """The final log; `events[i]` has position i + 1."""

    def __init__(self, events):
        self.events = events
        self.by_tag = collections.defaultdict(list)
        self.by_op = collections.defaultdict(list)
        for position, event in enumerate(events, 1):
            for tag in event.tags:
                self.by_tag[tag].append(position)
            if event.op is not None:
                self.by_op[event.op].append(position)

    def matches(self, query, after, before):
        """Positions after < p < before that match any item, as an iterator."""
        for tags in query:
            rarest = min((self.by_tag.get(tag, []) for tag in tags), key=len)
            for at in range(bisect.bisect_right(rarest, after), len(rarest)):
                if rarest[at] >= before:
                    break
                if self.events[rarest[at] - 1].tags.issuperset(tags):
                    yield rarest[at]


def check(ops, log):
    """All findings, as text."""
    return check_log(ops, log) + check_registers(ops, log)


def check_log(ops, log):
    return (check_outcomes(ops, log) + check_conditions(ops, log) + check_conflicts(ops, log)
            + check_real_time(ops, log))


def check_outcomes(ops, log):
    """Acknowledged is there, exactly once and where it was said to be; unknown is there once or not
    at all and never in part; nothing else is there. Repetitions of one id tell one story."""
    findings = []
    known = collections.defaultdict(list)
    for op in ops:
        if op.kind == "append":
            known[op.id].append(op)
    for id_, tries in known.items():
        there = log.by_op.get(id_, [])
        accepted = min((op.end for op in tries if op.result == "ok"), default=INFINITY)
        if any(op.result == "conflict" and op.start > accepted for op in tries):
            findings.append(f"replay: {id_} was accepted, then refused")
        places = {(op.first, op.last) for op in tries if op.result == "ok"}
        if len(places) > 1:
            findings.append(f"replay: {id_} was answered with {sorted(places)}")
        for first, last in places:
            if there != list(range(first, last + 1)):
                findings.append(f"lost or moved: {id_} at {first}..{last}, the log has {there}")
        if not there:
            continue
        if all(op.result in ("conflict", "never") for op in tries):
            findings.append(f"invented: {id_} was refused, the log has it at {there}")
        if there != list(range(there[0], there[0] + len(tries[0].keys))):
            findings.append(f"duplicate or part: {id_} is at {there}")
        elif any(log.events[p - 1].tags < frozenset(tags)
                 for p, tags in zip(there, tries[0].keys)):
            findings.append(f"changed: {id_} at {there} has other tags than were sent")
    findings += [f"invented: {id_} at {positions}" for id_, positions in log.by_op.items()
                 if id_ not in known]
    return findings


def check_conditions(ops, log):
    """Between `after` and an append's first event nothing matches its condition."""
    findings = []
    for op in ops:
        if op.kind != "append" or op.after is None:
            continue
        first = op.first if op.result == "ok" else next(iter(log.by_op.get(op.id, [])), 0)
        match = next(log.matches(op.query, op.after, first), None) if first else None
        if match is not None:
            findings.append(f"condition broken: {op.id} at {first} in spite of {match} "
                            f"after {op.after}")
    return findings


def check_conflicts(ops, log):
    """Some event that matched was on its way before the conflict was answered."""
    started = first_starts(ops, log)
    findings = []
    for op in ops:
        if op.kind == "append" and op.result == "conflict":
            cause = (started.get(p, -INFINITY)
                     for p in log.matches(op.query, op.after, len(log.events) + 1))
            if not any(start < op.end for start in cause):
                findings.append(f"conflict without cause: {op.id} after {op.after} {op.query}")
    return findings


def first_starts(ops, log):
    """position -> when its append was first sent."""
    starts = {}
    for op in ops:
        if op.kind == "append":
            for position in log.by_op.get(op.id, []):
                starts[position] = min(op.start, starts.get(position, INFINITY))
    return starts


def check_real_time(ops, log):
    """What was answered before a request was sent, is before it: appends get later positions, reads
    see it, conflicts are about it; and nobody reads what was not yet sent."""
    findings = []
    started = first_starts(ops, log)
    ended = sorted((op for op in ops if op.end < INFINITY), key=lambda op: op.end)
    done, head, newest = 0, 0, collections.defaultdict(int)  # of what ended before
    for op in sorted(ops, key=lambda op: op.start):
        while done < len(ended) and ended[done].end < op.start:
            before = ended[done]
            done += 1
            head = max(head, before.last if before.result == "ok" else 0, before.seen)
            if before.kind == "read":
                newest[before.key] = max(newest[before.key], before.seen)
            elif before.kind == "append" and before.result == "ok":
                for position in range(before.first, before.last + 1):
                    for tag in log.events[position - 1].tags if position <= len(log.events) else ():
                        newest[tag] = max(newest[tag], position)
            elif before.kind == "append" and before.result == "conflict" and len(before.query) == 1:
                settle_conflict(before, log, newest)
        findings += check_one(op, log, head, newest, started)
    return findings


def settle_conflict(op, log, newest):
    """Who was told of a conflict must see at least the earliest event that can be its cause."""
    tags = op.query[0]
    if len(tags) == 1:
        cause = next(log.matches(op.query, op.after, len(log.events) + 1), 0)
        newest[tags[0]] = max(newest[tags[0]], cause)


def check_one(op, log, head, newest, started):
    if op.kind == "append" and op.result == "ok":
        # A repetition answers with the place of the first try, which may be older.
        if op.first <= head and started.get(op.first, -INFINITY) >= op.start:
            return [f"real time: {op.id} got {op.first}, {head} was known before"]
    elif op.kind == "head" and op.end < INFINITY:
        if op.seen < head:
            return [f"stale head: {op.seen}, {head} was known before"]
    elif op.kind == "read" and op.end < INFINITY:
        if op.seen < newest[op.key]:
            return [f"stale read: {op.key} at {op.seen}, {newest[op.key]} was known before"]
        if op.seen and (op.seen > len(log.events)
                        or op.key not in log.events[op.seen - 1].tags):
            return [f"read of nothing: {op.key} at {op.seen}"]
        if op.seen and started.get(op.seen, -INFINITY) > op.end:
            return [f"read of the future: {op.key} at {op.seen}"]
    return []


# --- the search -----------------------------------------------------------------------------------

def check_registers(ops, log):
    """Each key alone: is there an order of its operations that respects real time and in which
    each answer is right? State: the position of the key's newest event."""
    findings = []
    for key, calls in register_calls(ops, log).items():
        if not linearizable(calls):
            findings.append(f"not linearizable: register {key}, {len(calls)} operations")
    return findings


def register_calls(ops, log):
    """key -> [(start, end, step)]; a step maps a state to the next one, or None where its answer
    would have been wrong."""
    calls = collections.defaultdict(list)
    answered = collections.defaultdict(lambda: INFINITY)  # id -> when its first answer came
    for op in ops:
        if op.kind == "append" and op.result == "ok":
            answered[op.id] = min(answered[op.id], op.end)
    placed = set()
    for op in sorted(ops, key=lambda op: op.start):
        guarded = [tags[0] for tags in op.query if len(tags) == 1] if op.after is not None else []
        if op.kind == "read" and op.end < INFINITY:
            calls[op.key].append((op.start, op.end, read_step(op.seen)))
        elif op.result == "conflict" and len(op.query) == len(guarded) == 1:
            calls[guarded[0]].append((op.start, op.end, conflict_step(op.after)))
        elif op.kind == "append" and op.id in log.by_op and op.id not in placed:
            placed.add(op.id)
            for tag in sorted({tag for tags in op.keys for tag in tags}):
                newest = max((p for p in log.by_op[op.id] if tag in log.events[p - 1].tags),
                             default=0)
                step = write_step(op.after if tag in guarded else INFINITY, newest)
                calls[tag].append((op.start, answered[op.id], step))
    return calls


def read_step(seen):
    return lambda state: state if state == seen else None


def conflict_step(after):
    return lambda state: state if state > after else None


def write_step(after, position):
    """Positions only grow: the answers name the order, and the search must find that one."""
    return lambda state: None if state >= position or state > after else position


def linearizable(calls):
    """Wing and Gong: take any call that no other call ended before, try it, go on, or take it back.
    Lowe: never visit a (set of calls taken, state) twice. A call that fits and changes nothing is
    never better taken later, so nothing else is tried in its place."""
    waiting = Waiting(calls)
    left = sum(1 for _, end, _ in calls if end < INFINITY)  # what never ended may stay untaken
    state, taken, seen, stack = 0, 0, set(), []
    at = waiting.first()
    while left > 0:
        call = waiting.call(at)
        if call is None:  # a return, or the end: what was taken so far cannot be right
            if not stack:
                return False
            at, state = stack.pop()
            call = waiting.call(at)
            taken ^= 1 << call
            left += calls[call][1] < INFINITY
            waiting.put_back(at)
            # What changed nothing was no choice: go on taking back.
            at = waiting.end() if calls[call][2](state) == state else waiting.after(at)
            continue
        following = calls[call][2](state)
        if following is None or (taken | 1 << call, following) in seen:
            at = waiting.after(at)
            continue
        stack.append((at, state))
        state, taken = following, taken | 1 << call
        seen.add((taken, state))
        left -= calls[call][1] < INFINITY
        waiting.take(at)
        at = waiting.first()
    return True


class Waiting:
    """The calls not yet taken, as a list of their beginnings and ends in order of time."""

    def __init__(self, calls):
        entries = sorted([(start, 0, i) for i, (start, _, _) in enumerate(calls)]
                         + [(end, 1, i) for i, (_, end, _) in enumerate(calls) if end < INFINITY])
        self.begins = [kind == 0 for _, kind, _ in entries]
        self.which = [call for _, _, call in entries]
        self.end_of = {call: at for at, (_, kind, call) in enumerate(entries) if kind == 1}
        # A ring through a last element that is neither beginning nor end.
        self.size = len(entries)
        self.next = [*range(1, self.size + 1), 0]
        self.previous = [self.size, *range(self.size)]

    def first(self):
        return self.next[self.size]

    def after(self, at):
        return self.next[at]

    def end(self):
        return self.size

    def call(self, at):
        """The call that begins here, or None."""
        return self.which[at] if at < self.size and self.begins[at] else None

    def take(self, at):
        for entry in self._both(at):
            self.next[self.previous[entry]] = self.next[entry]
            self.previous[self.next[entry]] = self.previous[entry]

    def put_back(self, at):
        for entry in reversed(self._both(at)):
            self.next[self.previous[entry]] = entry
            self.previous[self.next[entry]] = entry

    def _both(self, at):
        end = self.end_of.get(self.which[at])
        return [at] if end is None else [at, end]
