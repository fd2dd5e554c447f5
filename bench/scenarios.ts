import assert from "node:assert/strict";
import type { Case } from "./compare.js";
import { GRAPH_QUERY, SNAPSHOTS_QUERY } from "./queries.js";

/** Number of snapshots in the stub, all of which are queried. */
export const SNAPSHOT_COUNT = 200;

interface GraphVm {
  disks: { type: string; volume: { lun: { storageVolume: { zbsId: string } } } | null }[];
}

interface GraphSnapshot {
  disks: { lunSnapshot: { storageVolume: { zbsId: string } } }[];
}

/** VM to ZBS volume: 20, 200 and 1,000 VMs, 1 and 16 clients, 0 and 20 ms; with `quick` only the most informative cases. */
export function graphCases(quick: boolean): Case[] {
  const cases: Case[] = [];
  for (const vmCount of [20, 200, 1000]) {
    for (const clients of [1, 16]) {
      for (const delayMs of [0, 20]) {
        if (quick && !isQuickCase(vmCount, clients, delayMs)) continue;
        cases.push(graphCase(vmCount, clients, delayMs));
      }
    }
  }
  if (!quick) cases.push({ ...graphCase(200, 16, 20), title: "200 VMs, all clients with one token", oneToken: true });
  return cases;
}

/** By what two versions of the gateway are compared: pages small and large, with many clients, and one client's whole inventory. */
export function versionCases(): Case[] {
  return [graphCase(20, 16, 0), graphCase(200, 16, 0), graphCase(1000, 1, 0)];
}

function graphCase(vmCount: number, clients: number, delayMs: number): Case {
  return {
    title: `${vmCount} VMs`,
    operation: { query: GRAPH_QUERY, operationName: "Graph", variables: { first: vmCount } },
    clients,
    delayMs,
    check: (data) => checkVms((data as { vms: { nodes: GraphVm[] } }).vms.nodes, vmCount),
  };
}

/** Snapshot to ZBS volume. */
export function snapshotCases(quick: boolean): Case[] {
  const cases: Case[] = [];
  for (const clients of [1, 16]) {
    for (const delayMs of [0, 20]) {
      if (quick && !(clients === 1 && delayMs === 0)) continue;
      cases.push({
        title: `${SNAPSHOT_COUNT} snapshots`,
        operation: { query: SNAPSHOTS_QUERY, operationName: "Snapshots", variables: { first: SNAPSHOT_COUNT } },
        clients,
        delayMs,
        check: checkSnapshots,
      });
    }
  }
  return cases;
}

/** Throws unless there are `vmCount` VMs, each with a CD-ROM and two disks with different ZBS volumes. */
export function checkVms(vms: readonly GraphVm[], vmCount: number): void {
  assert.equal(vms.length, vmCount, "VMs in the response");
  const zbsIds = new Set<string>();
  for (const { disks } of vms) {
    assert.deepEqual(
      disks.map(({ type }) => type),
      ["CD_ROM", "DISK", "DISK"],
    );
    for (const { volume } of disks) if (volume) zbsIds.add(volume.lun.storageVolume.zbsId);
  }
  assert.equal(zbsIds.size, vmCount * 2, "ZBS volumes in the response");
}

function checkSnapshots(data: unknown): void {
  const { nodes } = (data as { vmSnapshots: { nodes: GraphSnapshot[] } }).vmSnapshots;
  assert.equal(nodes.length, SNAPSHOT_COUNT, "snapshots in the response");
  const zbsIds = new Set(nodes.flatMap(({ disks }) => disks.map(({ lunSnapshot }) => lunSnapshot.storageVolume.zbsId)));
  assert.equal(zbsIds.size, SNAPSHOT_COUNT * 2, "ZBS volumes in the response");
}

function isQuickCase(vmCount: number, clients: number, delayMs: number): boolean {
  const cases: readonly string[] = ["20/16/0", "200/1/20", "1000/1/0"];
  return cases.includes(`${vmCount}/${clients}/${delayMs}`);
}
