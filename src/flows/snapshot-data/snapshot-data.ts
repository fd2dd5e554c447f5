import type { GraphContext } from "../../graph/loading/graph-context.js";
import type { GraphObject } from "../../graph/model/graph-object.js";
import { embeddedValue } from "../../graph/relations/embedded-relation.js";
import type { EmbeddedRelation, LoadedRelation } from "../../graph/relations/relation.js";
import { ErrorCode, TowerError } from "../../kernel/errors.js";
import type { IscsiLunSnapshot } from "../../resources/iscsi-lun-snapshot/iscsi-lun-snapshot.type.js";
import type { Task } from "../../resources/task/task.type.js";
import type { VmSnapshot } from "../../resources/vm-snapshot/vm-snapshot.type.js";
import type { VmSnapshotDisk } from "../../resources/vm-snapshot/vm-snapshot-disk.type.js";
import { frozenData, missingOf } from "./frozen-data.js";

/** A frozen disk with the LUN snapshot that holds its data; null for a CD-ROM drive, and where it is gone. */
export interface FrozenDisk {
  readonly disk: VmSnapshotDisk;
  readonly lunSnapshot: IscsiLunSnapshot | null;
}

/** What a relation leads to from one object: what is joined already, else by the operation's loader, together with others. */
export async function follow<T>(graph: GraphContext, typename: string, field: string, parent: GraphObject): Promise<T> {
  const edge = graph.registry.relation(typename, field);
  if (edge === undefined) throw new Error(`there is no edge ${typename}.${field}`);
  if (edge.kind === "embedded") return embeddedValue(edge as EmbeddedRelation, parent) as T;
  const joined = parent[`@${field}`];
  if (joined instanceof Error) throw joined;
  if (joined !== undefined) return joined as T;
  const fetched = edge as LoadedRelation;
  const key = fetched.key(parent);
  if (key === null || key === undefined) return (fetched.many ? [] : null) as T;
  const value = await graph.loaders.load(fetched, parent);
  if (value instanceof Error) throw value;
  return value as T;
}

/** The frozen disks with their LUN snapshots, in the order of their places. */
export async function frozenDisks(graph: GraphContext, snapshot: VmSnapshot): Promise<FrozenDisk[]> {
  const disks = (await follow<VmSnapshotDisk[] | null>(graph, "VmSnapshot", "disks", snapshot)) ?? [];
  return Promise.all(
    disks.map(async (disk) => ({
      disk,
      lunSnapshot: await follow<IscsiLunSnapshot | null>(graph, "VmSnapshotDisk", "lunSnapshot", disk),
    })),
  );
}

/** @throws TowerError SNAPSHOT_NOT_READY where the snapshot is not usable. */
export async function assertReady(
  graph: GraphContext,
  snapshot: VmSnapshot,
  disks: readonly FrozenDisk[],
): Promise<void> {
  const task = await follow<Task | null>(graph, "VmSnapshot", "task", snapshot);
  const data = frozenData(
    snapshot.row,
    disks.map(({ lunSnapshot }) => lunSnapshot?.row),
  );
  if (data.missing.length === 0 && (task === null || task.row.status === "SUCCESSED")) return;
  const missing = missingOf({ task: task?.row, row: snapshot.row, data }).join("; ");
  throw new TowerError(ErrorCode.SnapshotNotReady, `expected a usable snapshot, but ${missing}`);
}
