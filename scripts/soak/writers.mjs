import { setTimeout as sleep } from "node:timers/promises";

const CREATE = `mutation Create($vmId: ID!, $name: String!) {
  createVmSnapshot(input: { vmId: $vmId, name: $name }) { created snapshot { id } task { id } errors { __typename message } }
}`;
const WATCH =
  "subscription Watch($taskId: ID!) { taskProgress(taskId: $taskId) { status progress steps { current } } }";
/** Not a failure of the gateway: the writer goes on with another VM. */
const UNUSABLE_VM = "VmInRecycleBinError";
const FINAL = new Set(["SUCCEEDED", "FAILED"]);
const WATCHERS = 5;
/** Time limit of a stream: a task takes seconds, but faults delay its end. */
const STREAM_TIMEOUT_MS = 90_000;

/** A client that creates snapshots one after the other, repeating each call until it succeeds, with watchers for each task. */
export async function writeAndWatch(gateway, tally, end, writer) {
  const { data } = JSON.parse(await gateway.request("{ vms(first: 50) { nodes { id } } }"));
  const vmIds = data.vms.nodes.map(({ id }) => id);
  const watching = [];
  for (let round = 0; performance.now() < end; round += 1) {
    const name = `soak-${writer}-${round}`;
    tally.snapshots.set(name, { created: false });
    const taskId = await create(gateway, tally, vmIds[(writer * 17 + round) % vmIds.length], name, end);
    if (taskId === undefined) continue;
    for (let n = 0; n < WATCHERS; n += 1) watching.push(watch(gateway, tally, writer + n, taskId));
    await sleep(500);
  }
  await Promise.all(watching);
}

/** Repeats the same call until it succeeds, which must not create a second snapshot. */
async function create(gateway, tally, vmId, name, end) {
  while (performance.now() < end) {
    const began = performance.now();
    const text = await gateway.request(CREATE, { vmId, name }).catch((error) => tally.failed(error));
    if (text !== undefined) {
      tally.responded(text, performance.now() - began, false);
      const result = JSON.parse(text).data?.createVmSnapshot;
      if (result?.errors[0]?.__typename === UNUSABLE_VM) {
        tally.snapshots.delete(name);
        return undefined;
      }
      for (const { __typename } of result?.errors ?? []) tally.count(tally.writeErrors, __typename);
      if (result?.snapshot) {
        tally.snapshots.get(name).created = true;
        return result.task?.id;
      }
    }
    await sleep(200);
  }
  return undefined;
}

/** Watches a task to its end: progress never goes back, no state comes twice, and there is exactly one final state. */
async function watch(gateway, tally, socket, taskId) {
  tally.watchers += 1;
  let last;
  let finals = 0;
  const stream = gateway.watch(socket, WATCH, { taskId });
  const timer = setTimeout(() => stream.return(), STREAM_TIMEOUT_MS);
  try {
    for await (const { data, errors } of stream) {
      const task = data?.taskProgress;
      if (errors !== undefined || task === null) {
        tally.count(tally.streamErrors, errors?.[0]?.extensions?.code ?? "none");
        continue;
      }
      tally.events += 1;
      const state = JSON.stringify(task);
      if (state === last?.state || finals > 0) tally.eventsDuplicated += 1;
      if (last !== undefined && task.progress < last.progress) tally.eventsBackwards += 1;
      if (FINAL.has(task.status)) finals += 1;
      last = { state, progress: task.progress };
    }
  } catch (error) {
    tally.count(tally.streamErrors, String(error?.[0]?.extensions?.code ?? error?.message ?? error?.code));
  } finally {
    clearTimeout(timer);
  }
  if (finals === 0) tally.eventsLost += 1;
}
