"""The thin path over HTTP: append, condition, query, stream, command, table, as of, history."""

import signal
import unittest

from harness import Case, note, run, stream_ids


class Http(Case):
    def test_a_condition_lets_the_first_append_in_and_refuses_the_second(self):
        server = self.serve()
        condition = {"query": {"items": [{"tags": ["note:42"]}]}, "after": 0}
        status, first = server.append(note(42), condition=condition)
        self.assertEqual(status, 201)
        status, problem = server.append(note(42), condition=condition)
        self.assertEqual((status, problem["code"]), (409, "append.conflict"))
        self.assertEqual(len(server.get("/v1/events?tag=note:42")), 1)
        # Seen up to there, it may go on.
        condition["after"] = first["last"]
        self.assertEqual(server.append(note(42), condition=condition)[0], 201)

    def test_a_retry_with_its_key_stores_nothing_twice(self):
        server = self.serve()
        first = server.append(note(1), key="k-1")
        self.assertEqual(server.append(note(1), key="k-1")[1]["first"], first[1]["first"])
        self.assertEqual(server.append(note(1, "other"), key="k-1")[0], 422)
        self.assertEqual(len(server.get("/v1/events?tag=note:1")), 1)

    def test_a_stream_catches_up_goes_live_and_resumes(self):
        server = self.serve()
        first = server.append(note(1), note(2))[1]["first"]
        with server.stream(f"/v1/events/stream?type=note.written&after={first - 1}") as stream:
            self.assertEqual(stream_ids(stream, 2), [first, first + 1])
            server.append(note(3))
            self.assertEqual(stream_ids(stream, 1), [first + 2])
        with server.stream(f"/v1/events/stream?type=note.written&after={first}") as stream:
            self.assertEqual(stream_ids(stream, 2), [first + 1, first + 2])

    def test_a_command_changes_a_table_that_can_be_read_as_it_was(self):
        server = self.serve()
        status, raised = server.command("incident.raise", incident="IN-1", title="Pay page",
                                        category="payment", level=2)
        self.assertEqual(status, 200, raised)
        row = f"/v1/tables/incident.incidents?incident=eq.IN-1&min_position="
        self.assertEqual(server.get(row + str(raised["position"]))[0]["state"], "raised")
        status, resolved = server.command("incident.resolve", incident="IN-1", cause="disk")
        self.assertEqual(status, 200, resolved)
        self.assertEqual(server.get(row + str(resolved["position"]))[0]["state"], "resolved")
        before = server.get(f"/v1/tables/incident.incidents?incident=eq.IN-1"
                            f"&as_of={raised['position']}")
        self.assertEqual(before[0]["state"], "raised")
        history = server.get("/v1/tables/incident.incidents/rows/IN-1/history")
        self.assertEqual([version["type"] for version in history],
                         ["incident.raised", "incident.resolved"])
        diff = server.get(f"/v1/tables/incident.incidents/diff?from={raised['position']}"
                          f"&to={resolved['position']}")
        self.assertEqual(diff["changed"][0]["key"], "IN-1")
        status, problem = server.command("incident.raise", incident="IN-1", title="Again",
                                         category="payment", level=2)
        self.assertEqual((status, problem["code"]), (422, "incident.exists"))

    def test_owned_types_must_fit_their_schema_and_kernel_types_are_refused(self):
        server = self.serve()
        for event in ({"type": "incident.raised", "tags": [], "data": {"incident": 5}},
                      {"type": "incident.unheard", "tags": [], "data": {}},
                      {"type": "ledger.created", "tags": [], "data": {}}):
            self.assertEqual(server.append(event)[0], 422, event)

    def test_a_rebuild_gives_the_same_rows(self):
        run("demo", "--data", self.data, "--orders", 60, "--incidents", 20)
        server = self.serve()
        head = server.get("/readyz")["position"]
        table = f"/v1/tables/incident.incidents?order=incident&as_of={head}"
        before = server.get(f"{table}&min_position={head}")
        self.assertEqual(len(before), 20)
        run("rebuild", "incident", "--url", server.url)
        self.assertEqual(server.get(table), before)

    def test_health_readiness_metrics_and_openapi_answer(self):
        server = self.serve()
        self.assertEqual(server.request("GET", "/healthz")[0], 200)
        self.assertEqual(server.get("/readyz")["status"], "ready")
        metrics = server.get("/metrics")
        self.assertIn("opsledger_storage_writable 1", metrics)
        self.assertIn('opsledger_commands_total{outcome="accepted"} 0', metrics)
        self.assertTrue(server.get("/openapi.json")["openapi"].startswith("3.1"))

    def test_sigterm_stops_gracefully_and_everything_is_there_again(self):
        server = self.serve()
        last = server.append(note(1), note(2))[1]["last"]
        self.assertEqual(server.stop(signal.SIGTERM), 0)
        self.assertFalse((self.data / "SERVING").exists())
        again = self.serve()
        self.assertEqual(again.get(f"/v1/events/{last}")["type"], "note.written")

    def test_low_disk_space_makes_the_server_read_only_with_a_reason(self):
        server = self.serve()
        server.append(note(1))
        server.stop()
        low = self.serve("--set", f"storage.disk_free_bytes_min={1 << 60}", data=self.data)
        status, problem = low.append(note(2))
        self.assertEqual(status, 503, problem)
        self.assertEqual(low.request("GET", "/readyz")[0], 503)
        self.assertEqual(len(low.get("/v1/events?tag=note:1")), 1)


if __name__ == "__main__":
    unittest.main()
