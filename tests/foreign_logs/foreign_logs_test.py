"""Logs that the import was not written for: other columns, other dates, values with text around.

The data is in $OPSLEDGER_DATASETS; $OPSLEDGER_BINARY is the program.
"""

import collections
import csv
import gzip
import json
import os
import pathlib
import subprocess
import tempfile
import unittest

BINARY = os.environ["OPSLEDGER_BINARY"]
DATA = os.environ.get("OPSLEDGER_DATASETS")
MAPS = pathlib.Path(__file__).resolve().parent
KERNEL_EVENTS_MAX = 500  # of a fresh ledger: schemas, modules, tables, roles


@unittest.skipUnless(DATA, "OPSLEDGER_DATASETS is unset")
class ForeignLogs(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="opsledger-logs-")
        self.addCleanup(folder.cleanup)
        self.data = folder.name + "/data"

    def run_cli(self, *arguments):
        done = subprocess.run([BINARY, *arguments, "--data", self.data], capture_output=True,
                              text=True, timeout=120, stdin=subprocess.DEVNULL)
        self.assertEqual(done.returncode, 0, done.stderr[-2000:])
        return done.stdout

    def imported(self, map_name, file, *options):
        """The report of an import that is then repeated and stores nothing more."""
        arguments = ["import", "csv", "--map", str(MAPS / map_name), f"{DATA}/{file}", "--json",
                     *options]
        first, again = (json.loads(self.run_cli(*arguments)) for _ in range(2))
        self.assertEqual(again["batches_known"], first["batches"])
        self.assertEqual(first["batches_known"], 0)
        return first

    def rows(self, table, *query):
        return [json.loads(line) for line in self.run_cli("table", table, *query).splitlines()]

    def last_position(self):
        return int(json.loads(self.run_cli("read", "--backward", "--limit", "1"))["position"])

    def test_grocery_baskets_become_orders_and_the_one_bad_row_is_named(self):
        file = "complete-journey-retail-promotions/transactions_sample.csv.zst"
        report = self.imported("grocery-baskets.toml", file, "--skip-bad-rows")
        self.assertEqual((report["rows"], report["rejected"]), (75_000, 1))
        self.assertEqual(self.rows("order.orders", "select=count(),lines.sum()"),
                         [{"count": 47_243, "sum": 74_999}])
        self.run_cli("verify")

    def test_coupons_become_events_that_no_module_owns(self):
        file = "complete-journey-retail-promotions/coupon_redemptions.csv.zst"
        report = self.imported("coupon-redemptions.toml", file)
        self.assertEqual((report["rows"], report["events"]), (2_102, 2_102))
        found = self.run_cli("read", "--type", "coupon.redeemed", "--limit", "1")
        event = json.loads(found)
        self.assertEqual(event["data"], {"household": "1029", "coupon": "51380041013",
                                         "campaign": 26, "day": "2017-01-01"})
        self.assertEqual(event["time"], "2017-01-01T05:00:00Z")  # midnight in New York
        self.assertLess(self.last_position(), 2_102 + KERNEL_EVENTS_MAX)

    def test_a_server_says_which_batches_it_knew(self):
        server = subprocess.Popen([BINARY, "serve", "--data", self.data, "--listen", "127.0.0.1:0"],
                                  stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        try:
            url = server.stdout.readline().split()[-1]
            file = f"{DATA}/complete-journey-retail-promotions/coupon_redemptions.csv.zst"
            command = [BINARY, "import", "csv", "--map", str(MAPS / "coupon-redemptions.toml"), file,
                       "--json", "--url", url]
            first, again = (json.loads(subprocess.check_output(command, timeout=120,
                                                               stderr=subprocess.DEVNULL))
                            for _ in range(2))
        finally:
            server.terminate()
            server.wait(60)
            server.stdout.close()
        self.assertEqual((first["batches"], first["batches_known"]), (3, 0))
        self.assertEqual((again["batches"], again["batches_known"]), (3, 3))
        self.assertEqual(again["last"], first["last"])

    def test_the_unstripped_incident_log_ends_in_the_states_of_its_last_rows(self):
        file = "servicenow-incident-log/incident_event_log.first5998.unstripped.csv.gz"
        report = self.imported("servicenow-unstripped.toml", file)
        with gzip.open(f"{DATA}/{file}", "rt", encoding="latin1") as text:
            log = list(csv.DictReader(text))
        incidents = collections.Counter(row["number"] for row in log)
        self.assertEqual(report["events"], len(log) + len(incidents))
        self.assertEqual(self.rows("incident.incidents", "select=state,count()"),
                         [{"state": "closed", "count": len(incidents)}])
        last = {row["number"]: row for row in log}
        for row in self.rows("incident.incidents", "select=incident,priority,impact"):
            expected = last[row["incident"]]
            self.assertEqual(row["priority"], int(expected["priority"][0]))
            self.assertEqual(row["impact"], int(expected["impact"][0]))


if __name__ == "__main__":
    unittest.main()
