"""Personal data from a command to the screen and to its erasure, with the real plugins."""

import pathlib
import signal
import unittest

from harness import Case, run

NAME, MOBILE, MAIL = "王小伟", "13912345678", "planted.person@example.com"


class Personal(Case):
    def setUp(self):
        super().setUp()
        self.server = self.serve()
        status, body = self.server.command("person.register", employee_no="1001", name=NAME,
                                           mobile=MOBILE, email=MAIL, person="wang")
        self.assertEqual(status, 200, body)
        self.position = body["position"]

    def row(self, **more):
        query = "".join(f"&{name}={value}" for name, value in more.items())
        rows = self.server.get(f"/v1/tables/org.persons?person=eq.wang"
                               f"&min_position={self.position}{query}")
        return rows[0]["name"], rows[0]["mobile"], rows[0]["email"]

    def event(self):
        data = self.server.get(f"/v1/events/{self.position}")["data"]
        return data["name"], data["mobile"], data["email"]

    def erase(self, reason="left the company"):
        return self.server.request("POST", "/v1/people/wang/erase", None, {"X-Reason": reason})[:2]

    def test_is_shown_to_who_may_see_it_and_in_no_file_of_the_ledger_or_the_tables(self):
        self.assertEqual(self.row(), (NAME, MOBILE, MAIL))
        self.assertEqual(self.event(), (NAME, MOBILE, MAIL))
        listed = self.server.get("/v1/events?type=person.registered")
        self.assertEqual(listed[0]["data"]["name"], "<personal>", "lists and streams are sealed")
        self.assertEqual(self.server.stop(), 0)
        for file in pathlib.Path(self.data).rglob("*"):
            if not file.is_file():
                continue
            content = file.read_bytes()
            for planted in (NAME, MOBILE, MAIL):
                self.assertNotIn(planted.encode(), content, file)
        exported = run("export", "events", "--type", "person.registered", "--data", self.data)
        self.assertNotIn(MOBILE, exported)

    def test_of_an_erased_person_is_gone_for_ever_and_everything_still_verifies(self):
        self.assertEqual(self.erase(reason="")[0], 422)
        self.assertEqual(self.erase()[0], 200)
        gone = ("<erased>",) * 3
        self.assertEqual(self.row(), gone)
        self.assertEqual(self.row(as_of=self.position), gone)
        self.assertEqual(self.event(), gone)
        again, body = self.erase()
        self.assertEqual(again, 200, "twice is once")
        erased = self.server.get("/v1/events?type=personal.erased")
        self.assertEqual([event["data"] for event in erased], [{"subject": "wang"}])
        status, body = self.server.command("person.update", person="wang", name="someone")
        self.assertEqual((status, body["code"]), (422, "personal.erased"))
        self.server.stop(signal.SIGKILL)
        self.server = self.serve()
        self.assertEqual(self.row(), gone)
        self.assertEqual(self.server.stop(), 0)
        run("verify", "--data", self.data)


if __name__ == "__main__":
    unittest.main()
