// The CloudEvents SDK sends in every mode and reads what the server returns.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { CloudEvent, HTTP, emitterFor, httpTransport } from "cloudevents";
import { startServer } from "./server.mjs";

let server;
before(async () => (server = await startServer()));
after(() => server.stop());

function event(id, more = {}) {
  return new CloudEvent({
    id,
    source: "/shop/checkout",
    type: "com.example.sale.Made",
    time: "2026-11-20T08:00:00.000Z",
    subject: "S-1",
    tags: "sale:S-1,shop:north",
    data: { text: "你好 \u{1f389}", n: 1.5, list: [1, null, true] },
    ...more,
  });
}

async function send(message) {
  const answer = await fetch(`${server.url}/v1/events`, { method: "POST", ...message });
  return { status: answer.status, body: await answer.json() };
}

/** The event at a position, through the SDK's own parser in strict mode. */
async function stored(position) {
  const answer = await fetch(`${server.url}/v1/events/${position}`);
  assert.equal(answer.status, 200);
  const headers = { "content-type": answer.headers.get("content-type") };
  const found = HTTP.toEvent({ headers, body: await answer.text() });
  assert.ok(found.validate());
  return found;
}

function sameEvent(found, sent) {
  for (const name of ["id", "type", "subject", "tags"]) assert.equal(found[name], sent[name], name);
  assert.equal(Date.parse(found.time), Date.parse(sent.time));
  assert.deepEqual(found.data, sent.data);
}

for (const [mode, write] of [["structured", HTTP.structured], ["binary", HTTP.binary]]) {
  test(`an event sent in ${mode} mode reads back as sent`, async () => {
    const sent = event(`${mode}-1`, { traceparent: "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01" });
    const { status, body } = await send(write(sent));
    assert.equal(status, 201, JSON.stringify(body));
    const found = await stored(body.first);
    sameEvent(found, sent);
    assert.equal(found.traceparent, sent.traceparent);
    assert.equal(found.position, String(body.first));
  });
}

test("a batch is appended all or nothing", async () => {
  const headers = { "Content-Type": "application/cloudevents-batch+json" };
  const batch = [1, 2, 3].map((n) => event(`batch-${n}`));
  const { status, body } = await send({ headers, body: JSON.stringify(batch) });
  assert.equal(status, 201, JSON.stringify(body));
  assert.equal(body.last - body.first, 2);
  sameEvent(await stored(body.last), batch[2]);

  const bad = [event("batch-4").toJSON(), { ...event("batch-5").toJSON(), tags: "no colon" }];
  const refused = await send({ headers, body: JSON.stringify(bad) });
  assert.equal(refused.status, 422);
  assert.equal(refused.body.errors[0].pointer, "/1/tags");
  const last = await (await fetch(`${server.url}/v1/events?direction=backward&limit=1`)).json();
  assert.equal(last[0].position, String(body.last));
});

test("the same event sent again in any mode is stored once", async () => {
  const sent = event("again-1");
  const first = await send(HTTP.structured(sent));
  const second = await send(HTTP.structured(sent));
  assert.equal(first.status, 201);
  assert.deepEqual(second.body, first.body);
  const other = await send(HTTP.structured(event("again-1", { data: { other: true } })));
  assert.equal(other.status, 422);
  assert.equal(other.body.code, "idempotency.mismatch");
});

test("the SDK's emitter delivers", async () => {
  const emit = emitterFor(httpTransport(`${server.url}/v1/events`));
  await emit(event("emitted-1"));
  const found = await (await fetch(`${server.url}/v1/events?tag=sale:S-1&direction=backward&limit=1`)).json();
  assert.equal(found[0].id, "emitted-1");
});

test("every event that the server lists is a valid CloudEvent", async () => {
  const answer = await fetch(`${server.url}/v1/events?limit=1000`);
  const headers = { "content-type": answer.headers.get("content-type") };
  const events = HTTP.toEvent({ headers, body: await answer.text() });
  assert.ok(events.length > 100);
  for (const each of events) assert.ok(each.validate());
  assert.deepEqual(events.slice(0, 3).map((each) => each.position), ["1", "2", "3"]);
});

test("binary data and data that is text survive", async () => {
  const bytes = Uint8Array.from([0, 255, 10, 13, 128]);
  const binary = event("bytes-1", { data: bytes, datacontenttype: "application/octet-stream" });
  const one = await send(HTTP.structured(binary));
  assert.equal(one.status, 201, JSON.stringify(one.body));
  const raw = await (await fetch(`${server.url}/v1/events/${one.body.first}`)).json();
  assert.equal(raw.data_base64, Buffer.from(bytes).toString("base64"));
  assert.equal(raw.datacontenttype, "application/octet-stream");
  const text = await send(HTTP.binary(event("text-1", { data: "plain", datacontenttype: "text/plain" })));
  assert.equal(text.status, 201, JSON.stringify(text.body));
  assert.equal((await stored(text.body.first)).data, "plain");
});
