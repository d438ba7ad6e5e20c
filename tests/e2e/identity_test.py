"""Accounts, tokens and sessions with the real binary: an admin's first day, recovery, and where
secrets must not be found."""

import json
import os
import unittest

from harness import Case, Server, run

PASSWORD = "planted correct horse"


class Identity(Case):
    def user(self, *words, **options):
        return run("user", *words, "--data", self.data, **options)

    def make_admin(self):
        self.user("create", "P-0001", "--login", "planted@example.com", "--password-stdin",
                  stdin=PASSWORD + "\n")

    def token(self, account="P-0001", *more):
        return run("token", "create", "--account", account, "--data", self.data, *more).strip()

    def log_in(self, server, login="planted@example.com", password=PASSWORD):
        return server.request("POST", "/v1/sessions", {"login": login, "password": password})

    def test_the_printed_link_makes_the_first_account_once(self):
        server = self.serve()
        line = server.process.stdout.readline()
        self.assertIn(server.url + "/setup?token=", line)
        token = line.split("token=")[1].strip()
        self.assertIn("<form>", server.get("/setup?token=" + token))
        body = {"token": token, "account": "P-0001", "login": "planted@example.com",
                "password": PASSWORD}
        self.assertEqual(server.request("POST", "/v1/setup", body)[0], 201)
        self.assertEqual(server.request("POST", "/v1/setup", body)[0], 401)
        self.assertEqual(server.request("GET", "/v1/events")[0], 401)
        self.assertEqual(self.log_in(server)[0], 201)
        server.stop()
        again = self.serve()
        self.assertEqual(again.request("GET", "/v1/events")[0], 401)
        self.assertEqual(self.log_in(again)[0], 201)

    def test_other_addresses_are_listened_on_once_there_is_an_account(self):
        run("append", "note.written", "--data", self.data)
        refused = run("serve", "--data", self.data, "--listen", "0.0.0.0:0", code=1)
        self.assertIn("no accounts", refused)
        self.make_admin()
        server = Server(self.data, listen="0.0.0.0:0")
        self.addCleanup(server.stop)
        port = server.url.rsplit(":", 1)[1]
        server.url = f"http://127.0.0.1:{port}"
        self.assertEqual(server.request("GET", "/v1/events")[0], 401)

    def test_programs_use_tokens(self):
        self.make_admin()
        self.user("create", "reader", "--service")
        server = self.serve()
        token = self.token()
        self.assertTrue(token.startswith("ops_"))
        self.assertIn("access.unauthenticated",
                      run("user", "list", "--url", server.url, code=1))
        listed = run("user", "list", "--url", server.url, "--token", token, "--json")
        self.assertEqual({user["account"] for user in json.loads(listed)}, {"P-0001", "reader"})
        os.environ["OPSLEDGER_TOKEN"] = token
        self.addCleanup(os.environ.pop, "OPSLEDGER_TOKEN", None)
        run("user", "disable", "reader", "--url", server.url)
        self.assertIn("false", run("user", "list", "--url", server.url))
        made = json.loads(run("token", "create", "--scope", "order.*", "--days", 1, "--json",
                              "--url", server.url))
        self.assertEqual(made["account"], "P-0001")
        self.assertIn(made["token"], run("token", "list", "--url", server.url))
        run("token", "revoke", made["token"], "--url", server.url)
        answer = server.request("GET", "/v1/me",
                                headers={"Authorization": "Bearer " + made["secret"]})
        self.assertEqual(answer[0], 401)

    def test_a_lost_password_is_reset_on_the_host(self):
        self.make_admin()
        server = self.serve()
        for _ in range(6):
            status = self.log_in(server, password="a guess")[0]
        self.assertEqual(status, 429)
        out = self.user("reset-password", "P-0001", "--generate")
        password = out.split(" to ")[1].split(";")[0]
        self.assertEqual(self.log_in(server, password=password)[0], 201)
        server.stop()
        self.user("reset-password", "P-0001", "--password-stdin", stdin="another password\n")
        again = self.serve()
        self.assertEqual(self.log_in(again, password=password)[0], 401)
        self.assertEqual(self.log_in(again, password="another password")[0], 201)

    def test_another_master_key_is_named_and_nothing_is_lost(self):
        self.make_admin()
        key = self.data / "keystore.key"
        kept = key.read_text()
        self.assertEqual(key.stat().st_mode & 0o777, 0o600)
        key.write_text("0" * 64 + "\n")
        self.assertIn("does not open", run("user", "list", "--data", self.data, code=1))
        key.unlink()
        self.assertIn("no master key", run("user", "list", "--data", self.data, code=1))
        self.assertFalse(key.exists())
        key.write_text(kept)
        key.chmod(0o644)
        self.assertIn("chmod 600", run("user", "list", "--data", self.data, code=1))
        key.chmod(0o600)
        self.assertIn("P-0001", self.user("list"))
        elsewhere = self.folder / "mounted.key"
        key.rename(elsewhere)
        self.assertIn("P-0001",
                      self.user("list", "--set", f"keystore.master_key_file={elsewhere}"))

    def test_accounts_sessions_and_tokens_are_tables(self):
        self.make_admin()
        server = self.serve()
        cookie = self.log_in(server)[2]["Set-Cookie"].split(";")[0]
        token = self.token()
        as_admin = {"Authorization": "Bearer " + token}
        position = server.get("/readyz")["position"]
        accounts = server.get(f"/v1/tables/access.accounts?min_position={position}", **as_admin)
        self.assertEqual([(row["account"], row["kind"], row["enabled"]) for row in accounts],
                         [("P-0001", "person", True)])
        sessions = server.get("/v1/tables/access.sessions", **as_admin)
        self.assertEqual([row["account"] for row in sessions], ["P-0001"])
        self.assertNotIn(cookie.split("=")[1].split("_")[1], json.dumps(sessions))
        tokens = server.get("/v1/tables/access.tokens", **as_admin)
        self.assertEqual([row["token"] for row in tokens], [token[4:20]])

    def test_planted_secrets_are_nowhere_in_the_directory_or_the_log(self):
        self.make_admin()
        server = self.serve()
        token = self.token()
        headers = {"Authorization": "Bearer " + token}
        opened = self.log_in(server)
        cookie = opened[2]["Set-Cookie"].split(";")[0].split("=")[1]
        self.log_in(server, password="a planted guess")
        self.log_in(server, login="planted-nobody")
        server.request("POST", "/v1/users", {"account": "P-0002", "login": "planted-2",
                                             "password": "planted secret two"}, headers)
        server.request("GET", "/v1/me?token=" + token, headers={"Cookie": "opsledger=" + cookie})
        metrics = server.get("/metrics")
        exported = run("export", "events", "--url", server.url, "--token", token)
        backup = self.folder / "backup"
        run("backup", "create", backup, "--data", self.data)
        server.stop()
        found = {"metrics": metrics.encode(), "export": exported.encode(),
                 "log": open(str(self.data) + ".log", "rb").read()}
        for folder in (self.data, backup):
            for path in folder.rglob("*"):
                if path.is_file():
                    found[str(path)] = path.read_bytes()
        self.assertGreater(len(found), 20)
        for secret in (b"planted", token[21:].encode(), cookie[17:].encode(),
                       opened[1]["csrf"].encode()):
            for place, content in found.items():
                self.assertNotIn(secret, content, f"{secret} in {place}")


if __name__ == "__main__":
    unittest.main()
