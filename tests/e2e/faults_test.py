"""Disk full, no more file descriptors: the server answers with problems, says that it is not ready,
and has everything acknowledged after the repair and a restart."""

import os
import resource
import signal
import socket
import subprocess
import unittest

from harness import Case, Server, note, run

DISK_BYTES = 64 << 20
FILES_LEFT = 16  # descriptors that a starved server may still open


def texts(server):
    return {event["position"]: event["data"]["text"]
            for event in server.get("/v1/events?type=note.written&limit=10000")}


class Faults(Case):
    def mount(self):
        """A small file system of its own, or a visible skip."""
        disk = self.data
        disk.mkdir()
        done = subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={DISK_BYTES}", "tmpfs",
                               str(disk)], capture_output=True, check=False)
        if done.returncode != 0:
            self.skipTest("mounting a small file system is not permitted here")
        self.addCleanup(subprocess.run, ["umount", "-l", str(disk)], check=False)
        return disk

    def config(self, free_bytes_min):
        path = self.folder / "opsledger.toml"
        path.write_text(f"[storage]\ndisk_free_bytes_min = {free_bytes_min}\n")
        return path

    def fill(self, server, appended):
        """Appends until one is refused; the refusal."""
        for number in range(4000):
            text = os.urandom(10_000).hex()  # nothing that compresses
            status, body = server.append(note(number, text))
            if status != 201:
                return status, body
            appended[str(body["first"])] = text
        raise AssertionError("the disk never got full")

    def check_refusal(self, status, body):
        self.assertEqual(status, 503, body)
        self.assertIn("code", body)
        self.assertIn("detail", body)

    def full_disk(self, free_bytes_min):
        disk = self.mount()
        arguments = ["--config", self.config(free_bytes_min)]
        server = self.serve(*map(str, arguments), data=disk)
        appended = {}
        status, body = self.fill(server, appended)
        # An append whose commit failed is an error of the server, later ones are refused.
        self.assertGreaterEqual(status, 500, body)
        self.check_refusal(*server.append(note(1)))
        status, body, _ = server.request("GET", "/readyz")
        self.assertEqual(status, 503, body)
        self.assertIn("disk", str(body).lower() + str(body))
        self.assertEqual(server.get("/healthz") is not None, True)
        seen = texts(server)
        for position, text in appended.items():
            self.assertEqual(seen[position], text)
        server.stop(signal.SIGKILL)
        subprocess.run(["mount", "-o", f"remount,size={4 * DISK_BYTES}", str(disk)], check=True)
        server = Server(disk, *map(str, arguments))
        self.addCleanup(server.stop, signal.SIGKILL)
        seen = texts(server)
        for position, text in appended.items():
            self.assertEqual(seen[position], text)
        self.assertEqual(server.append(note(2))[0], 201)
        self.assertEqual(server.request("GET", "/readyz")[0], 200)
        self.assertEqual(server.stop(), 0)
        run("verify", "--data", disk)

    def test_full_disk_is_told_before_it_is_full(self):
        self.full_disk(8 << 20)

    def test_disk_that_fills_up_to_the_last_byte_stops_appends_and_loses_nothing(self):
        self.full_disk(0)

    def test_no_more_file_descriptors(self):
        server = self.serve()
        appended = {}
        files_max = len(os.listdir(f"/proc/{server.process.pid}/fd")) + FILES_LEFT
        resource.prlimit(server.process.pid, resource.RLIMIT_NOFILE, (files_max, files_max))
        idle = []
        try:
            host, port = server.url.removeprefix("http://").split(":")
            for _ in range(FILES_LEFT * 3):  # what is left of the descriptors
                idle.append(socket.create_connection((host, int(port)), 5))
        except OSError:
            pass
        for client in idle:
            client.close()
        for number in range(200):
            status, body = server.append(note(number, "x" * 2_000))
            if status == 201:
                appended[str(body["first"])] = "x" * 2_000
            else:
                self.assertGreaterEqual(status, 500)
                self.assertIn("code", body)
        self.assertGreater(len(appended), 0)
        server.stop(signal.SIGKILL)
        server = self.serve()
        seen = texts(server)
        for position, text in appended.items():
            self.assertEqual(seen[position], text)
        self.assertEqual(server.stop(), 0)
        run("verify", "--data", self.data)


if __name__ == "__main__":
    unittest.main()
