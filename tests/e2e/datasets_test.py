"""The two real data sets, imported whole, give the known facts. Needs $OPSLEDGER_DATASETS."""

import json
import os
import pathlib
import unittest

from harness import ROOT, Case, run

SETS = os.environ.get("OPSLEDGER_DATASETS")


def table_count(server, table, head):
    _, _, headers = server.request(
        "GET", f"/v1/tables/{table}&limit=1&min_position={head}", headers={"Prefer": "count=exact"})
    return int(headers["Content-Range"].split("/")[1])


@unittest.skipUnless(SETS, "OPSLEDGER_DATASETS is not set")
class Datasets(Case):
    def load(self, folder, map_name):
        file = next((pathlib.Path(SETS) / folder).glob("*.csv.zst"))
        words = ["import", "csv", "--map", ROOT / "tools/import" / map_name, file, "--json",
                 "--data", self.data]
        report = json.loads(run(*words))
        again = json.loads(run(*words))
        self.assertEqual(again["batches_known"], again["batches"])
        return report

    def settled(self, module):
        """A server whose tables of `module` have read everything."""
        server = self.serve("--set", "server.min_position_timeout_ms=300000")
        return server, server.get("/readyz")["position"]

    def test_online_retail_has_its_orders_customers_and_countries(self):
        self.assertEqual(self.load("online-retail-uci", "online-retail.toml")["events"], 541_909)
        server, head = self.settled("order")
        self.assertEqual(table_count(server, "order.orders?select=invoice", head), 25_900)
        self.assertEqual(table_count(server, "order.orders?cancelled=is.true", head), 3_836)
        self.assertEqual(table_count(server, "order.customers?select=customer", head), 4_372)
        self.assertEqual(table_count(server, "order.countries?select=country", head), 38)

    def test_servicenow_has_its_incidents(self):
        self.load("servicenow-incident-log", "servicenow-incidents.toml")
        server, head = self.settled("incident")
        self.assertEqual(table_count(server, "incident.incidents?select=incident", head), 24_918)


if __name__ == "__main__":
    unittest.main()
