import { expect, test } from "vitest";
import { startGateway, type TestGateway } from "../support/gateway.js";

interface FrozenDisk {
  readonly type: string;
  readonly volume: { readonly cloudTowerId: string; readonly name: string } | null;
  readonly image: { readonly name: string } | null;
  readonly volumeSnapshot: { readonly zbsSnapshotUuid: string | null } | null;
  readonly lunSnapshot: { readonly name: string; readonly storageVolume: { readonly zbsId: string } } | null;
}

const DISKS = `query ($filter: VmSnapshotFilter) { vmSnapshots(first: 1000, filter: $filter) { nodes { id name disks {
  type volume { cloudTowerId name sizeBytes } image { name path } volumeSnapshot { zbsSnapshotUuid }
  lunSnapshot { name storageVolume { zbsId } }
} } } }`;

async function snapshots(gateway: TestGateway, filter?: object) {
  type Data = { vmSnapshots: { nodes: { id: string; name: string; disks: FrozenDisk[] | null }[] } };
  return await gateway.query<Data>(DISKS, { filter });
}

/** The frozen disks in a snapshot's row. */
function frozen(gateway: TestGateway, id: string): Record<string, string | null>[] {
  const row = gateway.simulator.control.row("VmSnapshot", id.replace("VmSnapshot:", ""));
  return (row?.vm_disks ?? []) as Record<string, string | null>[];
}

test("both paths to the frozen data agree, and a frozen disk leads to its live volume", async () => {
  const gateway = await startGateway();

  const { data } = await snapshots(gateway, { name: { not: "" } });

  let compared = 0;
  for (const { id, disks } of data?.vmSnapshots.nodes ?? []) {
    for (const [index, disk] of (disks ?? []).entries()) {
      const row = frozen(gateway, id)[index];
      if (disk.lunSnapshot && disk.volumeSnapshot) {
        expect(disk.volumeSnapshot.zbsSnapshotUuid).toBe(disk.lunSnapshot.storageVolume.zbsId);
        expect(disk.lunSnapshot.name).toBe(row?.snapshot_local_id);
        compared += 1;
      }
      if (disk.volume) {
        const volume = gateway.simulator.control.row("VmVolume", disk.volume.cloudTowerId);
        expect(volume?.local_id).toBe(row?.vm_volume_local_id);
      }
      if (disk.type === "CD_ROM") expect(disk).toMatchObject({ volume: null, lunSnapshot: null });
    }
  }
  expect(compared).toBeGreaterThan(10);
});

test("the frozen disks of all snapshots take one call per endpoint, and empty names are never sent", async () => {
  const gateway = await startGateway();
  const { calls } = gateway.simulator;
  // The gateway reads CloudTower's version once, before the first list that not every version has.
  await gateway.data("{ gateway { upstreamVersion } }");
  calls.clear();

  await snapshots(gateway);

  expect(calls.counts).toEqual({
    "get-elf-images": 1,
    "get-iscsi-lun-snapshots": 1,
    "get-vm-snapshots": 1,
    "get-vm-volume-snapshots": 1,
    "get-vm-volumes": 1,
  });
  for (const { endpoint, body } of calls.all.filter(({ endpoint }) => endpoint !== "get-vm-snapshots")) {
    const where = (body as { where: Record<string, string[]> & { OR?: Record<string, string[]>[] } }).where;
    for (const branch of where.OR ?? [where]) {
      const keys = branch.local_id_in ?? branch.name_in ?? [];
      expect(keys.length, endpoint).toBeGreaterThan(0);
      for (const key of keys) expect(key, endpoint).toMatch(/./);
    }
  }
});

test("a name that exists in two clusters leads to the LUN snapshot in the snapshot's cluster", async () => {
  const gateway = await startGateway();
  const { snapshot, name, lunSnapshot, control } = oneFrozen(gateway);
  const cluster = idOf(control.row("VmSnapshot", snapshot)?.cluster);
  const elsewhere = control.rows("IscsiTarget").find((row) => (row.cluster as { id: string }).id !== cluster);
  control.insert("IscsiLunSnapshot", { name, local_id: "another", iscsi_target: elsewhere?.id });

  const { data, errors } = await snapshots(gateway, { id: { eq: snapshot } });

  expect(errors).toBeUndefined();
  const found = data?.vmSnapshots.nodes[0]?.disks?.find((disk) => disk.lunSnapshot?.name === name);
  expect(found?.lunSnapshot?.storageVolume.zbsId).toBe(lunSnapshot.local_id);
});

test("a name that exists in another cluster alone leads nowhere; one wanted in two clusters is asked for in each", async () => {
  const gateway = await startGateway();
  const { snapshot, name, lunSnapshot, control } = oneFrozen(gateway);
  const cluster = idOf(control.row("VmSnapshot", snapshot)?.cluster);
  const elsewhere = control.rows("IscsiTarget").find((row) => (row.cluster as { id: string }).id !== cluster);
  control.patch("IscsiLunSnapshot", lunSnapshot.id as string, { name: "renamed" });
  control.insert("IscsiLunSnapshot", { name, local_id: "another", iscsi_target: elsewhere?.id });
  const disks = frozen(gateway, snapshot).filter((disk) => disk.snapshot_local_id === name);
  const twin = control.insert("VmSnapshot", {
    name: "twin",
    cluster: idOf(elsewhere?.cluster),
    vm_disks: disks,
    vm_nics: [],
  });

  const { data, errors } = await snapshots(gateway, { id: { in: [snapshot, twin] } });

  expect(errors).toBeUndefined();
  const byId = new Map(data?.vmSnapshots.nodes.map(({ id, disks: found }) => [id, found]));
  const own = byId.get(`VmSnapshot:${snapshot}`)?.filter(({ lunSnapshot: found }) => found?.name === name);
  expect(own).toEqual([]);
  expect(byId.get(`VmSnapshot:${twin}`)).toMatchObject([{ lunSnapshot: { storageVolume: { zbsId: "another" } } }]);
  expect(gateway.simulator.calls.count("get-iscsi-lun-snapshots")).toBe(2);
});

test("a name that exists twice in the snapshot's cluster is an error of that disk only, never a guess", async () => {
  const gateway = await startGateway();
  const { snapshot, name, lunSnapshot, control } = oneFrozen(gateway);
  const target = (lunSnapshot.iscsi_target as { id: string }).id;
  control.insert("IscsiLunSnapshot", { name, local_id: "another", iscsi_target: target });

  const { data, errors } = await snapshots(gateway, { id: { eq: snapshot } });

  expect(errors).toHaveLength(1);
  expect(errors).toMatchObject([{ extensions: { code: "AMBIGUOUS_NAME" } }]);
  const disks = data?.vmSnapshots.nodes[0]?.disks ?? [];
  const position = frozen(gateway, snapshot).findIndex((disk) => disk.snapshot_local_id === name);
  for (const [index, disk] of disks.entries()) {
    if (index === position) expect(disk.lunSnapshot).toBeNull();
    else if (disk.type === "DISK") expect(disk.lunSnapshot).not.toBeNull();
  }
});

test("a local id that also exists in another cluster leads to the volume in the snapshot's cluster", async () => {
  const gateway = await startGateway();
  const { snapshot, control } = oneFrozen(gateway);
  const localId = frozen(gateway, snapshot).find((disk) => disk.vm_volume_local_id)?.vm_volume_local_id;
  const cluster = idOf(control.row("VmSnapshot", snapshot)?.cluster);
  const other = control.rows("Cluster").find(({ id }) => id !== cluster);
  control.insert("VmVolume", { id: "0-of-another-cluster", cluster: other?.id, local_id: localId, name: "not this" });

  const { data } = await snapshots(gateway, { id: { eq: snapshot } });

  const names = data?.vmSnapshots.nodes[0]?.disks?.map((disk) => disk.volume?.name);
  expect(names).not.toContain("not this");
  expect(names?.some((name) => name !== undefined)).toBe(true);
});

test("a frozen disk whose volume is gone has no volume but still has its data", async () => {
  const gateway = await startGateway();
  const { snapshot, name, control } = oneFrozen(gateway);
  const disk = frozen(gateway, snapshot).find((row) => row.snapshot_local_id === name);
  const [volume] = control.rows("VmVolume", { local_id: disk?.vm_volume_local_id });
  control.remove("VmVolume", volume?.id as string);

  const { data, errors } = await snapshots(gateway, { id: { eq: snapshot } });

  expect(errors).toBeUndefined();
  const found = data?.vmSnapshots.nodes[0]?.disks?.find((frozenDisk) => frozenDisk.lunSnapshot?.name === name);
  expect(found).toMatchObject({ volume: null, lunSnapshot: { name } });
});

/** A complete snapshot with a frozen disk whose LUN snapshot has a unique name. */
function oneFrozen({ simulator: { control } }: TestGateway) {
  for (const row of control.rows("VmSnapshot")) {
    for (const disk of (row.vm_disks ?? []) as { snapshot_local_id: string | null }[]) {
      const found = disk.snapshot_local_id ? control.rows("IscsiLunSnapshot", { name: disk.snapshot_local_id }) : [];
      const [lunSnapshot] = found;
      const name = disk.snapshot_local_id;
      if (found.length === 1 && lunSnapshot && name) return { snapshot: row.id as string, name, lunSnapshot, control };
    }
  }
  throw new Error("no frozen disk with a LUN snapshot");
}

function idOf(stub: unknown): string {
  return (stub as { id: string }).id;
}
