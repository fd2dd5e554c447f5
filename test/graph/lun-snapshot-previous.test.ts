import { expect, test } from "vitest";
import { startGateway, type TestGateway } from "../support/gateway.js";

type Previous = Record<string, string | null>;

/** Adds a LUN with snapshots, given as times by id. */
function addLun(gateway: TestGateway, name: string, snapshots: Readonly<Record<string, string>>): void {
  const { control } = gateway.simulator;
  const target = control.rows("IscsiTarget")[0]?.id;
  const lun = control.insert("IscsiLun", { name, iscsi_target: target, zbs_volume_id: `zbs-${name}` });
  for (const [id, at] of Object.entries(snapshots)) {
    control.insert("IscsiLunSnapshot", { id, name: id, iscsi_lun: lun, iscsi_target: target, local_created_at: at });
  }
}

async function previous(gateway: TestGateway, prefix: string): Promise<Previous> {
  gateway.simulator.calls.clear();
  const query = `query ($prefix: String!) {
    iscsiLunSnapshots(first: 1000, filter: {name: {startsWith: $prefix}}) {
      nodes { name previous { name uniqueSizeBytes } }
    }
  }`;
  type Node = { name: string; previous: { name: string } | null };
  const data = await gateway.data<{ iscsiLunSnapshots: { nodes: Node[] } }>(query, { prefix });
  return Object.fromEntries(data.iscsiLunSnapshots.nodes.map((node) => [node.name, node.previous?.name ?? null]));
}

test("the previous snapshot is the one before it on the same LUN, by time and then by id", async () => {
  const gateway = await startGateway({ simulator: { vms: 1 } });
  addLun(gateway, "one", {
    "p-c": "2026-01-01T00:00:00.000Z",
    "p-a": "2026-01-03T00:00:00.000Z",
    "p-b": "2026-01-02T00:00:00.000Z",
    "p-tie-2": "2026-01-04T00:00:00.000Z",
    "p-tie-1": "2026-01-04T00:00:00.000Z",
  });
  addLun(gateway, "two", { "p-other": "2026-01-02T12:00:00.000Z" });

  expect(await previous(gateway, "p-")).toEqual({
    "p-c": null,
    "p-b": "p-c",
    "p-a": "p-b",
    "p-tie-1": "p-a",
    "p-tie-2": "p-tie-1",
    "p-other": null,
  });
  expect(gateway.simulator.calls.counts).toEqual({ "get-iscsi-lun-snapshots": 2 });
});

test("times are compared as moments, even if they have different offsets", async () => {
  const gateway = await startGateway({ simulator: { vms: 1 } });
  addLun(gateway, "one", { "q-later": "2026-01-01T09:00:00+08:00", "q-earlier": "2026-01-01T00:30:00Z" });

  expect(await previous(gateway, "q-")).toEqual({ "q-later": "q-earlier", "q-earlier": null });
});

test("a snapshot without a LUN or without a time has no previous snapshot", async () => {
  const gateway = await startGateway({ simulator: { vms: 1 } });
  addLun(gateway, "one", {
    "r-first": "2026-01-01T00:00:00.000Z",
    "r-untimed": "",
    "r-last": "2026-01-02T00:00:00.000Z",
  });
  const target = gateway.simulator.control.rows("IscsiTarget")[0]?.id;
  const at = "2026-01-05T00:00:00.000Z";
  gateway.simulator.control.insert("IscsiLunSnapshot", {
    name: "r-orphan",
    iscsi_target: target,
    local_created_at: at,
  });

  expect(await previous(gateway, "r-")).toEqual({
    "r-first": null,
    "r-untimed": null,
    "r-last": "r-first",
    "r-orphan": null,
  });
});
