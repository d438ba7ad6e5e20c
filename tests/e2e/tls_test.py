"""TLS by configuration, with Python's own TLS as the client."""

import http.client
import json
import socket
import ssl
import subprocess
import unittest

from harness import Case, note, run


class Tls(Case):
    def setUp(self):
        super().setUp()
        self.certificate, self.key = self.folder / "server.pem", self.folder / "server.key"
        subprocess.run(["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2",
                        "-subj", "/CN=localhost", "-addext",
                        "subjectAltName=DNS:localhost,IP:127.0.0.1", "-keyout", str(self.key),
                        "-out", str(self.certificate)], check=True, capture_output=True)
        self.options = ["--set", f"tls.certificate_file={self.certificate}",
                        "--set", f"tls.key_file={self.key}"]

    def start(self):
        server = self.serve(*self.options)
        self.assertTrue(server.url.startswith("https://127.0.0.1:"))
        self.port = int(server.url.rsplit(":", 1)[1])
        return server

    def connect(self, **options):
        context = ssl.create_default_context(cafile=str(self.certificate))
        for name, value in options.items():
            setattr(context, name, value)
        return http.client.HTTPSConnection("localhost", self.port, timeout=20, context=context)

    def call(self, connection, method, path, body=None, headers=None):
        data = None if body is None else json.dumps(body)
        connection.request(method, path, data,
                           {**({"Content-Type": "application/json"} if data else {}),
                            **(headers or {})})
        answer = connection.getresponse()
        return answer, answer.read()

    def test_requests_and_long_answers_go_through_unchanged(self):
        self.start()
        connection = self.connect()
        for first in range(0, 4000, 1000):
            events = [note(i, "x" * 900) for i in range(first, first + 1000)]
            self.assertEqual(self.call(connection, "POST", "/v1/events", {"events": events})[0].status,
                             201)
        answer, body = self.call(connection, "GET", "/v1/events?type=note.written",
                                 headers={"Accept": "application/x-ndjson"})
        self.assertEqual(answer.status, 200)
        texts = [json.loads(line)["data"]["text"] for line in body.splitlines()]
        self.assertEqual(texts, ["x" * 900] * 4000)
        self.assertEqual(connection.sock.version(), "TLSv1.3")
        older = self.connect(maximum_version=ssl.TLSVersion.TLSv1_2)
        self.assertEqual(self.call(older, "GET", "/healthz")[0].status, 200)

    def test_session_cookies_are_bound_to_it(self):
        run("user", "create", "P-0001", "--password-stdin", "--data", self.data,
            stdin="correct horse\n")
        self.start()
        answer, body = self.call(self.connect(), "POST", "/v1/sessions",
                                 {"login": "P-0001", "password": "correct horse"})
        cookie = answer.headers["Set-Cookie"]
        self.assertTrue(cookie.startswith("__Host-opsledger="))
        self.assertTrue(cookie.endswith("; Secure"))
        me = self.call(self.connect(), "GET", "/v1/me", headers={"Cookie": cookie.split(";")[0]})
        self.assertEqual(json.loads(me[1])["account"], "P-0001")
        self.assertEqual(json.loads(me[1])["csrf"], json.loads(body)["csrf"])

    def test_what_is_no_tls_is_hung_up_on_and_harms_nobody(self):
        self.start()
        connection = self.connect()
        self.assertEqual(self.call(connection, "GET", "/healthz")[0].status, 200)
        for garbage in (b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n", b"\x16\x03\x01\xff\xff" + b"\0" * 70000,
                        b""):
            with socket.create_connection(("127.0.0.1", self.port), timeout=20) as plain:
                try:
                    plain.sendall(garbage)
                    plain.shutdown(socket.SHUT_WR)
                    self.assertNotIn(b"HTTP/1.1 200", plain.recv(65536))
                except OSError:
                    pass
        self.assertEqual(self.call(connection, "GET", "/healthz")[0].status, 200)

    def test_a_certificate_that_cannot_be_used_is_named(self):
        self.key.write_text("no key\n")
        error = run("serve", "--data", self.data, "--listen", "127.0.0.1:0", *self.options, code=1)
        self.assertIn("server.key", error)
        missing = ["--set", f"tls.certificate_file={self.folder / 'none.pem'}"]
        self.assertIn("none.pem", run("serve", "--data", self.data, "--listen", "127.0.0.1:0",
                                      *missing, code=1))


if __name__ == "__main__":
    unittest.main()
