import { followMany } from "../../graph/loading/follow-relation.js";
import { computedField } from "../../graph/schema/computed-field.js";
import { vmSnapshotLabels } from "../../relations/labels.js";
import { expiryMs } from "../../resources/vm-snapshot/lease-labels.js";
import { VmSnapshot } from "../../resources/vm-snapshot/vm-snapshot.type.js";
import { isExpired, type LeaseState, leaseOf } from "./lease.js";
import { labelsInRow } from "./read-leases.js";
import { VmSnapshotLease } from "./snapshot-leases.types.js";

/** VmSnapshot → its lease, from its labels: no call with CloudTower 4.1 or newer, else one for all snapshots of the response. */
export const vmSnapshotLease = computedField<VmSnapshot>({
  from: VmSnapshot,
  field: "lease",
  calls: { perBatch: 1 },
  type: () => VmSnapshotLease,
  nullable: true,
  description:
    "The snapshot's lease, which `createVmSnapshot` gives and `renewSnapshotLeases` extends; null if it has none.",
  async resolve(snapshot, _, { graph }) {
    const labels =
      labelsInRow(snapshot.row) ??
      (await followMany(graph, vmSnapshotLabels, snapshot)).map(({ row }) => ({
        id: row.id,
        key: row.key ?? "",
        value: row.value ?? null,
      }));
    return shownLease(leaseOf(labels));
  },
});

/** A lease as clients see it; null if there is none. */
export function shownLease(lease: LeaseState): VmSnapshotLease | null {
  if (!lease.exists) return null;
  const [owner = null, ...others] = lease.owners;
  const expiresMs = expiryMs(lease.expires);
  return {
    owner: others.length === 0 ? owner : null,
    expiresAt: expiresMs === undefined ? null : new Date(expiresMs).toISOString(),
    expired: isExpired(lease, Date.now()),
  };
}
