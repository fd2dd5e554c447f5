import { isVmSnapshotType } from "../../../resources/task/task-mutation.js";
import type { Row } from "../../../upstream/wire/types.js";

/** Ids in the arguments of a task that are kept. */
const MAX_IDS = 1_000;
const MAX_DEPTH = 6;

/** What a task works on, beside what its row names; undefined for nothing. */
const NAMED = Symbol("ids in the arguments of a task");

type SlimTask = Row<"Task"> & { readonly [NAMED]?: readonly string[] };

/** The row without its arguments, which can be large, but with the ids of the VMs and snapshots in them. */
export function slimTask(row: Row<"Task">): Row<"Task"> {
  const { args, snapshot: _, ...kept } = row;
  const ids = new Set<string>();
  collectIds(args, "", ids, 0);
  return ids.size === 0 ? kept : ({ ...kept, [NAMED]: [...ids] } as SlimTask);
}

/** The VMs that a task names: as what it works on, or in its arguments. */
export function vmsOf(row: Row<"Task">): readonly string[] {
  const own = isVmType(row.resource_type) && row.resource_id ? [row.resource_id] : [];
  return [...own, ...namedIn(row)];
}

/** The snapshots that a task on snapshots names. */
export function snapshotsOf(row: Row<"Task">): readonly string[] {
  const { resource_id: id, resource_type: type } = row;
  if (id && (isVmSnapshotType(type) || !isVmType(type))) return [id];
  return namedIn(row).filter((named) => named !== id);
}

function isVmType(type: unknown): boolean {
  return typeof type === "string" && type.toLowerCase() === "vm";
}

function namedIn(row: SlimTask): readonly string[] {
  return row[NAMED] ?? [];
}

/** The values of `id`, `id_in`, `vm_id`, `ids` and the like: free JSON, or JSON in a text. */
function collectIds(value: unknown, key: string, ids: Set<string>, depth: number): void {
  if (depth > MAX_DEPTH || ids.size >= MAX_IDS) return;
  if (typeof value === "string") {
    if (/^(vm_|vm_snapshot_|snapshot_)?ids?(_in)?$/.test(key)) ids.add(value);
    else if (depth === 0 && /^\s*[[{]/.test(value)) collectIds(parsed(value), key, ids, depth + 1);
  } else if (Array.isArray(value)) {
    for (const item of value) collectIds(item, key, ids, depth + 1);
  } else if (typeof value === "object" && value !== null) {
    for (const [name, item] of Object.entries(value)) collectIds(item, name, ids, depth + 1);
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
