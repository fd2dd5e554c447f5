import { expect } from "vitest";
import type { Backup } from "./backup.js";
import { type Collected, collect } from "./stream.js";

/** The payload of `vmSnapshotReady`. */
export interface Ready {
  readonly ready: boolean;
  readonly reasons: readonly { readonly code: string; readonly message: string; readonly diskIndex: number | null }[];
  readonly task: { readonly status: string } | null;
  readonly errors: readonly { readonly code: string; readonly message: string }[];
  readonly snapshot: {
    readonly id: string;
    readonly disks:
      | readonly { readonly lunSnapshot: { readonly storageVolume: { readonly zbsId: string } } | null }[]
      | null;
  } | null;
}
/** The stream of one snapshot, and beside it the same snapshot in a stream of several. */
export type ReadyStream = Collected<{ vmSnapshotReady: Ready | null }> & { readonly batch: BatchStream };
export type BatchStream = Collected<{ vmSnapshotsReady: BatchEvent | null }>;
/** The payload of `vmSnapshotsReady`. */
export type BatchEvent = Omit<Ready, "ready" | "task"> & {
  readonly inputId: string;
  readonly ready: boolean | null;
  readonly ended: boolean;
  readonly task: { readonly status: string; readonly progress: number } | null;
  readonly totalCount: number;
  readonly endedCount: number;
};
export type ProgressStream = Collected<{ taskProgress: { status: string; progress: number } | null }>;

const READY = `subscription($id: ID!) { vmSnapshotReady(snapshotId: $id) { ready reasons { code message diskIndex }
  task { status } errors { code message } snapshot { id disks(type: DISK) { lunSnapshot { storageVolume { zbsId } } } } } }`;
const BATCH = `subscription($ids: [ID!]!) { vmSnapshotsReady(snapshotIds: $ids) { inputId ended ready reasons { code message diskIndex }
  task { status progress } errors { code message } totalCount endedCount
  snapshot { id disks(type: DISK) { lunSnapshot { storageVolume { zbsId } } } } } }`;
const PROGRESS =
  "subscription($id: ID!) { taskProgress(taskId: $id) { status progress steps { key } error { kind } } }";

/** Watches whether a snapshot is usable, over a WebSocket of its own. */
export function watchReady(backup: Backup, id: string, socket = backup.socket()): ReadyStream {
  return {
    ...collect<{ vmSnapshotReady: Ready | null }>(socket, READY, { id }),
    batch: watchAll(backup, [id], socket),
  };
}

/** Watches several snapshots in one stream. */
export function watchAll(backup: Backup, ids: readonly string[], socket = backup.socket()): BatchStream {
  return collect(socket, BATCH, { ids });
}

/** Watches a task, over a WebSocket of its own. */
export function watchTask(backup: Backup, id: string, socket = backup.socket()): ProgressStream {
  return collect(socket, PROGRESS, { id });
}

/** The one event of a snapshot. */
export async function readyEvent(stream: ReadyStream): Promise<Ready> {
  const all = await stream.done;
  expect(all).toHaveLength(1);
  const event = all[0]?.data?.vmSnapshotReady;
  if (!event) throw new Error(`no event but ${JSON.stringify(all[0]?.errors)}`);
  const last = (await batchEvents(stream.batch)).at(-1);
  const { ready, reasons, errors, snapshot } = event;
  expect(last).toMatchObject({ ended: true, ready, reasons, errors, snapshot, totalCount: 1, endedCount: 1 });
  return event;
}

/** All events of a stream of several snapshots: no outcome comes twice or is followed by anything of the same snapshot. */
export async function batchEvents(stream: BatchStream): Promise<BatchEvent[]> {
  const events = (await stream.done).map(({ data, errors }) => {
    if (!data?.vmSnapshotsReady) throw new Error(`no event but ${JSON.stringify(errors)}`);
    return data.vmSnapshotsReady;
  });
  const ended = new Set<string>();
  const progress = new Map<string, number>();
  for (const { inputId, ended: isLast, ready, snapshot, task, endedCount } of events) {
    expect(ended).not.toContain(inputId);
    if (isLast) ended.add(inputId);
    else expect({ ready, snapshot }).toEqual({ ready: null, snapshot: null });
    expect(endedCount).toBe(ended.size);
    expect(task?.progress ?? 1).toBeGreaterThanOrEqual(Math.min(0.99, progress.get(inputId) ?? 0));
    if (task !== null) progress.set(inputId, task.progress);
  }
  return events;
}

/** Codes of the errors of a stream. */
export async function codesOf(stream: Collected<unknown>): Promise<unknown[]> {
  return (await stream.done).flatMap(({ errors }) => errors?.map(({ extensions }) => extensions?.code) ?? []);
}

/** Waits for a number of further calls. */
export async function calls(backup: Backup, operation: string, count: number): Promise<void> {
  for (let call = 0; call < count; call += 1) await backup.simulator.calls.next(operation);
}

/** A usable snapshot. @returns its bare id. */
export async function usable(backup: Backup, vmName: string, name = "s"): Promise<string> {
  const creation = await backup.create({ vmId: backup.vmId(vmName), name, waitSeconds: 30 });
  expect(creation).toMatchObject({ ready: true });
  return creation.snapshot?.cloudTowerId ?? "";
}

/** A copy of a usable snapshot with other columns. @returns its bare id. */
export function copyWith(backup: Backup, snapshotId: string, changes: Record<string, unknown>): string {
  const { control } = backup.simulator;
  const row = control.row("VmSnapshot", snapshotId) ?? {};
  const idOf = (stub: unknown) => (stub as { id?: string } | null)?.id ?? null;
  const { id: _, labels: __, snapshot_group: ___, ...columns } = row;
  return control.insert("VmSnapshot", { ...columns, vm: idOf(row.vm), cluster: idOf(row.cluster), ...changes });
}
