"""A small keep-alive HTTP client on a raw socket: fast, and exact about what is known.

`Refused`: nothing was sent. `Cut`: the connection ended before the answer; the request may have
been carried out or not.
"""

import json
import socket


class Refused(OSError):
    pass


class Cut(OSError):
    pass


class Answer:
    __slots__ = ("status", "headers", "body")

    def __init__(self, status, headers, body):
        self.status, self.headers, self.body = status, headers, body

    def json(self):
        return json.loads(self.body)


def encode(method, path, body=None, headers=()):
    """The bytes of a request; `body` is bytes or something for JSON."""
    if body is not None and not isinstance(body, bytes):
        body = json.dumps(body, separators=(",", ":")).encode()
    lines = [f"{method} {path} HTTP/1.1", "Host: localhost"]
    lines += [f"{name}: {value}" for name, value in headers]
    if body is not None:
        if not any(name.lower() == "content-type" for name, _ in headers):
            lines.append("Content-Type: application/json")
        lines.append(f"Content-Length: {len(body)}")
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + (body or b"")


class Wire:
    """One connection, opened when needed. One thread."""

    def __init__(self, port, timeout=60):
        self.port, self.timeout = port, timeout
        self.socket = None
        self.rest = b""

    def connect(self):
        if self.socket is None:
            try:
                self.socket = socket.create_connection(("127.0.0.1", self.port), self.timeout)
            except OSError as error:
                raise Refused(str(error)) from error
            self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            self.rest = b""
        return self

    def close(self):
        if self.socket is not None:
            self.socket.close()
            self.socket = None

    def request(self, method, path, body=None, headers=()):
        self.send(encode(method, path, body, headers))
        return self.answer(method == "HEAD")

    def get(self, path, headers=()):
        """The parsed body of a 200."""
        answer = self.request("GET", path, headers=headers)
        if answer.status != 200:
            raise AssertionError(f"GET {path}: {answer.status} {answer.body[:500]!r}")
        return answer.json()

    def send(self, data):
        self.connect()
        try:
            self.socket.sendall(data)
        except OSError as error:
            self.close()
            raise Cut(str(error)) from error

    def answer(self, head=False):
        status, headers = self._head()
        while status == 100:
            status, headers = self._head()
        if head or status in (204, 304):
            body = b""
        elif headers.get("transfer-encoding") == "chunked":
            body = b"".join(self._chunks())
        else:
            body = self._exactly(int(headers.get("content-length", 0)))
        if headers.get("connection", "").lower() == "close":
            self.close()
        return Answer(status, headers, body)

    def stream(self, path, headers=()):
        """Sends a GET; yields the chunks of its body as they come. The last yield may be a Cut."""
        self.send(encode("GET", path, headers=headers))
        status, _ = self._head()
        if status != 200:
            self.close()
            raise AssertionError(f"GET {path}: {status}")
        yield from self._chunks()

    def _head(self):
        head = self._until(b"\r\n\r\n").decode("latin-1").split("\r\n")
        fields = (line.partition(":") for line in head[1:])
        return (int(head[0].split(" ", 2)[1]),
                {name.lower(): value.strip() for name, _, value in fields})

    def _chunks(self):
        while True:
            size = int(self._until(b"\r\n").split(b";")[0], 16)
            data = self._exactly(size + 2)[:-2]
            if size == 0:
                return
            yield data

    def _until(self, end):
        while (at := self.rest.find(end)) < 0:
            self._more()
        found, self.rest = self.rest[:at], self.rest[at + len(end):]
        return found

    def _exactly(self, size):
        while len(self.rest) < size:
            self._more(max(65536, size - len(self.rest)))
        found, self.rest = self.rest[:size], self.rest[size:]
        return found

    def _more(self, size=65536):
        try:
            data = self.socket.recv(size)
        except OSError as error:
            self.close()
            raise Cut(str(error)) from error
        if not data:
            self.close()
            raise Cut("closed before the answer")
        self.rest += data
