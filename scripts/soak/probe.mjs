// Another client, a process of its own: sends a trivial query and a page of 20 VMs in turns, and measures how long it waits for each.
// On each message it reports the times since the last one, in milliseconds.
// Usage: fork with the arguments <URL of the gateway> <token>
import { Agent, request } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";

const [url, token] = process.argv.slice(2);
const OPERATIONS = {
  trivial: "{ __typename }",
  page: "{ vms(first: 20) { nodes { id name status disks { volume { name } } } } }",
};
const PAUSE_MS = 5;
const agent = new Agent({ keepAlive: true, maxSockets: 1 });
let times = { trivial: [], page: [], failed: 0 };

process.on("message", () => {
  process.send(times);
  times = { trivial: [], page: [], failed: 0 };
});
process.on("disconnect", () => process.exit());

for (;;) {
  for (const [name, query] of Object.entries(OPERATIONS)) {
    const began = performance.now();
    const text = await ask(query).catch(() => "");
    times[name].push(performance.now() - began);
    if (!text.startsWith('{"data":') || text.includes('"errors"')) times.failed += 1;
    await sleep(PAUSE_MS);
  }
}

function ask(query) {
  return new Promise((resolve, reject) => {
    const headers = { "content-type": "application/json", authorization: token };
    const sent = request(`${url}/graphql`, { method: "POST", agent, headers }, async (response) => {
      try {
        resolve(Buffer.concat(await response.toArray()).toString());
      } catch (error) {
        reject(error);
      }
    });
    sent.once("error", reject).end(JSON.stringify({ query }));
  });
}
