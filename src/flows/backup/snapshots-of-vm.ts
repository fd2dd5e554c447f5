import { followMany, followOne } from "../../graph/loading/follow-relation.js";
import type { GraphContext } from "../../graph/loading/graph-context.js";
import { loadedByRow } from "../../graph/relations/loaded-by-row.js";
import { hasMany } from "../../graph/relations/loaded-relation.js";
import type { LoadedRelation } from "../../graph/relations/relation.js";
import { via } from "../../graph/relations/via.js";
import { ErrorCode, TowerError } from "../../kernel/errors.js";
import { quote } from "../../kernel/text/global-id.js";
import { zonedMs } from "../../kernel/zoned-time.js";
import { Vm } from "../../resources/vm/vm.type.js";
import { VmSnapshot } from "../../resources/vm-snapshot/vm-snapshot.type.js";
import { usableSnapshot } from "../snapshot-data/snapshot-data.js";

// Not in the schema: lists without pages, which only flows choose from.

const allSnapshots = hasMany({
  from: Vm,
  field: "allSnapshots",
  to: VmSnapshot,
  via: "vm",
  description: "All snapshots of the VM.",
  expectedCount: "snapshots",
});

const freshSnapshot: LoadedRelation<VmSnapshot, VmSnapshot> & { readonly many: false } = {
  ...loadedByRow(VmSnapshot, via("VmSnapshot", "id")),
  from: VmSnapshot,
  field: "fresh",
  to: VmSnapshot,
  description: "The snapshot as CloudTower shows it now.",
  key: (snapshot) => snapshot.cloudTowerId,
  keyIsId: true,
  parentColumns: ["id"],
};

/** A snapshot by its CloudTower id, or null; one call for those that are asked for at the same time. */
export function snapshotById(graph: GraphContext, id: string): Promise<VmSnapshot | null> {
  return followOne(graph, freshSnapshot, new VmSnapshot({ id }));
}

/**
 * The VM's newest snapshot whose name begins with a text; undefined if there is none.
 *
 * @throws TowerError SNAPSHOT_NOT_READY if it is not known which one that is.
 */
export async function newestSnapshot(graph: GraphContext, vm: Vm, namePrefix: string): Promise<VmSnapshot | undefined> {
  const all = await followMany(graph, allSnapshots, vm);
  const undated = all.find((snapshot) => snapshot.name.startsWith(namePrefix) && Number.isNaN(takenMs(snapshot)));
  if (undated === undefined) return (await newestFirst(graph, vm, namePrefix))[0];
  const message = `It is not known which snapshot of the VM is the newest: CloudTower does not say when ${quote(undated.name)} was taken. Pass toSnapshotId.`;
  throw new TowerError(ErrorCode.SnapshotNotReady, message);
}

/** The VM's snapshots whose names begin with a text, newest first; those without a time, whose place is not known, are left out. */
async function newestFirst(graph: GraphContext, vm: Vm, namePrefix = ""): Promise<VmSnapshot[]> {
  const all = await followMany(graph, allSnapshots, vm);
  const timed = all.filter((snapshot) => snapshot.name.startsWith(namePrefix) && !Number.isNaN(takenMs(snapshot)));
  return timed.toSorted((a, b) => takenMs(b) - takenMs(a) || (a.cloudTowerId < b.cloudTowerId ? 1 : -1));
}

/** The newest snapshot of the VM that was taken before another one and is usable; null if there is none. */
export async function usableBefore(
  graph: GraphContext,
  vm: Vm,
  snapshot: VmSnapshot,
  namePrefix?: string,
): Promise<VmSnapshot | null> {
  for (const earlier of await newestFirst(graph, vm, namePrefix)) {
    if (takenMs(earlier) < takenMs(snapshot) && (await isUsable(graph, earlier))) return earlier;
  }
  return null;
}

async function isUsable(graph: GraphContext, snapshot: VmSnapshot): Promise<boolean> {
  try {
    await usableSnapshot(graph, snapshot);
    return true;
  } catch (error) {
    const code = error instanceof TowerError ? error.code : undefined;
    if (code === ErrorCode.SnapshotNotReady || code === ErrorCode.AmbiguousName) return false;
    throw error;
  }
}

function takenMs({ createdAt }: VmSnapshot): number {
  return zonedMs(createdAt);
}
