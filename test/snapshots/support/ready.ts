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
export type ReadyStream = Collected<{ vmSnapshotReady: Ready | null }>;
export type ProgressStream = Collected<{ taskProgress: { status: string; progress: number } | null }>;

const READY = `subscription($id: ID!) { vmSnapshotReady(snapshotId: $id) { ready reasons { code message diskIndex }
  task { status } errors { code message } snapshot { id disks(type: DISK) { lunSnapshot { storageVolume { zbsId } } } } } }`;
const PROGRESS =
  "subscription($id: ID!) { taskProgress(taskId: $id) { status progress steps { key } error { kind } } }";

/** Watches whether a snapshot is usable, over a WebSocket of its own. */
export function watchReady(backup: Backup, id: string, socket = backup.socket()): ReadyStream {
  return collect(socket, READY, { id });
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
  return event;
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
