"""Requests that are wrong byte by byte: each gets the right refusal, and nothing is smuggled."""

import unittest

from abuse import AbuseCase, read_all, scaled, statuses

EVENT = b'{"events":[{"type":"smuggled.note","tags":[],"data":{}}]}'
HOST = b"Host: localhost\r\n"
JSON = b"Content-Type: application/json\r\n"
SMUGGLED = (b"POST /v1/events HTTP/1.1\r\n" + HOST + JSON +
            b"Content-Length: %d\r\n\r\n" % len(EVENT) + EVENT)


def post(*lines, body=b""):
    return (b"POST /v1/events HTTP/1.1\r\n" + HOST + JSON +
            b"".join(line + b"\r\n" for line in lines) + b"\r\n" + body)


def get(path, *lines):
    return (b"GET " + path + b" HTTP/1.1\r\n" + HOST +
            b"".join(line + b"\r\n" for line in lines) + b"Connection: close\r\n\r\n")


def append(data, tags=b"[]", more=b""):
    body = b'{"events":[{"type":"odd.note","tags":' + tags + b',"data":' + data + more + b"}]}"
    return post(b"Content-Length: %d" % len(body), b"Connection: close", body=body)


class Bytes(AbuseCase):
    def setUp(self):
        super().setUp()
        self.start(header_timeout_ms=1000, body_timeout_ms=1000)

    def send(self, raw):
        sock = self.connect()
        sock.sendall(raw)
        sock.shutdown(1)
        found = statuses(read_all(sock))
        self.close_all()
        return found

    def expect(self, allowed, raw):
        with self.subTest(raw[:120]):
            found = self.send(raw)
            self.assertEqual(len(found), 1, found)
            self.assertIn(found[0], allowed)

    def test_smuggling(self):
        """Where the length is in doubt the request is refused and nothing after it is read."""
        length = b"Content-Length: 4"
        for raw in (post(length, b"Transfer-Encoding: chunked", body=b"0\r\n\r\n" + SMUGGLED),
                    post(b"Transfer-Encoding: chunked", length, body=b"0\r\n\r\n" + SMUGGLED),
                    post(length, b"Content-Length: 0", body=b"{}  " + SMUGGLED),
                    post(b"Content-Length: 4, 0", body=b"{}  " + SMUGGLED),
                    post(b"Content-Length: +4", body=b"{}  " + SMUGGLED),
                    post(b"Content-Length: -1", body=SMUGGLED),
                    post(b"Content-Length: 0x4", body=b"{}  " + SMUGGLED),
                    post(b"Content-Length: 99999999999999999999999", body=SMUGGLED),
                    post(b"Content-Length : 4", body=b"{}  " + SMUGGLED),
                    post(b" Content-Length: 4", body=b"{}  " + SMUGGLED),
                    post(b"Transfer-Encoding: xchunked", body=b"0\r\n\r\n" + SMUGGLED),
                    post(b"Transfer-Encoding: chunked, identity", body=b"0\r\n\r\n" + SMUGGLED),
                    post(b"Transfer-Encoding: chunked\r\nTransfer-Encoding: identity",
                         body=b"0\r\n\r\n" + SMUGGLED),
                    post(b"Transfer-Encoding:\x0bchunked", body=b"0\r\n\r\n" + SMUGGLED),
                    post(b"Transfer-Encoding: chunked", body=b"-1\r\n\r\n" + SMUGGLED),
                    post(b"Transfer-Encoding: chunked",
                         body=b"fffffffffffffffff\r\n" + SMUGGLED),
                    post(b"Transfer-Encoding: chunked", body=b"2\r\n{}XX0\r\n\r\n" + SMUGGLED),
                    b"POST /v1/events HTTP/1.1\n" + HOST + b"\n" + SMUGGLED,
                    post(b"X: a\nContent-Length: 0", length, body=b"{}  " + SMUGGLED),
                    post(b"X: a\rContent-Length: 0", length, body=b"{}  " + SMUGGLED)):
            self.expect({400, 413, 415, 501}, raw)
        self.assertEqual(self.server.get("/v1/events?type=smuggled.note"), [])

    def test_request_lines_and_hosts(self):
        for raw in (b"GET\r\n\r\n", b"GET / HTTP/9.9\r\n" + HOST + b"\r\n",
                    b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n",
                    b"GET /v1/events HTTP/1.1\r\n\r\n",
                    b"GET /v1/events HTTP/1.1\r\n" + HOST + HOST + b"\r\n",
                    get(b"/v1/events\x00"), get(b"/v1/ev\xff\xfe"), get(b"/v1/events", b"X\x00: a"),
                    get(b"/v1/events", b"X: a\x00b"), get(b"no-slash")):
            self.expect({400, 404, 505}, raw)
        self.expect({421}, b"GET /v1/events HTTP/1.1\r\nHost: evil.example\r\n\r\n")

    def test_an_unknown_method_is_not_implemented(self):
        self.expect({501}, b"FOO /v1/events HTTP/1.1\r\n" + HOST + b"\r\n")
        self.expect({405}, b"DELETE /v1/events HTTP/1.1\r\n" + HOST + b"\r\n")

    def test_empty_lines_before_a_request_are_ignored(self):
        self.expect({200}, b"\r\n\r\n" + get(b"/healthz"))
        sock = self.connect()
        for part in (b"\r", b"\n", b"\r\n", get(b"/healthz")):
            sock.sendall(part)
        self.assertEqual(statuses(read_all(sock)), [200])
        sock = self.connect()
        sock.sendall(b"\r\n" * 100_000)
        self.assertEqual(statuses(read_all(sock)), [400])

    def test_encoded_paths_are_the_paths_they_stand_for(self):
        self.expect({200}, get(b"/v1/%65vents?limit=1"))
        self.expect({200}, get(b"/%76%31/events/%31"))
        self.expect({404}, get(b"/v1%2fevents"))
        self.expect({400, 404}, get(b"/v1/events/%zz"))
        self.expect({400, 404}, get(b"/v1/events/%ff"))

    def test_traversal(self):
        for path in (b"/../../etc/passwd", b"/tlog/tile/../../../etc/passwd",
                     b"/tlog/tile/%2e%2e/%2e%2e/etc/passwd", b"/tlog/tile/0/..%2f..%2fFORMAT",
                     b"/tlog/tile/entries/x../001", b"//etc/passwd", b"/v1/tables/../events",
                     b"/tlog/tile/0/000.p/256", b"/tlog/tile/0/x999/x999/x999/x999/x999/x999/999"):
            self.expect({400, 404}, get(path))

    def test_repeated_parameters_are_refused(self):
        for query in (b"limit=1&limit=2", b"after=0&after=1",
                      b"direction=forward&direction=backward"):
            self.expect({400}, get(b"/v1/events?" + query))
        self.expect({400}, get(b"/v1/events/stream?after=0&after=1"))
        for query in (b"limit=1&limit=2", b"offset=1&offset=2", b"select=title&select=level",
                      b"as_of=1&as_of=2", b"order=title&order=level"):
            self.expect({400}, get(b"/v1/tables/incident.open?" + query))

    def test_numbers_beyond_all_bounds(self):
        huge = b"9" * 400
        for path in (b"/v1/events/" + huge, b"/v1/events/-1", b"/v1/events/1e3", b"/v1/events/+1",
                     b"/v1/events?after=" + huge, b"/v1/events?limit=-1",
                     b"/v1/events?after=18446744073709551616",
                     b"/v1/tables/incident.open?limit=" + huge,
                     b"/v1/tables/incident.open?as_of=" + huge,
                     b"/v1/audit/proof?position=" + huge, b"/tlog/tile/99/000",
                     b"/v1/tables/incident.open?level=eq." + huge):
            self.expect({400, 404, 422}, get(path))
        self.expect({200}, get(b"/v1/events?after=18446744073709551615"))
        self.expect({200, 400, 422}, get(b"/v1/events?limit=18446744073709551615"))
        for number in (b"1e999", b"-1e999", huge, b"NaN", b"Infinity", b"01", b"1.", b"-"):
            self.expect({201, 400, 422}, append(number))
        condition = b'{"events":[{"type":"a.b","tags":[],"data":{}}],"condition":' \
                    b'{"query":{"items":[{"tags":["a:b"]}]},"after":%s}}'
        for number in (huge, b"-1", b"1.5", b'"1"', b"18446744073709551616", b"null"):
            body = condition % number
            self.expect({400, 422}, post(b"Content-Length: %d" % len(body), b"Connection: close",
                                         body=body))

    def test_text_that_is_no_text(self):
        for text in (b'"\xff\xfe"', b'"\xc0\x80"', b'"\xed\xa0\x80"', b'"\xf4\x90\x80\x80"',
                     b'"\\ud800"', b'"a\x00b"', b'"\x01"'):
            self.expect({400, 422}, append(text))
            self.expect({400, 422}, append(b"{}", tags=b"[" + text + b"]"))
        self.expect({422}, append(b"{}", tags=b'["a:b\\u0000c"]'))
        self.expect({201}, append(b'"a\\u0000b"'))
        for path in (b"/v1/events?tag=a:%ff", b"/v1/events?tag=%c0%80", b"/v1/events?tag=a:%00"):
            self.expect({200, 400, 422}, get(path))
        for name in (b"X-Department", b"X-Reason", b"Idempotency-Key"):
            for value in (b"%ff", b"%zz", b"\xff", b"%00", b"x" * 5000):
                self.expect({201, 400, 422}, post(name + b": " + value,
                                                  b"Content-Length: %d" % len(EVENT),
                                                  b"Connection: close", body=EVENT))

    def test_random_damage_to_good_requests(self):
        """Some bytes of a good request changed, dropped or doubled: never 500, never a hang."""
        requests = [SMUGGLED.replace(b"smuggled", b"damaged"), get(b"/v1/events?tag=a:b&limit=3"),
                    get(b"/v1/tables/incident.open?level=eq.1&order=title.desc"),
                    post(b"Transfer-Encoding: chunked",
                         body=b"%x\r\n" % len(EVENT) + EVENT + b"\r\n0\r\n\r\n")]
        for _ in range(scaled(20_000)):
            raw = bytearray(self.dice.choice(requests))
            for _ in range(self.dice.randrange(1, 4)):
                at = self.dice.randrange(len(raw))
                kind = self.dice.randrange(3)
                if kind == 0:
                    raw[at] = self.dice.randrange(256)
                elif kind == 1:
                    del raw[at:at + self.dice.randrange(1, 9)]
                else:
                    raw[at:at] = raw[at:at + self.dice.randrange(1, 9)]
            found = self.send(bytes(raw))
            self.assertFalse([status for status in found if status >= 500 and status != 501
                              and status != 505], bytes(raw))
        self.assertEqual(self.server.get("/readyz")["status"], "ready")
        self.server.get("/v1/events?type=damaged.note&limit=5")


if __name__ == "__main__":
    unittest.main()
