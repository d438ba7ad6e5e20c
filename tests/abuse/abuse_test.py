"""What clients must not be able to do to the server: each case is an attack over real HTTP."""

import contextlib
import resource
import threading
import time
import unittest

from abuse import AbuseCase, Wire, encode, push, raise_file_limit, read_all, reset, scaled, statuses
from bytes_test import Bytes  # noqa: F401 (run with the others)


class Connections(AbuseCase):
    def test_slowloris(self):
        """A thousand connections that send a byte now and then are dropped in time."""
        self.start(header_timeout_ms=1500)
        text = b"GET /v1/events HTTP/1.1\r\nHost: localhost\r\nX-Padding: " + b"x" * 500
        with self.abuse(growth_mb_max=32):
            dribbling = [self.connect() for _ in range(scaled(1000))]
            for at in range(20):
                for sock in dribbling:
                    with contextlib.suppress(OSError):
                        sock.send(text[at:at + 1])
                time.sleep(0.1)
            answers = [statuses(read_all(sock)) for sock in dribbling]
        self.assertTrue(all(answer in ([408], []) for answer in answers), answers[:5])
        self.assertIn([408], answers)

    def test_idle_connections(self):
        """Ten thousand connections that ask for nothing cost little and are closed in time."""
        count = scaled(10_000)
        self.assertGreater(raise_file_limit(count + 200), count + 100)
        self.start(idle_timeout_ms=3000 + count)
        memory = []
        with self.abuse(growth_mb_max=16 + count * 8 / 1024,  # 8 KiB each
                        return_mb=16 + count * 8 / 1024):
            for _ in range(2):
                opened = [self.connect() for _ in range(count)]
                self.assertGreater(self.metric("opsledger_http_connections"), count * 0.9)
                opened[-1].send(encode("GET", "/healthz"))
                self.assertTrue(opened[-1].recv(100).startswith(b"HTTP/1.1 200"))
                self.assertEqual(read_all(opened[0]), b"")  # closed without a word
                memory.append(self.watch.now())
                self.close_all()
        # What the allocator keeps of the first crowd serves the second.
        self.assertLess(memory[1], memory[0] + 16)

    def test_the_server_raises_its_own_limit_of_open_files(self):
        soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
        resource.setrlimit(resource.RLIMIT_NOFILE, (300, hard))
        self.start()
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
        raised, _ = resource.prlimit(self.server.process.pid, resource.RLIMIT_NOFILE)
        self.assertGreaterEqual(raised, min(hard, 12_000))

    def test_connections_beyond_the_limit_are_told_so(self):
        self.start(connections_max=50)
        opened = [self.connect() for _ in range(200)]
        answers = [read_all(sock) for sock in opened[-20:]]
        for answer in answers:
            self.assertEqual(statuses(answer), [503])
            self.assertIn(b"retry-after", answer.lower())
        self.close_all()
        self.assertEqual(Wire(self.port).request("GET", "/readyz").status, 200)

    def test_churn(self):
        """Connections that come and go, many in the middle of a request."""
        self.start()
        append = encode("POST", "/v1/events", {"events": [{"type": "churn.note", "tags": [],
                                                           "data": {}}]})
        with self.abuse(growth_mb_max=32):
            for number in range(scaled(10_000)):
                sock = self.connect()
                self.sockets.pop()
                sock.send(append[:self.dice.randrange(len(append))] or b"x")
                reset(sock) if number % 2 else sock.close()
        self.assertEqual(self.server.get("/v1/events?type=churn.note"), [])

    def test_half_closed_sockets_get_their_answer(self):
        self.start()
        for _ in range(scaled(500)):
            sock = self.connect()
            sock.send(encode("GET", "/v1/events?limit=3"))
            sock.shutdown(1)
            self.assertEqual(statuses(read_all(sock)), [200])

    def test_pipelined_flood(self):
        """Requests without end and nobody who reads the answers: the server stops taking them."""
        self.start(write_timeout_ms=2000)
        flood = encode("GET", "/v1/events?limit=10") * 200
        with self.abuse(growth_mb_max=48):
            floods = [self.connect(receive_bytes=4096, timeout=1) for _ in range(scaled(100))]
            sent = [push(sock, flood * 2000) for sock in floods]
        self.assertLess(max(sent), len(flood) * 2000)

    def test_pipelined_requests_are_answered_in_order(self):
        self.start()
        wire = Wire(self.port).connect()
        count = scaled(10_000)
        sender = threading.Thread(target=wire.send, args=(b"".join(
            encode("GET", f"/v1/events/{1 + i % 5}") for i in range(count)),))
        sender.start()
        positions = [wire.answer().json()["position"] for _ in range(count)]
        sender.join()
        self.assertEqual(positions, [str(1 + i % 5) for i in range(count)])


class Streams(AbuseCase):
    def test_stream_readers_that_stop_reading(self):
        """They cost no memory and hold nobody up; the server closes them."""
        raise_file_limit(4000)
        self.start(write_timeout_ms=3000)
        stuck = [self.connect(receive_bytes=4096) for _ in range(scaled(1000))]
        for sock in stuck:
            sock.send(encode("GET", "/v1/events/stream?type=flood.note&after=head"))
        for sock in stuck:
            self.assertTrue(sock.recv(4096).startswith(b"HTTP/1.1 200"))
        events = [{"type": "flood.note", "tags": ["flood:1"], "data": {"text": "x" * 200}}] * 500
        batch = encode("POST", "/v1/events", {"events": events})
        with self.abuse(growth_mb_max=96, return_mb=80):  # what was appended is in caches
            wire = Wire(self.port)
            for _ in range(scaled(200)):
                wire.send(batch)
                self.assertEqual(wire.answer().status, 201)
            wire.close()
            # A reader that reads is not held up by those that do not.
            live = Wire(self.port).stream("/v1/events/stream?type=flood.note&after=0")
            seen = b""
            while seen.count(b"\nid:") + seen.startswith(b"id:") < 100:
                seen += next(live)
            live.close()
            until = time.monotonic() + 20
            while self.metric("opsledger_http_streams") > len(stuck) / 2 \
                    and time.monotonic() < until:
                time.sleep(0.1)
            self.assertLessEqual(self.metric("opsledger_http_streams"), len(stuck) / 2)

    def test_distinct_filters_beyond_the_limit_are_told_to_come_back(self):
        self.start(stream_heartbeat_ms=1000)  # the second one after a close finds it
        with self.abuse(growth_mb_max=64):
            streams = [self.connect() for _ in range(300)]
            answers = []
            for number, sock in enumerate(streams):
                sock.send(encode("GET", f"/v1/events/stream?tag=filter:{number}&after=head"))
                answers.append(sock.recv(4096))
            refused = [answer for answer in answers if answer.startswith(b"HTTP/1.1 503")]
            self.assertEqual(len(refused), 300 - 256)
            self.assertTrue(all(b"retry-after" in answer.lower() for answer in refused))
            self.server.append(*({"type": "f.note", "tags": [f"filter:{n}"], "data": {}}
                                 for n in range(256)))
            for sock in streams[:256]:
                while b"id:" not in sock.recv(4096):
                    pass
        self.assertEqual(self.metric("opsledger_http_stream_filters"), 0)


class Bodies(AbuseCase):
    def test_headers_of_100_megabytes(self):
        self.start()
        line = b"X-Padding: " + b"x" * 1000 + b"\r\n"
        with self.abuse(growth_mb_max=24):
            for _ in range(scaled(50)):
                sock = self.connect()
                sock.send(b"GET /v1/events HTTP/1.1\r\nHost: localhost\r\n")
                sent = push(sock, line * 100_000)
                self.assertLess(sent, 10_000 * len(line))  # what the kernel had buffered
                self.assertIn(statuses(read_all(sock)), ([431], []))  # [] = reset on the way
        sock = self.connect()
        sock.send(b"GET /v1/events HTTP/1.1\r\nHost: localhost\r\n" + line * 40)
        self.assertEqual(statuses(read_all(sock)), [431])

    def test_chunked_bodies_without_end(self):
        self.start()
        chunk = b"10000\r\n" + b"x" * 65536 + b"\r\n"
        with self.abuse(growth_mb_max=160):
            for _ in range(scaled(50)):
                sock = self.connect()
                sock.send(b"POST /v1/events HTTP/1.1\r\nHost: localhost\r\nContent-Type: "
                          b"application/json\r\nTransfer-Encoding: chunked\r\n\r\n")
                sent = push(sock, chunk * 500)
                self.assertLess(sent, 400 * len(chunk))
                self.assertIn(statuses(read_all(sock)), ([413], []))

    def test_bodies_that_dribble_or_never_come(self):
        self.start(body_timeout_ms=1000)
        head = (b"POST /v1/events HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
                b"Content-Length: 4000000\r\n\r\n")
        with self.abuse(growth_mb_max=64):
            waiting = [self.connect() for _ in range(scaled(400))]
            for sock in waiting:
                sock.send(head + b"{")
            answers = [statuses(read_all(sock)) for sock in waiting]
        self.assertLessEqual({answer[0] for answer in answers if answer}, {408, 503})

    def test_deep_json(self):
        self.start()
        levels = 1_000_000
        bodies = [b"[" * levels, b'{"events":' * (levels // 10), b'{"events":[' + b"[" * levels,
                  b'{"query":{"items":' + b'[{"tags":' * 100_000]
        with self.abuse(growth_mb_max=96):
            for body in bodies * scaled(50):
                for path in ("/v1/events", "/v1/events/query", "/v1/commands/incident.raise"):
                    answer = self.wire.request("POST", path, body)
                    self.assertEqual(answer.status, 400, answer.body[:200])
                    self.assertIn("too deep", answer.json()["detail"])

    def test_giant_queries(self):
        self.start()
        items = [{"tags": [f"a:{i}", f"b:{i}"]} for i in range(10_000)]
        with self.abuse(growth_mb_max=96):
            for _ in range(scaled(100)):
                answer = self.wire.request("POST", "/v1/events/query", {"query": {"items": items}})
                self.assertIn(answer.status, (413, 422), answer.body[:200])
                wide = {"events": [{"type": "a.b", "tags": [], "data": {}}],
                        "condition": {"query": {"items": items}}}
                self.assertIn(self.wire.request("POST", "/v1/events", wide).status, (413, 422))
                sock = self.connect()
                push(sock, b"GET /v1/events?tag=" + b"x" * (1 << 20) + b" HTTP/1.1\r\n\r\n")
                self.assertIn(statuses(read_all(sock)), ([414], [431], []))
        path = "/v1/tables/incident.open?or=(" + "not." * 1500 + "level.eq.1)"
        self.assertIn(self.wire.request("GET", path).status, (400, 413, 414))
        path = "/v1/tables/incident.open?" + "and=" + "(and" * 1500 + ")" * 1500
        self.assertIn(self.wire.request("GET", path).status, (400, 413, 414))


class Commands(AbuseCase):
    def test_stampede_on_one_tag(self):
        """A thousand commands at once on one incident: each is decided once and answered."""
        raise_file_limit(4000)
        self.start()
        self.assertEqual(self.server.command("incident.raise", incident="IN-1", title="t",
                                             category="c", level=2)[0], 200)
        count = scaled(1000)
        with self.abuse(growth_mb_max=96):
            crowd = [Wire(self.port, timeout=60).connect() for _ in range(count)]
            for number, wire in enumerate(crowd):
                wire.send(encode("POST", "/v1/commands/incident.add_note",
                                 {"incident": "IN-1", "text": f"note {number}"}))
            answers = [wire.answer() for wire in crowd]
            for wire in crowd:
                wire.close()
        good = [answer for answer in answers if answer.status == 200]
        self.assertTrue(all(answer.status == 200 or
                            (answer.status == 503 and "retry-after" in answer.headers)
                            for answer in answers), {answer.status for answer in answers})
        self.assertGreater(len(good), count / 2)
        head = self.server.get("/readyz")["position"]
        row = self.server.get("/v1/tables/incident.incidents/rows/IN-1"
                              f"?min_position={head}")
        self.assertEqual(row["notes"], len(good))
        orders = [Wire(self.port, timeout=60).connect() for _ in range(count)]
        for wire in orders:
            wire.send(encode("POST", "/v1/commands/order.receive", {
                "invoice": "O-1", "channel": "web", "channel_no": "1", "country": "FR",
                "currency": "EUR", "lines": [{"sku": "A", "quantity": 1, "unit_price": "1"}]}))
        won = [wire.answer().status for wire in orders]
        self.assertEqual(won.count(200), 1)
        self.assertLessEqual(set(won), {200, 422, 503})


if __name__ == "__main__":
    unittest.main()
