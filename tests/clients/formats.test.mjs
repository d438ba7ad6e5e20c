// /openapi.json and /metrics, read by validators that others wrote.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { Validator } from "@seriousme/openapi-schema-validator";
import parsePrometheus from "parse-prometheus-text-format";
import { append, startServer } from "./server.mjs";

let server;
before(async () => (server = await startServer({ orders: 5, incidents: 2 })));
after(() => server.stop());

test("openapi.json is valid OpenAPI 3.1 with every reference resolved", async () => {
  const text = await (await fetch(`${server.url}/openapi.json`)).text();
  const validator = new Validator();
  const { valid, errors } = await validator.validate(JSON.parse(text));
  assert.ok(valid, JSON.stringify(errors));
  assert.equal(validator.version, "3.1");
  assert.doesNotThrow(() => validator.resolveRefs());
});

test("paths that openapi.json names answer as it says", async () => {
  const api = await (await fetch(`${server.url}/openapi.json`)).json();
  let asked = 0;
  for (const [path, item] of Object.entries(api.paths)) {
    if (!item.get || path.includes("{") || path.endsWith("/stream")) continue;
    if ((item.get.parameters ?? []).some((parameter) => parameter.required)) continue;
    const answer = await fetch(server.url + path);
    assert.ok(item.get.responses[answer.status] ?? item.get.responses.default, `${path}: ${answer.status}`);
    const type = answer.headers.get("content-type").split(";")[0];
    const said = item.get.responses[answer.status] ?? {};
    const shared = api.components.responses[(said.$ref ?? "").split("/").pop()];
    const known = Object.keys((shared ?? said).content ?? {});
    assert.ok(known.includes(type), `${path}: ${type} is not among ${known}`);
    await answer.arrayBuffer();
    asked += 1;
  }
  assert.ok(asked >= 6, `${asked} paths asked`);
});

test("metrics parse, and count what happened", async () => {
  await append(server.url, [{ type: "note.written", data: {} }]);
  const answer = await fetch(`${server.url}/metrics`);
  assert.match(answer.headers.get("content-type"), /^text\/plain; version=0\.0\.4/);
  const families = parsePrometheus(await answer.text());
  assert.ok(families.length >= 15);
  for (const family of families) {
    assert.ok(family.help, `${family.name} has no help`);
    assert.match(family.name, /^opsledger_[a-z0-9_]+$/);
  }
  const requests = families.find((family) => family.name === "opsledger_http_requests_total");
  const appended = requests.metrics.find(({ labels }) => labels.path === "/v1/events" && labels.method === "POST");
  assert.equal(appended.value, "1");
});
