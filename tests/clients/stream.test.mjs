// The EventSource client: catches up, then live; a reconnection resumes after the last id.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { EventSource } from "eventsource";
import { append, startServer } from "./server.mjs";

let server;
before(async () => (server = await startServer({ orders: 5, incidents: 2 })));
after(() => server.stop());

/** Reads messages until `count` came; `lastEventId` is sent as a reconnecting browser does. */
function take(path, count, lastEventId, onOpen = () => {}) {
  return new Promise((done, fail) => {
    const found = [];
    const source = new EventSource(`${server.url}${path}`, {
      fetch: (url, init) =>
        fetch(url, {
          ...init,
          headers: { ...init.headers, ...(lastEventId && { "Last-Event-ID": lastEventId }) },
        }),
    });
    source.onopen = onOpen;
    source.onerror = (problem) => (source.close(), fail(new Error(problem.message ?? "error")));
    const add = (message) => {
      found.push({ id: message.lastEventId, event: JSON.parse(message.data) });
      if (found.length === count) source.close(), done(found);
    };
    source.onmessage = add;
  });
}

const note = (n) => ({ type: "note.written", tags: ["note:1"], data: { n } });

test("a reader catches up, then gets live events in order", async () => {
  await append(server.url, [note(1), note(2)]);
  let sent = false;
  const found = await take("/v1/events/stream?tag=note:1", 4, undefined, async () => {
    if (!sent) await append(server.url, [note(3), note(4)]);
    sent = true;
  });
  assert.deepEqual(found.map((each) => each.event.data.n), [1, 2, 3, 4]);
  for (const { id, event } of found) assert.equal(id, event.position);
});

test("Last-Event-ID resumes after that position", async () => {
  const { first } = await append(server.url, [note(10), note(11), note(12)]);
  const found = await take("/v1/events/stream?tag=note:1", 2, String(first));
  assert.deepEqual(found.map((each) => each.event.data.n), [11, 12]);
});

test("a Last-Event-ID that is no position is refused, not ignored", async () => {
  for (const id of ["abc", "-1", "1e3", "99999999999999999999999"]) {
    const answer = await fetch(`${server.url}/v1/events/stream`, { headers: { "Last-Event-ID": id } });
    assert.equal(answer.status, 400, id);
    await answer.body.cancel();
  }
});
