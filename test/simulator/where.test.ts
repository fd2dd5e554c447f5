import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Simulator, startSimulator } from "../../src/simulator/simulator.js";
import type { Row } from "../../src/upstream/wire/types.js";

let simulator: Simulator;
beforeAll(async () => {
  simulator = await startSimulator({ vms: 80 });
});
afterAll(() => simulator?.stop());

async function send(path: string, where: unknown): Promise<{ status: number; body: unknown }> {
  const response = await fetch(`${simulator.url}/get-${path}`, {
    method: "POST",
    headers: { authorization: simulator.users[0]?.token ?? "" },
    body: JSON.stringify({ where }),
  });
  return { status: response.status, body: await response.json() };
}

async function find<T extends { id: string }>(path: string, where: unknown): Promise<T[]> {
  const { status, body } = await send(path, where);
  if (status !== 200) throw new Error(JSON.stringify(body));
  return body as T[];
}

const names = async (where: unknown) => (await find<Row<"Vm">>("vms", where)).map(({ name }) => name);

async function refusal(path: string, where: unknown): Promise<string> {
  const { status, body } = await send(path, where);
  expect(status).toBe(400);
  return (body as { message: string }).message;
}

describe("operators", () => {
  test.each([
    ["name", "web-prod-01", 1],
    ["name_not", "web-prod-01", 79],
    ["name_in", ["web-prod-01", "appliance", "no-such-vm"], 2],
    ["name_in", [], 0],
    ["name_not_in", [], 80],
    ["name_contains", "数据库", 2],
    ["name_not_contains", "数据库", 78],
    ["name_starts_with", "web-prod", 1],
    ["name_ends_with", "备节点", 1],
  ])("%s %j finds %i VMs", async (key, value, count) => {
    expect(await find("vms", { [key]: value })).toHaveLength(count);
  });

  test("ranges compare numbers by size and dates by time", async () => {
    const all = await find<Row<"VmVolume">>("vm-volumes", {});
    const large = await find<Row<"VmVolume">>("vm-volumes", { size_gte: 2 ** 40 });
    expect(large.map(({ id }) => id)).toEqual(all.filter(({ size }) => (size ?? 0) >= 2 ** 40).map(({ id }) => id));
    const time = all[10]?.local_created_at;
    const [before, at, after] = await Promise.all(
      ["local_created_at_lt", "local_created_at", "local_created_at_gt"].map((key) =>
        find("vm-volumes", { [key]: time }),
      ),
    );
    expect((before?.length ?? 0) + (at?.length ?? 0) + (after?.length ?? 0)).toBe(all.length);
  });

  test("filters compare computed counts like other numbers", async () => {
    const luns = await find<Row<"IscsiLun">>("iscsi-luns", { snapshot_num_gt: 1 });
    expect(luns.length).toBeGreaterThan(0);
    for (const lun of luns)
      expect(await find("iscsi-lun-snapshots", { iscsi_lun: { id: lun.id } })).toHaveLength(lun.snapshot_num ?? 0);
  });
});

describe("null", () => {
  test("{x: null} finds rows without x, {x_not: null} rows with x", async () => {
    const all = await find<Row<"Vm">>("vms", {});
    const without = all.filter(({ max_iops }) => max_iops === null).length;
    expect(without).toBeGreaterThan(0);
    expect(await find("vms", { max_iops: null })).toHaveLength(without);
    expect(await find("vms", { max_iops_not: null })).toHaveLength(all.length - without);
  });

  test("x_not, x_not_in and NOT do not match rows in which x is null", async () => {
    const known = await find("vms", { max_iops_not: null });
    expect(await find("vms", { max_iops_not: 1 })).toHaveLength(known.length);
    expect(await find("vms", { max_iops_not_in: [1] })).toHaveLength(known.length);
    expect(await find("vms", { NOT: [{ max_iops: 1 }] })).toHaveLength(known.length);
  });

  test("a reference can be compared with null, and a range with null finds nothing", async () => {
    expect((await find<Row<"Vm">>("vms", { host: null })).every(({ host }) => host === null)).toBe(true);
    expect(await find("vms", { memory_gt: null })).toEqual([]);
  });
});

describe("combinations", () => {
  test("AND, OR and NOT take arrays and nest", async () => {
    expect(await names({ AND: [{ name_contains: "数据库" }, { vm_tools_status: "RUNNING" }] })).toEqual([
      "数据库主节点",
    ]);
    expect(await names({ OR: [{ name: "appliance" }, { AND: [{ name: "web-prod-01" }] }] })).toEqual([
      "web-prod-01",
      "appliance",
    ]);
    expect(await names({ name_contains: "数据库", NOT: [{ name: "数据库主节点" }, { name: "no-such-vm" }] })).toEqual([
      "数据库备节点",
    ]);
  });

  test("an empty AND or NOT matches everything, an empty OR nothing", async () => {
    expect(await names({ AND: [], NOT: [] })).toHaveLength(80);
    expect(await names({ OR: [] })).toEqual([]);
  });
});

describe("relations", () => {
  test("a reference takes a nested filter, at several levels", async () => {
    const disks = await find<Row<"VmDisk">>("vm-disks", {
      vm: { name: "web-prod-01", cluster: { name: "SH-PROD-01" } },
    });
    expect(disks).toHaveLength(3);
    expect(await find("vm-disks", { vm: { cluster: { name: "BJ-BLOCK-01" } } })).toEqual([]);
    expect(await find("hosts", { cluster: {} })).toHaveLength(13);
  });

  test("the volumes of a VM are found without its disks", async () => {
    const [vm] = await find<Row<"Vm">>("vms", { name: "数据库主节点" });
    const volumes = await find<Row<"VmVolume">>("vm-volumes", { vm_disks_some: { vm: { id_in: [vm?.id] } } });
    expect(volumes.map(({ name }) => name)).toContain("shared-rac");
    expect(volumes).toHaveLength(6);
  });

  test("_some, _every and _none filter by related rows", async () => {
    const some = await find<Row<"Vm">>("vms", { vm_disks_some: { type: "CD_ROM" } });
    const none = await find<Row<"Vm">>("vms", { vm_disks_none: { type: "CD_ROM" } });
    const every = await find<Row<"Vm">>("vms", { vm_disks_every: { type: "CD_ROM" } });
    expect(some.length + none.length).toBe(80);
    expect(every.map(({ name }) => name)).toContain("diskless-pxe");
    expect(every.map(({ name }) => name)).toContain("installer-only");
    expect(every.map(({ name }) => name)).not.toContain("web-prod-01");
  });

  test("labels are filtered from both ends", async () => {
    const [label] = await find<Row<"Label">>("labels", { key: "部门" });
    const labeled = await find<Row<"Vm">>("vms", { labels_some: { key: "部门" } });
    expect(labeled.map(({ id }) => id).sort()).toEqual(label?.vms?.map(({ id }) => id).sort());
    expect(label?.vm_num).toBe(labeled.length);
    expect((await find("labels", { vms_some: { id: labeled[0]?.id } })).length).toBeGreaterThan(0);
  });

  test("an entity that cannot be listed is filtered by the fields of its stub", async () => {
    const grouped = await find<Row<"Vm">>("vms", { vm_placement_group_some: { name: "keep-apart" } });
    expect(grouped.length).toBeGreaterThan(0);
    expect(await find("vms", { vm_placement_group_none: { name_contains: "keep" } })).toHaveLength(80 - grouped.length);
    const plans = await find("backup-plans", { backup_service: { name: "backup-service-01" } });
    expect(plans).toHaveLength(2);
    const either = { OR: [{ name: "none" }, { AND: [{ name: "backup-service-01" }] }] };
    expect(await find("backup-plans", { backup_service: either })).toEqual(plans);
    const neither = { NOT: [{ name: "backup-service-01" }, { id: "none" }] };
    expect(await find("backup-plans", { backup_service: neither })).toEqual([]);
    const wrong = (backup_service: object) => refusal("backup-plans", { backup_service });
    expect(await wrong({ status: "RUNNING" })).toContain("where.backup_service.status");
    expect(await wrong({ OR: [{ a: 1 }] })).toContain("where.backup_service.OR[0].a");
  });
});

describe("refusals name the key", () => {
  test.each([
    ["vms", { nam: "x" }, "where.nam is not allowed: Vm has no such field"],
    ["vms", { memory_contains: 1 }, "where.memory_contains is not allowed: the operators of memory are"],
    ["vms", { ha_in: [true] }, "where.ha_in is not allowed"],
    ["vms", { cpu: { cores: 1 } }, "where.cpu is not allowed: cpu cannot be filtered on"],
    ["vms", { vm_disks: { type: "DISK" } }, "vm_disks is a list of VmDisk, which takes _some, _every and _none"],
    ["vms", { cluster_in: [] }, "cluster is a Cluster, which takes a nested filter"],
    ["vms", { memory: "four" }, 'where.memory must be an integer, got "four"'],
    ["vms", { vcpu: 2 ** 31 }, "where.vcpu must be a 32-bit integer"],
    [
      "vms",
      { status: "ASLEEP" },
      'where.status must be one of DELETED, RUNNING, STOPPED, SUSPENDED, UNKNOWN, got "ASLEEP"',
    ],
    ["vms", { id_in: "x" }, 'where.id_in must be an array, got "x"'],
    ["vms", { id_in: [null] }, "where.id_in[0] must not be null"],
    ["vms", { OR: [{ id: "x" }, { bogus: 1 }] }, "where.OR[1].bogus is not allowed"],
    ["vms", { cluster: { bogus: 1 } }, "where.cluster.bogus is not allowed: Cluster has no such field"],
    ["vms", { AND: {} }, "where.AND must be an array, got an object"],
    ["vms", [], "where must be an object, got an array"],
    ["tasks", { args_contains: "x" }, "args cannot be filtered on"],
  ])("%s %j", async (path, where, message) => {
    expect(await refusal(path, where)).toContain(message);
  });
});
