import { setTimeout as sleep } from "node:timers/promises";

/** What clients read. No snapshots and no tasks: with none of them in it, the answer never changes. */
const QUERIES = [
  "{ vms(first: 100) { totalCount nodes { id name memoryBytes disks { type volume { name lun { name storageVolume { zbsId } } } } } } }",
  "{ hosts(first: 20) { nodes { name cluster { name } vms(first: 5) { nodes { name } } } } }",
  "{ clusters(first: 5) { nodes { name } } }",
];
/** What some of them do wrong. */
const MISTAKES = [
  "{ vms(first: 100000) { nodes { id } } }",
  "{ nonsense }",
  "query { vms",
  '{ node(id: "Vm:none") { id } }',
];

/** As many clients, each asking as soon as its last answer has come. Answers without errors must equal those of quiet times. */
export async function readAgainAndAgain(gateway, tally, end, clients) {
  gateway.quiet ??= await Promise.all(QUERIES.map((query) => gateway.ask(query)));
  for (const text of gateway.quiet) if (JSON.parse(text).errors) throw new Error(`a query of the soak fails: ${text}`);
  await Promise.all(Array.from({ length: clients }, (_, n) => read(gateway, tally, end, n)));
}

async function read(gateway, tally, end, n) {
  for (let round = n; performance.now() < end; round += 1) {
    const began = performance.now();
    const mistaken = round % 29 === 0;
    const which = round % QUERIES.length;
    try {
      const text = await gateway.ask(mistaken ? MISTAKES[round % MISTAKES.length] : QUERIES[which]);
      tally.answered(text, performance.now() - began, mistaken);
      // A client with any sense does not come back in the same instant.
      if (text.includes('"errors"')) await sleep(100);
      if (!mistaken && !text.includes('"errors"') && text !== gateway.quiet[which]) tally.wrongAnswers += 1;
    } catch (error) {
      tally.unanswered(error);
    }
  }
}
