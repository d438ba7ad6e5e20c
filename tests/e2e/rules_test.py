"""Rules as data over HTTP and by hand: published, tried on history, switched on, run once."""

import json
import pathlib
import signal
import time
import unittest

from harness import ROOT, Case, run

# A severe incident gets a note; the row says how it stands.
NOTE = {"id": "N1", "on": "incident.raised", "if": "data.level <= 2 and row.state == 'raised'",
        "row": {"table": "incident.incidents", "key": "${data.incident}"},
        "do": [{"command": "incident.add_note",
                "data": {"incident": "${data.incident}", "text": "level ${row.level}: ${row.title}"}}],
        "owner": "it_lead", "label": {"en": "Note", "zh": "备注"}}


class Rules(Case):
    def setUp(self):
        super().setUp()
        self.server = self.serve()

    def raised(self, name, level, **more):
        status, body = self.server.command("incident.raise", incident=name, title="t " + name,
                                           category="price", level=level, **more)
        self.assertEqual(status, 200, body)
        return body["events"][0]["position"]

    def eventually(self, path, count):
        """The answer of `path` when it has `count` elements."""
        for _ in range(100):
            found = self.server.get(path)
            if len(found) >= count:
                return found
            time.sleep(0.1)
        raise AssertionError(f"{path} has {len(found)}, expected {count}: {found}")

    def mode(self, mode, **more):
        return self.server.request("PUT", "/v1/rules/N1/mode", {"mode": mode, **more})[:2]

    def publish(self, rule, status=201):
        got, body, _ = self.server.request("POST", "/v1/rules", rule)
        self.assertEqual(got, status, body)
        return body

    def test_a_rule_is_tried_switched_on_and_runs_once_over_a_restart(self):
        self.raised("IN-1", 1)
        self.raised("IN-2", 4)
        self.assertEqual(self.publish(NOTE)["version"], 1)
        status, body = self.mode("on")
        self.assertEqual((status, body["code"]), (422, "rule.dry_run_required"))

        head = self.server.get("/readyz")["position"]
        status, tried, _ = self.server.request("POST", "/v1/rules/N1/dry-run")
        self.assertEqual((status, tried["fired"], tried["examined"]), (200, 1, 2), tried)
        self.assertEqual(tried["firings"][0]["commands"][0]["data"],
                         {"incident": "IN-1", "text": "level 1: t IN-1"})
        self.assertEqual(self.server.get("/readyz")["position"], head, "nothing was written")

        self.raised("IN-3", 1)  # in shadow
        shadow = self.eventually("/v1/events?type=rule.would_have_fired", 1)
        self.assertEqual(shadow[0]["data"]["rule"], "N1")
        self.assertEqual(self.mode("on")[0], 200)
        trigger = self.raised("IN-4", 2)
        notes = self.eventually("/v1/events?type=incident.note_added", 1)
        self.assertEqual(notes[0]["data"]["text"], "level 2: t IN-4")
        self.assertEqual(notes[0]["rule"], "N1@1")

        self.server.stop(signal.SIGKILL)
        self.server = self.serve()
        self.raised("IN-5", 1)
        notes = self.eventually("/v1/events?type=incident.note_added", 2)
        self.assertEqual([note["data"]["incident"] for note in notes], ["IN-4", "IN-5"])
        firings = self.eventually("/v1/tables/rule.firings?result=eq.accepted&order=trigger", 2)
        self.assertEqual(firings[0]["trigger"], trigger)
        rules = self.server.get("/v1/tables/rule.rules?rule=eq.N1")
        self.assertEqual((rules[0]["version"], rules[0]["modes"]), (1, {"*": "on"}))

    def test_what_is_wrong_is_said_with_pointers(self):
        wrong = dict(NOTE, **{"if": "data.levle <= 2", "mode": "on"})
        status, body, _ = self.server.request("POST", "/v1/rules", wrong)
        self.assertEqual((status, body["code"]), (422, "rule.invalid"))
        self.assertEqual({error["pointer"] for error in body["errors"]}, {"/if", "/mode"})
        absent = dict(NOTE, on="warehouse.counted")
        status, body, _ = self.server.request("POST", "/v1/rules", absent)
        self.assertEqual((status, body["code"]), (404, "rule.module_absent"))
        status, body, _ = self.server.request("POST", "/v1/rules/none/dry-run")
        self.assertEqual((status, body["code"]), (404, "rule.unknown"))

    def test_the_commands_by_hand(self):
        self.raised("IN-1", 1)
        file = pathlib.Path(self.folder) / "rule.json"
        file.write_text(json.dumps(NOTE))
        run("rule", "publish", file, "--data", self.data)
        self.assertIn("1 of 1 events would have fired",
                      run("rule", "dry-run", "N1", "--data", self.data))
        run("rule", "mode", "N1", "on", "--data", self.data)
        self.assertIn('"*":"on"', run("rule", "list", "--json", "--data", self.data))
        said = run("rule", "publish", ROOT / "plugins/default_rules.json", "--data", self.data)
        self.assertIn('"rule":"A1"', said)
        self.assertIn("module absent: rule T1", said)


if __name__ == "__main__":
    unittest.main()
