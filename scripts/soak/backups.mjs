import { setTimeout as sleep } from "node:timers/promises";

/** The last ones are not among those that the readers compare: a rollback changes them. */
const VMS = "{ vms(first: 200) { nodes { id cloudTowerId disks(type: DISK) { id } } } }";
const CREATE = `mutation Create($vmId: ID!, $name: String!) {
  createVmSnapshot(input: { vmId: $vmId, name: $name }) { snapshot { id cloudTowerId } errors { code } }
}`;
const READY = `subscription Ready($id: ID!) {
  vmSnapshotReady(snapshotId: $id) { ready reasons { code } snapshot { disks { type lunSnapshot { cloudTowerId storageVolume { zbsId } } } } }
}`;
const PLAN = `query Plan($vmId: ID!, $since: ID!, $to: ID!) {
  vm(id: $vmId) { incrementalPlan(sinceSnapshotId: $since, toSnapshotId: $to) { disks { mode baseZbsId targetZbsId } } }
}`;
/** Chance that another client rolls a VM back between two backups; only every second VM is touched. */
const ROLLBACK_CHANCE = 0.3;
const STREAM_TIMEOUT_MS = 60_000;

/** The VMs that have disks. */
export async function vmsWithDisks(gateway) {
  const { data } = JSON.parse(await gateway.request(VMS));
  return data.vms.nodes.filter(({ disks }) => disks.length > 0);
}

/**
 * A backup product: snapshots of one VM one after the other, each awaited and planned against the one before. What the gateway says of
 * readiness and lineage is compared with what the simulator knows.
 */
export async function backUp(gateway, tally, end, client, vms) {
  const vm = vms[vms.length - 1 - client];
  let previous;
  for (let round = 0; performance.now() < end; round += 1) {
    const snapshot = await create(gateway, tally, vm.id, `backup-${client}-${round}`, end);
    if (snapshot === undefined) continue;
    if (!(await isReady(gateway, tally, snapshot))) continue;
    if (round % 3 === 2) await makeOdd(gateway, tally, vm, `odd-${client}-${round}`);
    if (previous !== undefined) await plan(gateway, tally, vm.id, previous, snapshot);
    previous = snapshot;
    if (client % 2 === 1 && Math.random() < ROLLBACK_CHANCE) await rollBack(gateway, vm, previous);
    await sleep(200);
  }
}

async function create(gateway, tally, vmId, name, end) {
  tally.snapshots.set(name, { created: false });
  while (performance.now() < end) {
    const text = await gateway.request(CREATE, { vmId, name }).catch(() => undefined);
    const result = text && JSON.parse(text).data?.createVmSnapshot;
    for (const { code } of result?.errors ?? []) tally.count(tally.writeErrors, code);
    if (result?.snapshot) {
      tally.snapshots.get(name).created = true;
      return result.snapshot;
    }
    await sleep(500);
  }
  return undefined;
}

/** Waits for the verdict, and checks that all data of a usable snapshot exists. */
async function isReady(gateway, tally, { id }) {
  const stream = gateway.watch(0, READY, { id });
  const timer = setTimeout(() => stream.return(), STREAM_TIMEOUT_MS);
  try {
    for await (const { data } of stream) {
      const event = data?.vmSnapshotReady;
      if (!event) continue;
      tally.verdicts += 1;
      if (!event.ready) {
        if (event.reasons.length === 0) tally.wrongVerdict(`${id} is not ready, without a reason`);
        return false;
      }
      const disks = event.snapshot.disks.filter(({ type }) => type === "DISK");
      for (const { lunSnapshot } of disks) {
        const row = lunSnapshot && (await gateway.simulated(`rows/IscsiLunSnapshot/${lunSnapshot.cloudTowerId}`));
        if (row && row.local_id === lunSnapshot.storageVolume.zbsId) continue;
        tally.wrongVerdict(
          `${id} is ready, but a disk has ${JSON.stringify(lunSnapshot)} and the row ${JSON.stringify(row)}`,
        );
      }
      return disks.length > 0;
    }
  } catch (error) {
    tally.count(tally.streamErrors, String(error?.[0]?.extensions?.code ?? error?.message));
  } finally {
    clearTimeout(timer);
  }
  return false;
}

/** Compares each INCREMENTAL of a plan with the lineage of the data. */
async function plan(gateway, tally, vmId, since, to) {
  const text = await gateway.request(PLAN, { vmId, since: since.id, to: to.id }).catch(() => undefined);
  const disks = (text && JSON.parse(text).data?.vm?.incrementalPlan?.disks) ?? [];
  for (const { mode, baseZbsId, targetZbsId } of disks) {
    tally.count(tally.plans, mode);
    if (mode !== "INCREMENTAL") continue;
    const [base, target] = await Promise.all([baseZbsId, targetZbsId].map((zbsId) => gateway.lineage(zbsId)));
    if (base === null || base !== target) tally.wrongPlans += 1;
  }
}

/** Another client of CloudTower rolls the VM back, past the gateway. */
async function rollBack(gateway, vm, { cloudTowerId }) {
  const body = { where: { id: vm.cloudTowerId }, data: { snapshot_id: cloudTowerId } };
  await gateway.rows("rollback-vm", body).catch(() => {});
}

/** Whether CloudTower has filled a snapshot's row in, which it does some time after its task. */
async function isFilledIn(gateway, id) {
  for (let reads = 0; reads < 50; reads += 1) {
    const row = await gateway.simulated(`rows/VmSnapshot/${id}`);
    if (row?.entityAsyncStatus === null && row.vm_disks !== null && row.vm_nics !== null) return true;
    await sleep(200);
  }
  return false;
}

/** Another client's snapshot whose row says nonsense, and a watcher of it: neither may disturb the others. */
async function makeOdd(gateway, tally, vm, name) {
  const [item] =
    (await gateway.rows("create-vm-snapshot", { data: [{ vm_id: vm.cloudTowerId, name }] }).catch(() => [])) ?? [];
  if (item === undefined) return;
  if (!(await isFilledIn(gateway, item.data.id))) return;
  await gateway.change(`rows/VmSnapshot/${item.data.id}`, { vm_disks: [null] });
  tally.oddRows += 1;
  const stream = gateway.watch(1, READY, { id: item.data.id });
  setTimeout(() => stream.return(), 10_000);
  void (async () => {
    try {
      for await (const { data } of stream) {
        if (data?.vmSnapshotReady?.ready) tally.wrongVerdict(`${item.data.id}, an odd row, is ready`);
      }
    } catch {
      // CloudTower was unreachable.
    }
  })();
}
