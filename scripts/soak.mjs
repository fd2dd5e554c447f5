// Load, watchers, random faults and a hostile client at the same time, on the built gateway and the simulator, each in its own process.
// Then, without faults, each attack of the hostile client for itself, while another client measures how long it waits.
// Usage: npm run soak -- --minutes 2 [--clients 8] [--writers 3] [--attack-seconds 4] [--replicas 3]
// CloudTower commits some writes late, forgets tasks, has odd rows, shows rows late, and its cluster another time than itself. Others act
// in it, and clients that come and go follow the events.
// With --replicas N: only writes and reads, over N gateways with Redis, which are killed, paused and restarted; see soak/replicas.mjs.
// Prints counts at the end. Fails if an event was lost or duplicated, a write was lost or duplicated, a response, a verdict of readiness or
// a plan was wrong, the gateway itself failed,
// a client waited too long because of another, or the attacks left memory behind.
import { setTimeout as sleep } from "node:timers/promises";
import { parseArgs } from "node:util";
import { attackUntil, measureAttacks } from "./soak/attack-run.mjs";
import { backUp, vmsWithDisks } from "./soak/backups.mjs";
import { runFaultPhases } from "./soak/faults.mjs";
import { Followers } from "./soak/followers.mjs";
import { Gateway } from "./soak/gateway.mjs";
import { startProcesses } from "./soak/processes.mjs";
import { readRepeatedly } from "./soak/readers.mjs";
import { soakReplicas } from "./soak/replicas.mjs";
import { printReport, problemsOf, Tally } from "./soak/tally.mjs";
import { writeAndWatch } from "./soak/writers.mjs";

const { values } = parseArgs({
  options: {
    minutes: { type: "string", default: "2" },
    clients: { type: "string", default: "8" },
    writers: { type: "string", default: "3" },
    "attack-seconds": { type: "string", default: "4" },
    replicas: { type: "string" },
  },
});
const minutes = Number(values.minutes);
if (!(minutes > 0)) throw new Error(`--minutes must be a number above 0, got ${values.minutes}.`);

if (values.replicas !== undefined) {
  const problems = await soakReplicas({ minutes, replicas: Number(values.replicas), writers: Number(values.writers) });
  for (const problem of problems) process.stdout.write(`PROBLEM: ${problem}\n`);
  process.exit(problems.length === 0 ? 0 : 1);
}

/** Number of backup products, each with a VM of its own. */
const BACKUPS = 4;
/** A CloudTower that forgets tasks, and whose cluster has another time. */
const QUIRKS = { taskMemoryMs: 45_000, clusterClockMs: 120_000 };

const processes = await startProcesses();
try {
  const gateway = await Gateway.open(processes);
  const tally = new Tally();
  await gateway.change("quirks", QUIRKS);
  await gateway.change("lags", { lunSnapshotMs: 800, frozenDisksMs: 300, frozenNicsMs: 500 });
  // Warm up first: memory that the first queries allocate once is not a leak.
  await readRepeatedly(gateway, new Tally(), performance.now() + 5_000, Number(values.clients));
  tally.start = await gateway.memory();
  const vms = await vmsWithDisks(gateway);
  const followers = await Followers.start(gateway, tally);

  const end = performance.now() + minutes * 60_000;
  const progress = setInterval(() => process.stdout.write(`${tally.line()}\n`), 15_000);
  const readers = readRepeatedly(gateway, tally, end, Number(values.clients));
  const writers = Array.from({ length: Number(values.writers) }, (_, n) => writeAndWatch(gateway, tally, end, n));
  const backups = Array.from({ length: BACKUPS }, (_, n) => backUp(gateway, tally, end, n, vms));
  const faults = runFaultPhases(gateway, tally, end);
  await Promise.all([readers, faults, attackUntil(gateway, end), ...writers, ...backups]);
  clearInterval(progress);

  await gateway.recover(tally);
  await followers.finish();
  await gateway.countWrites(tally);
  await gateway.close();
  await sleep(3_000);
  tally.beforeAttacks = await gateway.memory();
  const missedTargets = await measureAttacks(gateway, Number(values["attack-seconds"]));
  await sleep(3_000);
  tally.end = await gateway.memory();
  tally.peakMiB = gateway.peakMemory();
  printReport(tally, minutes);
  for (const problem of [...problemsOf(tally), ...missedTargets]) {
    process.exitCode = 1;
    process.stdout.write(`PROBLEM: ${problem}\n`);
  }
} catch (error) {
  if (!processes.hasExited()) throw error;
  process.exitCode = 1;
  process.stdout.write("PROBLEM: The gateway has exited.\n");
} finally {
  await processes.stop();
}
