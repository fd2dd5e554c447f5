/**
 * The reference of all contenders: no GraphQL, only the REST calls, a join with Maps, and one JSON.stringify. It recognizes the
 * benchmark's operations by name and returns exactly the responses of a gateway.
 *
 * Environment: CLOUDTOWER_URL, HOST, PORT.
 */
import { createServer } from "node:http";
import type { Row } from "../../src/upstream/wire/types.js";
import { UpstreamPool } from "../upstream-pool.js";

interface GraphVariables {
  readonly first: number;
  readonly after?: string | null;
}

const upstream = new UpstreamPool(process.env.CLOUDTOWER_URL ?? "");

const server = createServer((request, response) => {
  const chunks: Buffer[] = [];
  request.on("data", (chunk: Buffer) => chunks.push(chunk));
  request.on("end", async () => {
    const { status, body } = await execute(Buffer.concat(chunks).toString(), request.headers.authorization ?? "").then(
      (data) => ({ status: 200, body: JSON.stringify({ data }) }),
      (error: unknown) => ({ status: 500, body: JSON.stringify({ errors: [{ message: String(error) }] }) }),
    );
    response.writeHead(status, { "content-type": "application/json", "content-length": Buffer.byteLength(body) });
    response.end(body);
  });
});
server.listen(Number(process.env.PORT), process.env.HOST);
process.on("SIGTERM", () => process.exit());

async function execute(body: string, token: string): Promise<unknown> {
  const { operationName, variables } = JSON.parse(body);
  switch (operationName) {
    case undefined:
      return { __typename: "Query" };
    case "Graph":
      return { vms: { nodes: await vmGraph(token, variables) } };
    case "Page": {
      const nodes = await vmGraph(token, variables);
      const endCursor = nodes.at(-1)?.id.slice("Vm:".length) ?? null;
      return { vms: { nodes, pageInfo: { hasNextPage: nodes.length === variables.first, endCursor } } };
    }
    case "Snapshots":
      return { vmSnapshots: { nodes: await snapshotGraph(token, variables.first) } };
    default:
      throw new Error(`unknown operation ${operationName}`);
  }
}

async function vmGraph(token: string, { first, after }: GraphVariables) {
  const vms = await upstream.list("Vm", token, { orderBy: "id_ASC", first, after: after ?? null });
  const disks = await upstream.listByIds("VmDisk", token, idsOf(vms), (ids) => ({
    where: { vm: { id_in: ids } },
    orderBy: "boot_ASC",
  }));
  const volumeIds = idsOf(disks.map((disk) => disk.vm_volume));
  const volumes = await upstream.listByIds("VmVolume", token, volumeIds, (ids) => ({ where: { id_in: ids } }));
  const lunIds = idsOf(volumes.map((volume) => volume.lun));
  const luns = await upstream.listByIds("IscsiLun", token, lunIds, (ids) => ({ where: { id_in: ids } }));

  const lunById = new Map(luns.map((lun) => [lun.id, toLun(lun)]));
  const volumeById = new Map(
    volumes.map((volume) => [volume.id, toVolume(volume, volume.lun ? lunById.get(volume.lun.id) : undefined)]),
  );
  const disksByVm = new Map<string, ReturnType<typeof toDisk>[]>(vms.map((vm) => [vm.id, []]));
  for (const disk of disks) {
    disksByVm
      .get(disk.vm?.id ?? "")
      ?.push(toDisk(disk, disk.vm_volume ? volumeById.get(disk.vm_volume.id) : undefined));
  }
  return vms.map((vm) => ({
    id: `Vm:${vm.id}`,
    name: vm.name,
    status: vm.status,
    memoryBytes: vm.memory,
    disks: disksByVm.get(vm.id),
  }));
}

function toDisk(disk: Row<"VmDisk">, volume: ReturnType<typeof toVolume> | undefined) {
  return { id: diskId(disk), boot: disk.boot, bus: disk.bus, type: disk.type, volume: volume ?? null };
}

/** An id that stays the same when CloudTower re-creates the disk: VM and volume, or VM, bus and key of a CD-ROM. */
function diskId(disk: Row<"VmDisk">): string {
  return `VmDisk:${disk.vm?.id}:${disk.vm_volume ? disk.vm_volume.id : `${disk.bus}:k${disk.key}`}`;
}

function toVolume(volume: Row<"VmVolume">, lun: ReturnType<typeof toLun> | undefined) {
  return { id: `VmVolume:${volume.id}`, name: volume.name, sizeBytes: volume.size, lun: lun ?? null };
}

function toLun(lun: Row<"IscsiLun">) {
  return { id: `IscsiLun:${lun.id}`, name: lun.name, storageVolume: { zbsId: lun.zbs_volume_id } };
}

async function snapshotGraph(token: string, first: number) {
  const snapshots = await upstream.list("VmSnapshot", token, { orderBy: "id_ASC", first });
  const names = new Set<string>();
  for (const snapshot of snapshots) {
    for (const disk of snapshot.vm_disks ?? []) if (disk.snapshot_local_id) names.add(disk.snapshot_local_id);
  }
  const lunSnapshots = await upstream.listByIds("IscsiLunSnapshot", token, [...names], (part) => ({
    where: { name_in: part },
  }));
  const byName = new Map(lunSnapshots.map((lunSnapshot) => [lunSnapshot.name, toLunSnapshot(lunSnapshot)]));
  return snapshots.map((snapshot) => ({
    id: `VmSnapshot:${snapshot.id}`,
    name: snapshot.name,
    vm: snapshot.vm ? { id: `Vm:${snapshot.vm.id}`, name: snapshot.vm.name } : null,
    disks: (snapshot.vm_disks ?? []).map((disk) => ({
      type: disk.type,
      lunSnapshot: (disk.snapshot_local_id && byName.get(disk.snapshot_local_id)) || null,
    })),
  }));
}

function toLunSnapshot(row: Row<"IscsiLunSnapshot">) {
  return { id: `IscsiLunSnapshot:${row.id}`, name: row.name, storageVolume: { zbsId: row.local_id } };
}

function idsOf(rows: readonly ({ readonly id: string } | null | undefined)[]): string[] {
  const ids = new Set<string>();
  for (const row of rows) if (row) ids.add(row.id);
  return [...ids];
}
