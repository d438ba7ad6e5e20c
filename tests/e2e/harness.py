"""Starts the real binary with the real plugins on a temporary data directory. Loopback only."""

import json
import os
import pathlib
import shutil
import signal
import socket
import subprocess
import tempfile
import unittest
import urllib.error
import urllib.request

BINARY = os.environ["OPSLEDGER_BINARY"]
ROOT = pathlib.Path(__file__).resolve().parents[2]


def run(*arguments, code=0, stdin=None):
    """Runs one command and returns its standard output; the exit code must be `code`."""
    done = subprocess.run([BINARY, *map(str, arguments)], capture_output=True, text=True,
                          input=stdin, stdin=None if stdin is not None else subprocess.DEVNULL,
                          timeout=600)
    if done.returncode != code:
        raise AssertionError(f"opsledger {' '.join(map(str, arguments))} gave {done.returncode}, "
                             f"expected {code}\n{done.stdout[-2000:]}\n{done.stderr[-2000:]}")
    return done.stdout if code == 0 else done.stderr


class Server:
    """One `opsledger serve` on an ephemeral port."""

    def __init__(self, data, *arguments, listen="127.0.0.1:0"):
        self.log = open(str(data) + ".log", "a+")
        self.process = subprocess.Popen(
            [BINARY, "serve", "--data", str(data), "--listen", listen, *arguments],
            stdout=subprocess.PIPE, stderr=self.log, stdin=subprocess.DEVNULL, text=True)
        line = self.process.stdout.readline()
        if "ready at " not in line:
            self.stop()
            text = pathlib.Path(self.log.name).read_text()
            raise AssertionError("the server did not start:\n" + text[-3000:])
        self.url = line.split()[-1]

    def request(self, method, path, body=None, headers=None):
        """(status, parsed JSON or text, headers)."""
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(self.url + path, data, method=method)
        if data is not None:
            request.add_header("Content-Type", "application/json")
        for name, value in (headers or {}).items():
            request.add_header(name, value)
        try:
            with urllib.request.urlopen(request, timeout=60) as answer:
                return answer.status, parse(answer.read()), answer.headers
        except urllib.error.HTTPError as error:
            return error.code, parse(error.read()), error.headers

    def get(self, path, **headers):
        status, body, _ = self.request("GET", path, headers=headers)
        if status != 200:
            raise AssertionError(f"GET {path}: {status} {body}")
        return body

    def append(self, *events, condition=None, key=None):
        body = {"events": list(events)}
        if condition:
            body["condition"] = condition
        headers = {"Idempotency-Key": key} if key else {}
        return self.request("POST", "/v1/events", body, headers)[:2]

    def command(self, type_, **data):
        return self.request("POST", f"/v1/commands/{type_}", data)[:2]

    def stream(self, path):
        """A line iterator over a live stream; close it."""
        request = urllib.request.Request(self.url + path, headers={"Accept": "text/event-stream"})
        return urllib.request.urlopen(request, timeout=20)

    def stop(self, how=signal.SIGTERM):
        """Sends the signal; returns the exit code."""
        if self.process.poll() is None:
            self.process.send_signal(how)
        code = self.process.wait(60)
        self.process.stdout.close()
        self.log.close()
        return code


def parse(raw):
    text = raw.decode()
    try:
        return json.loads(text)
    except ValueError:
        return text


def stream_ids(stream, count):
    """The first `count` ids of an SSE stream."""
    ids = []
    for line in stream:
        if line.startswith(b"id:"):
            ids.append(int(line[3:]))
        if len(ids) == count:
            return ids
    return ids


def note(number, text="hello"):
    return {"type": "note.written", "tags": [f"note:{number}"], "data": {"text": text}}


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Case(unittest.TestCase):
    """A test with a temporary folder and servers that are stopped at the end."""

    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="opsledger-e2e-"))
        self.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)
        self.data = self.folder / "data"

    def serve(self, *arguments, data=None):
        server = Server(data or self.data, *arguments)
        self.addCleanup(server.stop, signal.SIGKILL)
        return server
