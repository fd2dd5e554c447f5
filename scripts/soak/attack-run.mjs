import { fork } from "node:child_process";
import { once } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { ATTACKS } from "./attacks.mjs";

/** Maximum time that another client waits for a trivial query, for 99 of 100. */
const MAX_TRIVIAL_MS = 250;
/** Maximum time that another client waits for a page of 20 VMs under attack, as a multiple of its time without. */
const MAX_PAGE_RATIO = 4;
const CALM_SECONDS = 10;
const PAUSE_MS = 1_000;

/**
 * Runs each attack for some seconds while another client measures how long it waits, and before that the other client alone. Prints a line
 * for each.
 *
 * @returns the targets that were missed.
 */
export async function measureAttacks(gateway, secondsPerAttack) {
  const probe = child("probe.mjs", gateway.url, await gateway.login());
  const hostile = child("hostile.mjs", gateway.url, await gateway.login());
  const all = { trivial: [], page: [], failed: 0 };
  try {
    await sleep(2_000);
    await probe.ask({});
    await sleep(CALM_SECONDS * 1000);
    const calm = await probe.ask({});
    print("without an attack", waits(calm));
    for (const name of Object.keys(ATTACKS)) {
      await hostile.ask({ attack: name });
      await sleep(PAUSE_MS);
      await probe.ask({});
      await sleep(secondsPerAttack * 1000);
      const times = await probe.ask({});
      const { counts } = await hostile.ask({});
      for (const key of ["trivial", "page"]) all[key].push(...times[key]);
      all.failed += times.failed;
      print(name, `${waits(times, calm)}; ${total(counts)}`);
      await sleep(PAUSE_MS);
    }
    print("all attacks", waits(all, calm));
    return missedTargets(all, calm);
  } finally {
    probe.stop();
    hostile.stop();
  }
}

/** Runs the attacks one after the other until the end, a few seconds each. */
export async function attackUntil(gateway, end) {
  const hostile = child("hostile.mjs", gateway.url, await gateway.login());
  try {
    for (let round = 0; performance.now() < end; round += 1) {
      const names = Object.keys(ATTACKS);
      await hostile.ask({ attack: names[(round * 7) % names.length] });
      await sleep(Math.min(3_000, Math.max(0, end - performance.now())));
    }
  } finally {
    hostile.stop();
  }
}

function missedTargets(all, calm) {
  const problems = [];
  const trivialMs = quantile(all.trivial, 0.99);
  const ratio = quantile(all.page, 0.99) / quantile(calm.page, 0.99);
  if (!(trivialMs <= MAX_TRIVIAL_MS)) {
    problems.push(
      `Under attack another client waits ${ms(trivialMs)} for a trivial query (p99): at most ${MAX_TRIVIAL_MS} ms.`,
    );
  }
  if (!(ratio <= MAX_PAGE_RATIO)) {
    problems.push(
      `Under attack another client's page takes ${ratio.toFixed(1)} times as long (p99): at most ${MAX_PAGE_RATIO}.`,
    );
  }
  if (all.failed > 0) problems.push(`Under attack ${all.failed} operations of another client failed.`);
  return problems;
}

function waits(times, calm) {
  const one = (key) => {
    const [p50, p99] = [0.5, 0.99].map((q) => quantile(times[key], q));
    const ratios = calm && [0.5, 0.99].map((q, i) => ([p50, p99][i] / quantile(calm[key], q)).toFixed(1));
    return `${key} p50 ${ms(p50)}, p99 ${ms(p99)}${ratios ? ` (${ratios.join(" and ")} times)` : ""}`;
  };
  return `${one("trivial")}; ${one("page")}; ${times.trivial.length} of each, ${times.failed} failed`;
}

function print(name, text) {
  process.stdout.write(`${name.padEnd(28)} ${text}\n`);
}

function total(counts) {
  return Object.entries(counts)
    .map(([kind, count]) => `${kind} ${count}`)
    .join(", ");
}

function ms(value) {
  return `${value.toFixed(value < 10 ? 1 : 0)} ms`;
}

function quantile(values, q) {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * q))] ?? Number.NaN;
}

function child(file, ...args) {
  const started = fork(fileURLToPath(new URL(file, import.meta.url)), args);
  return {
    /** Sends a message and waits for the reply. */
    async ask(message) {
      const replied = once(started, "message");
      started.send(message);
      const [reply] = await replied;
      return reply;
    },
    stop: () => started.kill(),
  };
}
