import { spawn } from "node:child_process";
import { setTimeout as sleep } from "node:timers/promises";
import { runFaultPhases } from "./faults.mjs";
import { built, freePort, start, terminate, untilResponding } from "./processes.mjs";

const CREATE = `mutation Create($vmId: ID!, $name: String!) {
  createVmSnapshot(input: { vmId: $vmId, name: $name }) { created snapshot { cloudTowerId } errors { code } } }`;
const READ = "{ vms(first: 20) { nodes { id name } } }";
/** Nothing is wrong with the gateway: the writer takes another VM. */
const UNUSABLE_VM = "VM_IN_RECYCLE_BIN";
/** Clients that write the same names: each repeats its calls with any replica until there is a snapshot. */
const RIVALS = 3;
/** Longer than a write that the simulator does late. */
const WRITE_TIMEOUT_SECONDS = 15;
/** How long the names that were begun may take after the end: writes in doubt, and a Redis that has just been started. */
const FINISH_MS = 90_000;

/**
 * Writes and reads over several gateways with Redis, while the simulated CloudTower has faults, gateways are killed or paused for longer than a
 * lease, and Redis is killed and comes back empty; not while it alone knows what a dead gateway has sent: that is more than is promised.
 *
 * @returns what went wrong: a name that exists twice or not at all, or that two calls claim to have created.
 */
export async function soakReplicas({ minutes, replicas: count, writers }) {
  const world = await startWorld(count);
  const tally = { faultPhases: 0, kills: 0, pauses: 0, redisRestarts: 0, reads: 0, lostCalls: 0, errors: new Map() };
  const names = new Map();
  try {
    const end = performance.now() + minutes * 60_000;
    const progress = setInterval(() => print(tally, names), 15_000);
    const work = Array.from({ length: writers }, (_, writer) => write(world, tally, names, { writer, end }));
    await Promise.all([
      ...work,
      read(world, tally, end),
      runFaultPhases(world, tally, end),
      disturb(world, tally, end),
    ]);
    clearInterval(progress);
    print(tally, names);
    return await problemsOf(world, names);
  } finally {
    await world.stop();
  }
}

async function startWorld(count) {
  const [redisPort, simulatorPort] = [await freePort(), await freePort()];
  const simulatorUrl = `http://127.0.0.1:${simulatorPort}`;
  const simulator = start(
    [built("simulator/cli.js"), "--port", String(simulatorPort), "--vms", "60", "--task-seconds", "1"],
    {},
  );
  await untilResponding(`${simulatorUrl}/simulator`);
  const login = { username: "admin", password: "admin-pass", source: "LOCAL" };
  const post = (path, body, headers = {}) =>
    fetch(`${simulatorUrl}/${path}`, {
      method: "POST",
      headers: { "content-type": "application/json", ...headers },
      body: JSON.stringify(body),
    });
  const token = (await (await post("v2/api/login", login)).json()).data.token;
  const world = {
    redis: startRedis(redisPort),
    gateways: [],
    post: (path, body) => post(path, body, { authorization: token }),
    addFault: (fault) => post("simulator/faults", fault),
    clearFaults: () => fetch(`${simulatorUrl}/simulator/faults`, { method: "DELETE" }),
    async startGateway(index) {
      const port = await freePort();
      const child = start([built("main.js")], {
        CLOUDTOWER_URL: simulatorUrl,
        REDIS_URL: `redis://127.0.0.1:${redisPort}`,
        PORT: String(port),
        HOST: "127.0.0.1",
        LOG_LEVEL: "silent",
        UPSTREAM_TIMEOUT_SECONDS: "2",
        UPSTREAM_WRITE_TIMEOUT_SECONDS: String(WRITE_TIMEOUT_SECONDS),
        WRITE_VERIFY_SECONDS: "2",
        OPERATION_TIMEOUT_SECONDS: "15",
      });
      const url = `http://127.0.0.1:${port}`;
      await untilResponding(`${url}/healthz`);
      world.gateways[index] = { child, url };
    },
    async restartRedis() {
      const exited = new Promise((resolve) => world.redis.once("exit", resolve));
      world.redis.kill("SIGKILL");
      await exited;
      await sleep(1_000);
      world.redis = startRedis(redisPort);
    },
    /** Body of the response of the next gateway, in turns. */
    async request(query, variables) {
      world.turn = (world.turn + 1) % count;
      const response = await fetch(`${world.gateways[world.turn].url}/graphql`, {
        method: "POST",
        headers: { "content-type": "application/json", authorization: token },
        body: JSON.stringify({ query, variables }),
        signal: AbortSignal.timeout(30_000),
      });
      return response.json();
    },
    turn: 0,
    async stop() {
      await Promise.all([...world.gateways.map(({ child }) => terminate(child)), terminate(simulator)]);
      world.redis.kill("SIGKILL");
    },
  };
  for (let index = 0; index < count; index += 1) await world.startGateway(index);
  return world;
}

function startRedis(port) {
  const options = ["--port", String(port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"];
  return spawn("redis-server", options, { stdio: ["ignore", "ignore", "inherit"] });
}

/** Kills, pauses and restarts, one thing at a time, with time in between to be well again. */
async function disturb(world, tally, end) {
  const steps = [
    async (index) => {
      world.gateways[index].child.kill("SIGKILL");
      await world.startGateway(index);
      tally.kills += 1;
    },
    async () => {
      await world.restartRedis();
      tally.redisRestarts += 1;
    },
    async (index) => {
      const { child } = world.gateways[index];
      child.kill("SIGSTOP");
      await sleep(12_000);
      child.kill("SIGCONT");
      tally.pauses += 1;
    },
  ];
  for (let step = 0; performance.now() < end; step += 1) {
    await sleep(3_000);
    await steps[step % steps.length](step % world.gateways.length);
    // Until the intents of the dead gateway have ended; until Redis gives out leases again.
    if (step % steps.length === 0) await sleep((WRITE_TIMEOUT_SECONDS + 10) * 1000);
    if (step % steps.length === 1) await sleep(12_000);
  }
}

/** Several clients that want the same name of the same VM, name after name. */
async function write(world, tally, names, { writer, end }) {
  const rows = await (
    await world.post("v2/api/get-vms", { where: { in_recycle_bin: false }, orderBy: "id_ASC" })
  ).json();
  const vmIds = rows.map(({ id }) => id);
  for (let round = 0; performance.now() < end; round += 1) {
    const name = `replicas-${writer}-${round}`;
    const vmId = vmIds[(writer * 17 + round) % vmIds.length];
    names.set(name, { claims: 0, isDone: false });
    const rivals = Array.from({ length: RIVALS }, () => untilDone(world, tally, names, { vmId, name, end }));
    await Promise.all(rivals);
    await sleep(200);
  }
}

async function untilDone(world, tally, names, { vmId, name, end }) {
  const entry = names.get(name);
  while (performance.now() < end + FINISH_MS) {
    const body = await world.request(CREATE, { vmId, name }).catch(() => undefined);
    if (body === undefined) tally.lostCalls += 1;
    const result = body?.data?.createVmSnapshot;
    if (result?.created) entry.claims += 1;
    if (result?.snapshot) {
      entry.isDone = true;
      return;
    }
    const code = result?.errors[0]?.code ?? body?.errors?.[0]?.extensions?.code;
    if (code !== undefined) tally.errors.set(code, (tally.errors.get(code) ?? 0) + 1);
    if (code === UNUSABLE_VM) return void names.delete(name);
    await sleep(200);
  }
}

async function read(world, tally, end) {
  while (performance.now() < end) {
    const body = await world.request(READ).catch(() => undefined);
    if (body?.data?.vms) tally.reads += 1;
    await sleep(20);
  }
}

async function problemsOf(world, names) {
  const rows = await (
    await world.post("v2/api/get-vm-snapshots", { where: { name_in: [...names.keys()] }, first: 100_000 })
  ).json();
  const problems = [];
  for (const [name, { claims, isDone }] of names) {
    const count = rows.filter((row) => row.name === name).length;
    if (count > 1) problems.push(`${name} exists ${count} times.`);
    if (isDone && count === 0) problems.push(`${name} was returned and does not exist.`);
    if (!isDone) problems.push(`${name} was not done.`);
    if (claims > 1) problems.push(`${claims} calls claim to have created ${name}.`);
  }
  if (names.size === 0) problems.push("Nothing was written.");
  return problems;
}

function print({ errors, ...counts }, names) {
  const done = [...names.values()].filter(({ isDone }) => isDone).length;
  process.stdout.write(
    `${JSON.stringify({ names: names.size, done, ...counts, errors: Object.fromEntries(errors) })}\n`,
  );
}
