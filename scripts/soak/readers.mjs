import { setTimeout as sleep } from "node:timers/promises";

/** Queries without snapshots and tasks, so that their responses never change. */
const QUERIES = [
  "{ vms(first: 100) { totalCount nodes { id name memoryBytes disks { type volume { name lun { name storageVolume { zbsId } } } } } } }",
  "{ hosts(first: 20) { nodes { name cluster { name } vms(first: 5) { nodes { name } } } } }",
  "{ clusters(first: 5) { nodes { name } } }",
];
/** Invalid queries. */
const INVALID_QUERIES = [
  "{ vms(first: 100000) { nodes { id } } }",
  "{ nonsense }",
  "query { vms",
  '{ node(id: "Vm:none") { id } }',
];

/** Runs a number of clients, each sending a query after the other. A response without errors must equal the one without faults. */
export async function readRepeatedly(gateway, tally, end, clients) {
  gateway.expected ??= await Promise.all(QUERIES.map((query) => gateway.request(query)));
  for (const text of gateway.expected)
    if (JSON.parse(text).errors) throw new Error(`A query fails without faults: ${text}`);
  await Promise.all(Array.from({ length: clients }, (_, n) => read(gateway, tally, end, n)));
}

async function read(gateway, tally, end, n) {
  for (let round = n; performance.now() < end; round += 1) {
    const began = performance.now();
    const invalid = round % 29 === 0;
    const which = round % QUERIES.length;
    try {
      const text = await gateway.request(invalid ? INVALID_QUERIES[round % INVALID_QUERIES.length] : QUERIES[which]);
      tally.responded(text, performance.now() - began, invalid);
      // A sensible client does not retry immediately.
      if (text.includes('"errors"')) await sleep(100);
      if (invalid || text.includes('"errors"') || text === gateway.expected[which]) continue;
      tally.wrongResponses += 1;
      process.stdout.write(`wrong response: ${firstDifference(text, gateway.expected[which])}\n`);
    } catch (error) {
      tally.failed(error);
    }
  }
}

/** Where a response differs from the expected one, with what surrounds the place in both. */
function firstDifference(text, expected) {
  const at = [...text].findIndex((character, index) => character !== expected[index]);
  const from = Math.max(0, at - 200);
  return `at ${at} of ${text.length}: ${text.slice(from, at + 200)}\n  instead of: ${expected.slice(from, at + 200)}`;
}
