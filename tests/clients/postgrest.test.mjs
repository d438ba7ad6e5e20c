// The PostgREST client of supabase against /v1/tables; every answer is compared with rows filtered
// here.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { PostgrestClient } from "@supabase/postgrest-js";
import { startServer } from "./server.mjs";

let server, db, orders;
before(async () => {
  server = await startServer();
  db = new PostgrestClient(`${server.url}/v1/tables`);
  orders = await rows(db.from("order.orders").select());
});
after(() => server.stop());

async function rows(query) {
  const { data, error } = await query;
  assert.equal(error, null, JSON.stringify(error));
  return data;
}
const names = (list) => list.map((row) => row.invoice).sort();
const from = () => db.from("order.orders").select("invoice");

const filters = {
  eq: [(q) => q.eq("country", "CN"), (r) => r.country === "CN"],
  neq: [(q) => q.neq("country", "CN"), (r) => r.country !== "CN"],
  gt: [(q) => q.gt("lines", 2), (r) => r.lines > 2],
  gte: [(q) => q.gte("lines", 2), (r) => r.lines >= 2],
  lt: [(q) => q.lt("sum", "500"), (r) => Number(r.sum) < 500],
  lte: [(q) => q.lte("units", 5), (r) => r.units <= 5],
  like: [(q) => q.like("invoice", "SO-%1"), (r) => r.invoice.endsWith("1")],
  ilike: [(q) => q.ilike("invoice", "so-%1"), (r) => r.invoice.endsWith("1")],
  "is true": [(q) => q.is("cancelled", true), (r) => r.cancelled],
  "is null": [(q) => q.is("hold", null), (r) => r.hold === null],
  in: [(q) => q.in("country", ["CN", "HK", "a,b", 'q"u']), (r) => ["CN", "HK"].includes(r.country)],
  not: [(q) => q.not("country", "eq", "CN"), (r) => r.country !== "CN"],
  "not in": [(q) => q.not("country", "in", "(CN,HK)"), (r) => !["CN", "HK"].includes(r.country)],
  or: [(q) => q.or("country.eq.HK,lines.gt.3"), (r) => r.country === "HK" || r.lines > 3],
  "or of and": [
    (q) => q.or("country.eq.HK,and(lines.gt.1,lines.lt.4),not.and(units.gt.2,units.lt.9)"),
    (r) => r.country === "HK" || (r.lines > 1 && r.lines < 4) || !(r.units > 2 && r.units < 9),
  ],
  match: [(q) => q.match({ country: "CN", lines: 2 }), (r) => r.country === "CN" && r.lines === 2],
  filter: [(q) => q.filter("lines", "gte", 3), (r) => r.lines >= 3],
  time: [
    (q) => q.gte("first_time", "2026-01-01T00:00:00+08:00"),
    (r) => Date.parse(r.first_time) >= Date.parse("2026-01-01T00:00:00+08:00"),
  ],
};
for (const [name, [ask, holds]] of Object.entries(filters)) {
  test(`filter ${name}`, async () => {
    assert.deepEqual(names(await rows(ask(from()))), names(orders.filter(holds)));
  });
}

test("the history has rows on both sides of the filters", () => {
  for (const name of ["eq", "gt", "like", "or", "or of and", "lt"]) {
    const count = orders.filter(filters[name][1]).length;
    assert.ok(count > 0 && count < orders.length, `${name}: ${count} of ${orders.length}`);
  }
});

test("select names, renames and orders columns", async () => {
  const [row] = await rows(db.from("order.orders").select("number:invoice,sum").limit(1));
  assert.deepEqual(Object.keys(row), ["number", "sum"]);
});

test("order, limit and range page through all rows once", async () => {
  const sorted = () => from().order("lines", { ascending: false }).order("invoice");
  const expected = [...orders].sort((a, b) => b.lines - a.lines || (a.invoice < b.invoice ? -1 : 1));
  const paged = [];
  for (let at = 0; at < orders.length; at += 7) paged.push(...(await rows(sorted().range(at, at + 6))));
  assert.deepEqual(paged.map((r) => r.invoice), expected.map((r) => r.invoice));
  assert.equal((await rows(sorted().limit(3))).length, 3);
  const ask = db.from("incident.incidents").select("acknowledged_at");
  const nulls = await rows(ask.order("acknowledged_at", { nullsFirst: true }));
  const first = nulls.findIndex((r) => r.acknowledged_at !== null);
  assert.ok(first > 0, "no row without the time");
  assert.ok(nulls.slice(first).every((r) => r.acknowledged_at !== null));
});

test("single and maybeSingle", async () => {
  const { invoice } = orders[0];
  const one = await db.from("order.orders").select().eq("invoice", invoice).single();
  assert.deepEqual(one.data, orders[0]);
  const none = await db.from("order.orders").select().eq("invoice", "nobody").maybeSingle();
  assert.deepEqual([none.data, none.error], [null, null]);
  const many = await db.from("order.orders").select().single();
  assert.equal(many.status, 406);
});

test("count exact, and head without rows", async () => {
  const paged = await db.from("order.orders").select("*", { count: "exact" }).range(2, 4);
  assert.equal(paged.count, orders.length);
  assert.equal(paged.data.length, 3);
  const head = await db.from("order.orders").select("*", { count: "exact", head: true }).eq("country", "CN");
  assert.equal(head.error, null);
  assert.equal(head.count, orders.filter((r) => r.country === "CN").length);
});

test("aggregates group by the other columns", async () => {
  const found = await rows(db.from("order.orders").select("country,lines.sum(),count()"));
  const expected = {};
  for (const { country, lines } of orders) {
    const group = (expected[country] ??= { country, sum: 0, count: 0 });
    group.sum += lines;
    group.count += 1;
  }
  const sorted = (list) => [...list].sort((a, b) => (a.country < b.country ? -1 : 1));
  assert.deepEqual(sorted(found), sorted(Object.values(expected)));
});

test("what is outside the grammar comes back as an error that says so", async () => {
  const cast = await db.from("order.orders").select("sum::text");
  assert.equal(cast.status, 400);
  assert.match(JSON.stringify(cast.error), /casts/);
  const column = await from().eq("colour", "red");
  assert.equal(column.status, 422);
  assert.match(column.error.detail ?? column.error.message, /colour/);
  const table = await db.from("order.nothing").select();
  assert.equal(table.status, 404);
  const insert = await db.from("order.orders").insert({ invoice: "x" });
  assert.equal(insert.status, 405);
});
