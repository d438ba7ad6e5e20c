"""An approval over HTTP: many clicks, two approvers at once, a lost answer: one effect each."""

import concurrent.futures
import json
import time
import unittest

from harness import Case, run

PASSWORD = "planted correct horse"


class Approval(Case):
    def setUp(self):
        super().setUp()
        self.position = 0
        self.server = self.serve()
        self.must("department.create", code="OPS", name_zh="营运部", name_en="Operations")
        self.must("position.adopt_standard", department="OPS")
        for person, position in (("dora", "OPS-DIR"), ("mona", "OPS-MGR"), ("spec", "OPS-SPC")):
            self.must("person.register", employee_no=person, name=person, person=person)
            self.must("person.appoint", person=person, position=position)
        self.must("approval.define_chain", chain="request", subject_type="request", steps=[
            {"name": "either", "mode": "any",
             "approvers": ["dept_head:OPS", "role:ops_manager@OPS"]}])
        self.server.stop()
        for person in ("dora", "mona", "spec"):
            run("user", "create", person, "--password-stdin", "--data", self.data,
                stdin=PASSWORD + "\n")
        self.tokens = {person: run("token", "create", "--account", person, "--data",
                                   self.data).strip() for person in ("dora", "mona", "spec")}
        self.server = self.serve()

    def must(self, type_, **data):
        status, body = self.server.command(type_, **data)
        self.assertEqual(status, 200, body)
        return body

    def send(self, person, type_, key=None, **data):
        headers = {"Authorization": "Bearer " + self.tokens[person], "X-Department": "OPS"}
        if key:
            headers["Idempotency-Key"] = key
        status, body = self.server.request("POST", f"/v1/commands/{type_}", data, headers)[:2]
        if status == 200:
            self.position = max(self.position, body["position"])
        return status, body

    def rows(self, person, table):
        and_ = "&" if "?" in table else "?"
        return self.server.get(f"/v1/tables/{table}{and_}min_position={self.position}",
                               Authorization="Bearer " + self.tokens[person])

    def submit(self):
        """A request of `spec` under approval; (request, approval)."""
        status, body = self.send("spec", "request.draft", kind="seal", title="合同用章",
                                 purpose="sign", department="OPS", amount_fen=0)
        self.assertEqual(status, 200, body)
        request = self.rows("spec", "request.requests?order=request.desc")[0]["request"]
        self.assertEqual(self.send("spec", "request.submit", request=request)[0], 200)
        # The module's reaction asks for the approval.
        for _ in range(100):
            approval = self.rows("spec", "request.requests?request=eq." + request)[0]["approval"]
            if approval:
                return request, approval
            time.sleep(0.05)
        self.fail("no approval is under way for " + request)

    def outcome(self, request):
        return self.rows("spec", "request.requests?request=eq." + request)[0]["state"]

    def votes(self, approval):
        return self.rows("dora", "approval.votes?approval=eq." + approval)

    def at_once(self, *calls):
        with concurrent.futures.ThreadPoolExecutor(len(calls)) as pool:
            return [f.result() for f in [pool.submit(c) for c in calls]]

    def test_double_click_is_one_vote(self):
        request, approval = self.submit()
        vote = lambda: self.send("mona", "approval.vote", approval=approval, step=1,
                                 verdict="approve")
        answers = self.at_once(*[vote] * 8)
        self.assertEqual(sorted(a[0] for a in answers), [200] + [422] * 7, answers)
        self.assertEqual(self.outcome(request), "approved")
        self.assertEqual(len(self.votes(approval)), 1)

    def test_two_approvers_at_once_settle_it_once(self):
        for _ in range(5):
            request, approval = self.submit()
            answers = self.at_once(*[
                lambda p=p: self.send(p, "approval.vote", approval=approval, step=1,
                                      verdict="approve") for p in ("dora", "mona")])
            self.assertEqual(sorted(a[0] for a in answers), [200, 422], answers)
            self.assertEqual(self.outcome(request), "approved")
            self.assertEqual(len(self.votes(approval)), 1)

    def test_retry_after_a_lost_answer_gets_the_first_one(self):
        request, approval = self.submit()
        vote = lambda verdict="approve": self.send("dora", "approval.vote", "vote-1",
                                                   approval=approval, step=1, verdict=verdict)
        first, again = vote(), vote()
        self.assertEqual(first, again)
        self.assertEqual(first[0], 200)
        self.server.stop()
        self.server = self.serve()
        self.assertEqual(json.dumps(vote()), json.dumps(first))
        self.assertEqual(vote("reject")[1]["code"], "idempotency.mismatch")
        self.assertEqual(len(self.votes(approval)), 1)

    def test_the_author_and_strangers_do_not_vote(self):
        request, approval = self.submit()
        status, body = self.send("spec", "approval.vote", approval=approval, step=1,
                                 verdict="approve")
        self.assertIn(body["code"], ("access.separation_of_duties", "access.forbidden"))
        self.assertEqual(self.outcome(request), "submitted")
        self.assertEqual(self.server.command("approval.vote", approval=approval, step=1,
                                             verdict="approve")[0], 401)


if __name__ == "__main__":
    unittest.main()
