import { LRUCache } from "lru-cache";
import { Task } from "../../../resources/task/task.type.js";
import { createsVmSnapshot, isVmSnapshotType } from "../../../resources/task/task-mutation.js";
import type { Row } from "../../../upstream/wire/types.js";
import type { ReadyEvent } from "../../watch/ready-event.js";
import { SnapshotFailedError } from "../../writes/mutation-errors.js";
import type { SnapshotFacts } from "../event.types.js";
import type { Place } from "../lists/event-cursor.js";
import { isFarAhead } from "../lists/newest-time.js";
import { timeOf } from "../lists/time-pages.js";
import { Timeline } from "../lists/timeline.js";

/** A snapshot that CloudTower shows. */
export interface KnownSnapshot {
  readonly id: string;
  readonly place: Place;
  readonly isUndated: boolean;
  row: Row<"VmSnapshot">;
  /** What became of it; undefined while it is under way. */
  outcome: SnapshotFacts | undefined;
}

/** Rows that are kept at most, and snapshots of which it is kept that they were seen. */
const MAX_ROWS = 5_000;
const MAX_SEEN = 50_000;
const MAX_ENDED = 20_000;
const DAY_MS = 86_400_000;

/** What is known of the snapshots of a CloudTower: those that were taken lately, and which of them are under way. */
export class SnapshotLog {
  readonly created: Timeline<KnownSnapshot>;
  /** Snapshots that were told of, or existed before the first stream began. */
  private readonly seen = new LRUCache<string, true>({ max: MAX_SEEN });
  /** What is known of snapshots for filters, also when they are gone. */
  private readonly rows = new LRUCache<string, Row<"VmSnapshot">>({ max: MAX_ROWS });
  /** What became of snapshots, without their rows; DELETED of those that are gone. */
  private readonly ended = new LRUCache<string, SnapshotFacts | "DELETED">({ max: MAX_ENDED });

  private suspect: { readonly id: string; readonly at: number } | undefined;

  constructor(newest: number, windows: { readonly lateMs: number; readonly keptMs: number }) {
    this.created = new Timeline(newest, { ...windows, maxEntries: MAX_ROWS });
  }

  /** What is known of a snapshot that may be gone. */
  rowOf(id: string): Row<"VmSnapshot"> | undefined {
    return this.created.get(id)?.row ?? this.rows.get(id);
  }

  wasSeen(id: string): boolean {
    return this.seen.has(id);
  }

  /** Whether it is known what became of a snapshot. */
  isOver(id: string): boolean {
    return this.ended.has(id);
  }

  isDeleted(id: string): boolean {
    return this.ended.get(id) === "DELETED";
  }

  /** The time of a snapshot; undefined if it has none that counts. */
  private timeOf({ id, local_created_at }: Row<"VmSnapshot">): number | undefined {
    const at = timeOf(local_created_at);
    return at === undefined || (isFarAhead(at, this.created.end.at) && !this.isConfirmed(id, at)) ? undefined : at;
  }

  /** Whether another snapshot has a time that is as far ahead. */
  private isConfirmed(id: string, at: number): boolean {
    const { suspect } = this;
    if (suspect !== undefined && suspect.id !== id && Math.abs(suspect.at - at) < DAY_MS) return true;
    this.suspect = { id, at };
    return false;
  }

  /** Records a snapshot as it is shown now. @returns whether it is new. */
  show(row: Row<"VmSnapshot">): boolean {
    const { id } = row;
    const time = this.timeOf(row);
    const isNew = !this.seen.has(id);
    this.seen.set(id, true);
    this.rows.set(id, withoutDevices(row));
    const known = this.created.get(id);
    // Without a time it is placed where it first appears.
    const at = time ?? known?.place.at ?? this.created.end.at;
    if (known !== undefined && known.place.at === at && known.isUndated === (time === undefined)) known.row = row;
    else {
      const ended = this.ended.get(id);
      const outcome = ended === "DELETED" ? undefined : ended;
      this.created.add({ id, place: { at, id }, isUndated: time === undefined, row, outcome });
    }
    return isNew;
  }

  settle(id: string, facts: SnapshotFacts): void {
    const outcome = { ...facts, row: undefined, data: undefined, known: undefined };
    this.ended.set(id, outcome);
    const known = this.created.get(id);
    if (known !== undefined) known.outcome = outcome;
  }

  remove(id: string): void {
    this.created.remove(id);
  }

  deleted(id: string): void {
    this.ended.set(id, "DELETED");
    this.created.remove(id);
  }
}

/** For filters. */
function withoutDevices({ vm_disks: _, vm_nics: __, ...row }: Row<"VmSnapshot">): Row<"VmSnapshot"> {
  return row;
}

/** The event of a snapshot that was taken. */
export function createdFacts(row: Row<"VmSnapshot">): SnapshotFacts {
  const { id, local_created_at } = row;
  return {
    id: `VmSnapshot:${id}:CREATED`,
    kind: "CREATED",
    at: local_created_at || null,
    snapshotId: id,
    row,
    known: row,
  };
}

/** The event of what became of a snapshot. */
export function outcomeFacts(id: string, known: Row<"VmSnapshot"> | undefined, event: ReadyEvent): SnapshotFacts {
  const kind = event.ready ? "READY" : "FAILED";
  const { row, data, creation } = event.known;
  return {
    ...{ id: `VmSnapshot:${id}:${kind}`, kind, at: new Date().toISOString(), snapshotId: id, errors: event.errors },
    ...{ row, data, task: creation, known: known ?? row },
  };
}

/** The event of a snapshot that was deleted. */
export function deletedFacts(id: string, known: Row<"VmSnapshot"> | undefined, task: Row<"Task">): SnapshotFacts {
  const at = task.finished_at || null;
  return { id: `VmSnapshot:${id}:DELETED`, kind: "DELETED", at, snapshotId: id, task, known };
}

/** Whether a task creates the snapshot that it names. */
export function createsOne(row: Row<"Task">): row is Row<"Task"> & { readonly resource_id: string } {
  const { resource_id: id, resource_type: type } = row;
  return Boolean(id) && createsVmSnapshot(row) && (!type || isVmSnapshotType(type));
}

/** The event of a snapshot whose creation failed and that does not exist; none if the cluster may still make it. */
export function failedFacts(row: Row<"Task">, id: string): SnapshotFacts[] {
  const task = new Task(row);
  if (task.error?.kind === "CLUSTER_UNREACHABLE") return [];
  const at = new Date().toISOString();
  const errors = [new SnapshotFailedError(task)];
  return [{ id: `VmSnapshot:${id}:FAILED`, kind: "FAILED", at, snapshotId: id, task: row, errors }];
}
