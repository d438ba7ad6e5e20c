"""The command line as a person uses it: every command, its errors and exit codes."""

import json
import os
import unittest

from harness import ROOT, Case, Server, note, run

ORDERS = """InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country
1,A,Tea,2,2011-01-01 10:00:00,1.255,7.0,France
1,B,Cup,1,2011-01-01 10:00:00,3,7.0,France
1,B,Cup,1,2011-01-01 10:00:00,3,7.0,France
C2,A,Tea,-2,2011-01-02 10:00:00,1.255,,Spain
"""
MAP = ROOT / "tools/import/online-retail.toml"
COMMANDS = ["serve", "append", "read", "query", "tail", "import csv", "import commands",
            "export events", "export table", "verify",
            "rebuild", "user create", "user list", "user disable", "user enable", "user unlock",
            "user reset-password", "token create", "token list", "token revoke", "explain", "diff", "table", "doctor", "backup create", "backup list",
            "backup restore", "demo", "module list", "bench append", "bench read", "bench replay",
            "bench http"]


def lines(text):
    return [json.loads(line) for line in text.splitlines()]


class Cli(Case):
    def test_every_command_has_help_with_an_example(self):
        for command in COMMANDS:
            with self.subTest(command):
                text = run(*command.split(), "--help")
                self.assertIn("Example:\n  opsledger " + command, text)

    def test_wrong_usage_is_64_and_says_what_to_do(self):
        run(code=64)
        run("reed", code=64)
        run("read", "--nope", code=64)
        self.assertIn("did you mean server.listen?",
                      run("serve", "--set", "server.listn=x", "--print-config", code=1))

    def test_print_config_is_a_config_file(self):
        file = self.folder / "all.toml"
        file.write_text(run("serve", "--print-config"))
        run("serve", "--config", file, "--print-config")
        file.write_text("[server]\nlistne = \"x\"\n")
        self.assertIn("server.listen", run("serve", "--config", file, "--print-config", code=1))

    def test_serving_beyond_loopback_is_refused(self):
        error = run("serve", "--data", self.data, "--listen", "0.0.0.0:0", code=1)
        self.assertIn("no accounts", error)
        self.assertFalse(self.data.exists())

    def test_reading_a_directory_that_is_none_says_so_and_makes_none(self):
        self.assertIn("no ledger in", run("read", "--data", self.data, code=1))
        self.assertFalse(self.data.exists())

    def test_events_go_in_and_come_out_without_a_server(self):
        run("append", "note.written", '{"text":"hello"}', "--tag", "note:1", "--data", self.data)
        run("append", "note.written", '{"text":"again"}', "--tag", "note:1", "--data", self.data,
            "--condition", '{"query":{"items":[{"tags":["note:1"]}]}}', code=1)
        found = lines(run("read", "--tag", "note:1", "--data", self.data))
        self.assertEqual([event["data"] for event in found], [{"text": "hello"}])
        same = lines(run("query", '{"items":[{"types":["note.written"]}]}', "--data", self.data))
        self.assertEqual(same, found)
        exported = lines(run("export", "events", "--type", "note.written", "--data", self.data))
        self.assertEqual(exported, found)

    def test_a_server_and_its_directory_give_the_same_answers(self):
        run("demo", "--data", self.data, "--orders", 30, "--incidents", 5)
        self.serve().stop()  # what rules and reactions make of the history is in it from now on
        asked = (["table", "order.orders", "order=invoice", "--json"],
                 ["explain", "incident.incidents", "IN-DEMO-001", "--json"],
                 ["diff", "order.orders", "30", "60", "--json"],
                 ["read", "--limit", "20"], ["read", "--backward", "--limit", "3"],
                 ["export", "events", "--as-of", "40"])
        local = [run(*words, "--data", self.data) for words in asked]
        server = self.serve()
        head = server.get("/readyz")["position"]
        server.get(f"/v1/tables/order.orders?limit=1&min_position={head}")
        for words, expected in zip(asked, local):
            self.assertEqual(run(*words, "--url", server.url), expected, words)
            # The directory is in use: the command finds the server by itself.
            self.assertEqual(run(*words, "--data", self.data), expected, words)

    def test_tail_begins_with_the_last_events_and_needs_a_server(self):
        self.assertIn("no server", run("tail", "--data", self.data, code=2))
        server = self.serve()
        server.append(note(1), note(2), note(3))
        got = lines(run("tail", "-n", 2, "--count", 2, "--type", "note.written", "--url",
                        server.url))
        self.assertEqual([event["tags"] for event in got], ["note:2", "note:3"])

    def test_events_stay_readable_when_their_plugin_is_gone(self):
        run("demo", "--data", self.data, "--orders", 5, "--incidents", 1)
        empty = self.folder / "none"
        empty.mkdir()
        with_plugin = run("read", "--type", "order.received", "--data", self.data)
        without = run("read", "--type", "order.received", "--data", self.data, "--plugins", empty)
        self.assertEqual(without, with_plugin)
        self.assertEqual(len(lines(without)), 5)
        self.assertIn("invoice", lines(without)[0]["data"])

    def test_an_import_repeated_or_into_a_server_stores_nothing_twice(self):
        file = self.folder / "orders.csv"
        file.write_text(ORDERS)
        dry = json.loads(run("import", "csv", "--map", MAP, file, "--data", self.data,
                             "--dry-run", "--json"))
        self.assertEqual((dry["events"], dry["rejected"]), (4, 0))
        for batches_known in (0, 1):
            report = json.loads(run("import", "csv", "--map", MAP, file, "--data", self.data,
                                    "--json"))
            self.assertEqual(report["batches_known"], batches_known)
        stored = lines(run("read", "--type", "order.line_recorded", "--data", self.data))
        self.assertEqual(len(stored), 4)
        server = self.serve()
        run("import", "csv", "--map", MAP, file, "--url", server.url)
        self.assertEqual(len(server.get("/v1/events?type=order.line_recorded")), 4)
        position = stored[-1]["position"]
        orders = server.get(f"/v1/tables/order.orders?order=invoice&min_position={position}")
        self.assertEqual([(o["invoice"], o["lines"], o["sum"], o["cancelled"]) for o in orders],
                         [("1", 3, "8.510", False), ("C2", 1, "-2.510", True)])

    def test_bad_rows_are_named_and_stop_the_import(self):
        file = self.folder / "orders.csv"
        file.write_text(ORDERS.replace("C2,A,Tea,-2", "C2,A,Tea,many"))
        error = run("import", "csv", "--map", MAP, file, "--data", self.data, code=1)
        self.assertIn("row 4", error)
        rejects = self.folder / "rejects.csv"
        run("import", "csv", "--map", MAP, file, "--data", self.data, "--skip-bad-rows",
            "--rejects", rejects)
        self.assertIn("many", rejects.read_text())
        self.assertEqual(len(lines(run("read", "--type", "order.line_recorded", "--data",
                                       self.data))), 3)

    def test_a_second_process_is_told_who_has_the_directory(self):
        server = self.serve()
        error = run("serve", "--data", self.data, "--listen", "127.0.0.1:0", code=2)
        self.assertIn(server.url, error)

    def test_a_newer_format_is_refused(self):
        run("append", "note.written", "--data", self.data)
        (self.data / "FORMAT").write_text("opsledger-data 99\n")
        self.assertIn("99", run("serve", "--data", self.data, "--listen", "127.0.0.1:0", code=1))

    def test_a_plugin_that_does_not_load_stops_the_start_and_is_named(self):
        folder = self.folder / "plugins"
        folder.mkdir()
        (folder / "broken.so").write_text("no library")
        error = run("serve", "--data", self.data, "--plugins", folder, "--listen", "127.0.0.1:0",
                    code=1)
        self.assertIn("broken.so", error)

    def test_modules_are_recorded_once_over_restarts(self):
        for _ in range(2):
            Server(self.data).stop()
        installed = lines(run("read", "--type", "module.installed", "--data", self.data))
        self.assertEqual(sorted(event["data"]["module"] for event in installed),
                         ["approval", "calendar", "comment", "customfield", "incident", "notify",
                          "numbering", "order", "org", "request"])
        self.assertEqual(len(lines(run("read", "--type", "ledger.created", "--data", self.data))), 1)

    def test_benchmarks_print_name_value_unit(self):
        for words in (["append", "--batch", 1, "--batch", 16], ["read", "--events", 2048],
                      ["replay", "--events", 2000], ["http", "--connections", 2]):
            with self.subTest(words[0]):
                seconds = [] if words[0] == "replay" else ["--seconds", "0.1"]
                text = run("bench", *words, *seconds, "--dir", self.folder)
                for line in text.splitlines():
                    self.assertRegex(line, r"^[a-z0-9_]+: [0-9.e+]+ [A-Za-z/]+$")
                self.assertGreaterEqual(len(text.splitlines()), 2)

    def test_the_same_seed_gives_the_same_history(self):
        histories = []
        for name in ("a", "b"):
            run("demo", "--data", self.folder / name, "--orders", 20, "--incidents", 5, "--end",
                "2026-01-01T00:00:00Z")
            events = lines(run("read", "--type", "order.received", "--data", self.folder / name))
            histories.append([(event["data"], event["time"]) for event in events])
        self.assertEqual(*histories)
        run("demo", "--data", self.folder / "a", code=1)


class VerifyAndBackup(Case):
    def test_good_then_a_flipped_byte_then_not_there(self):
        run("demo", "--data", self.data, "--orders", 50, "--incidents", 10)
        good = json.loads(run("verify", "--data", self.data, "--json"))
        self.assertEqual(good["verdict"], "good")
        root = f"{good['events']}:{good['root']}"
        run("verify", "--data", self.data, "--root", root)
        self.assertIn("TAMPERING", run("verify", "--data", self.data, "--root",
                                       f"{good['events']}:{'00' * 32}", code=1))
        files = sorted((self.data / "ledger").glob("*.sst")) or sorted(
            (self.data / "ledger").glob("*.log"))
        victim = max(files, key=os.path.getsize)
        raw = bytearray(victim.read_bytes())
        raw[len(raw) // 3] ^= 1
        victim.write_bytes(raw)
        self.assertIn("TAMPERING", run("verify", "--data", self.data, code=1))
        run("verify", "--data", self.folder / "nowhere", code=2)

    def test_damaged_tables_are_built_again_and_the_old_ones_kept_aside(self):
        run("demo", "--data", self.data, "--orders", 50, "--incidents", 10)
        ask = ("table", "order.orders", "select=invoice,sum", "--data", self.data)
        before = run(*ask)
        (self.data / "tables" / "CURRENT").write_text("no manifest at all")
        self.assertEqual(run(*ask), before)
        self.assertTrue((self.data / "tables.damaged").is_dir())

    def test_a_directory_in_use_cannot_be_checked(self):
        self.serve()
        run("verify", "--data", self.data, code=2)

    def test_backups_are_incremental_verified_and_restorable(self):
        store = self.folder / "backups"
        run("demo", "--data", self.data, "--orders", 20, "--incidents", 2)
        run("backup", "create", store, "--data", self.data)
        run("append", "note.written", "--tag", "note:1", "--data", self.data)
        run("backup", "create", store, "--data", self.data)
        listed = lines(run("backup", "list", store, "--json"))
        self.assertEqual([backup["id"] for backup in listed], [1, 2])
        self.assertEqual(listed[1]["position"], listed[0]["position"] + 1)
        for number, expected in ((1, 0), (2, 1)):
            target = self.folder / f"restored-{number}"
            run("backup", "restore", store, "--id", number, "--data", target)
            run("verify", "--data", target)
            notes = run("read", "--tag", "note:1", "--data", target)
            self.assertEqual(len(lines(notes)), expected)
        run("backup", "restore", store, "--data", self.data, code=1)

    def test_a_running_server_is_backed_up_while_it_appends(self):
        server = self.serve()
        last = server.append(note(1))[1]["last"]
        store = self.folder / "backups"
        backup = json.loads(run("backup", "create", store, "--data", self.data, "--json"))
        self.assertGreaterEqual(backup["position"], last)
        self.assertEqual(server.append(note(2))[0], 201)
        target = self.folder / "restored"
        run("backup", "restore", store, "--data", target)
        self.assertEqual(len(lines(run("read", "--tag", "note:1", "--data", target))), 1)

    def test_doctor_accepts_a_torn_tail_only_when_told(self):
        run("append", "note.written", "--tag", "note:1", "--data", self.data)
        self.assertIn("position", run("doctor", "--data", self.data))
        # The side file of a ledger that got further.
        other = self.folder / "other"
        run("backup", "create", self.folder / "b", "--data", self.data)
        run("append", "note.written", "--tag", "note:2", "--data", self.data)
        run("backup", "restore", self.folder / "b", "--data", other)
        (other / "ACK").write_bytes((self.data / "ACK").read_bytes())
        self.assertIn("torn_tail", run("read", "--data", other, code=3))
        run("doctor", "--accept-torn-tail", "--data", other)
        run("read", "--data", other)


if __name__ == "__main__":
    unittest.main()
