// One `opsledger serve` over a generated history, on an ephemeral loopback port.
import { execFileSync, spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";

const binary = process.env.OPSLEDGER_BINARY;
if (!binary) throw new Error("set OPSLEDGER_BINARY to the opsledger program");

export async function startServer({ orders = 60, incidents = 25 } = {}) {
  const folder = mkdtempSync(join(tmpdir(), "opsledger-clients-"));
  const data = join(folder, "data");
  const demo = ["demo", "--data", data, "--seed", "7", "--weeks", "2"];
  execFileSync(binary, [...demo, "--orders", String(orders), "--incidents", String(incidents)], {
    stdio: "ignore",
  });
  const server = spawn(binary, ["serve", "--data", data, "--listen", "127.0.0.1:0"], {
    stdio: ["ignore", "pipe", "ignore"],
  });
  const { value: line } = await createInterface({ input: server.stdout })[Symbol.asyncIterator]().next();
  const url = line?.match(/http:\S+/)?.[0];
  if (!url) throw new Error(`the server did not start: ${line}`);
  return {
    url,
    async stop() {
      const ended = new Promise((done) => server.once("exit", done));
      server.kill("SIGTERM");
      const code = await ended;
      rmSync(folder, { recursive: true });
      if (code !== 0) throw new Error(`the server ended with ${code}`);
    },
  };
}

/** Appends events in the contract's own JSON and returns {first, last}. */
export async function append(url, events) {
  const answer = await fetch(`${url}/v1/events`, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ events }),
  });
  if (answer.status !== 201) throw new Error(`append: ${answer.status} ${await answer.text()}`);
  return answer.json();
}
