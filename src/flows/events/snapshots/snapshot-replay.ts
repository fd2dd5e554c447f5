import { deletesVmSnapshot } from "../../../resources/task/task-mutation.js";
import type { Row } from "../../../upstream/wire/types.js";
import type { SnapshotFacts, VmSnapshotEvent } from "../event.types.js";
import { BOOKMARK_PAUSE_MS } from "../event-feed.js";
import { lagged, MAX_LAG, type Replay } from "../event-stream.js";
import type { Mark, Place } from "../lists/event-cursor.js";
import { PlaceReader, type ReadEntries } from "../lists/place-reader.js";
import type { Timeline } from "../lists/timeline.js";
import { snapshotsOf } from "../tasks/slim-rows.js";
import type { EndedTask } from "../tasks/task-log.js";
import {
  createdFacts,
  createsOne,
  deletedFacts,
  failedFacts,
  type KnownSnapshot,
  type SnapshotLog,
} from "./snapshot-log.js";

/** How far both lists were delivered. */
export interface Marks {
  readonly created: Mark;
  readonly ended: Mark;
}

/** The feed that a replay belongs to. */
export interface ReplaySource {
  readonly log: SnapshotLog;
  /** The lists, and how to read what they no longer keep. */
  readonly sources: {
    readonly created: Timeline<KnownSnapshot>;
    readonly ended: Timeline<EndedTask>;
    readonly readCreated: ReadEntries<KnownSnapshot>;
    readonly readEnded: ReadEntries<EndedTask>;
  };
  /** Lets a snapshot be watched that is under way. */
  watch(snapshot: KnownSnapshot): void;
  isUnderWay(id: string): boolean;
  replayed(marks: Marks, facts: SnapshotFacts): VmSnapshotEvent;
  bookmarkAt(cursor: string): VmSnapshotEvent;
  cursorOf(marks: Marks): string;
}

/**
 * What has happened to snapshots since a cursor: first those that exist, with what became of them; then what tasks report of those that
 * are gone. A snapshot that is gone thus gives DELETED only.
 */
export class SnapshotReplay implements Replay<VmSnapshotEvent> {
  private readonly created: PlaceReader<KnownSnapshot>;
  private readonly ended: PlaceReader<EndedTask>;
  private readonly start: Place;
  /** How far the lists had been read before the entry of the pending events. */
  private before: Marks;
  private toldAt = Number.NEGATIVE_INFINITY;
  /** Events that one entry has given, in order. */
  private pending: SnapshotFacts[] = [];
  /** The times of the snapshots that were under way when they were passed. */
  private readonly passed = new Map<string, number>();
  /** Snapshots that were under way when they were passed, or have failed: they may be met again. */
  private readonly met = new Set<string>();
  private tooMany = false;

  constructor(
    private readonly feed: ReplaySource,
    marks: Marks,
    private readonly accepts: (facts: SnapshotFacts) => boolean,
    private readonly onClose: () => void,
  ) {
    const { created, ended, readCreated, readEnded } = feed.sources;
    this.start = marks.created;
    this.before = marks;
    this.created = new PlaceReader(created, readCreated, marks.created);
    this.ended = new PlaceReader(ended, readEnded, marks.ended);
  }

  get isAtEnd(): boolean {
    return this.pending.length === 0 && !this.tooMany && this.created.isAtEnd && this.ended.isAtEnd;
  }

  /** What became of a snapshot: it follows if the snapshot was under way when it was passed. */
  settled(facts: SnapshotFacts): void {
    if (!this.passed.has(facts.snapshotId ?? "")) return;
    if (this.pending.length >= MAX_LAG) this.tooMany = true;
    else this.pending.push(facts);
  }

  async next(): Promise<VmSnapshotEvent | undefined> {
    for (;;) {
      if (this.tooMany) throw lagged(this.cursor());
      const now = performance.now();
      if (now - this.toldAt >= BOOKMARK_PAUSE_MS) {
        this.toldAt = now;
        return this.feed.bookmarkAt(this.cursor());
      }
      const facts = this.pending.shift() ?? (await this.read());
      if (facts !== undefined && facts.kind !== "CREATED") this.passed.delete(facts.snapshotId ?? "");
      if (facts === undefined) {
        if (this.isAtEnd) return undefined;
        continue;
      }
      if (!this.accepts(facts)) continue;
      this.toldAt = now;
      // A stream that ends here must get the other events of the same entry when it resumes.
      return this.feed.replayed(this.pending.length > 0 ? this.before : this.marks, facts);
    }
  }

  close(): void {
    this.created.close();
    this.ended.close();
    this.onClose();
  }

  /** The first event of the next entry. */
  private async read(): Promise<SnapshotFacts | undefined> {
    const cursor = () => this.cursor();
    this.before = this.marks;
    const entry = await this.created.next(cursor);
    if (entry !== undefined) return this.readSnapshot(entry);
    if (!this.created.isAtEnd) return undefined;
    const task = await this.ended.next(cursor);
    if (task !== undefined) this.pending.push(...this.factsOf(task.row));
    return this.pending.shift();
  }

  private readSnapshot(entry: KnownSnapshot): SnapshotFacts | undefined {
    const { id, row, outcome, place } = entry;
    // One under way is moved when its time becomes known.
    if (this.met.has(id)) return undefined;
    const settled = outcome ?? this.feed.log.created.get(id)?.outcome;
    if (settled?.kind !== "READY" || entry.isUndated) this.met.add(id);
    if (settled === undefined) {
      this.passed.set(id, place.at);
      this.feed.watch(entry);
    } else this.pending.push(withRow(settled, row));
    return createdFacts(row);
  }

  /** What a task says of snapshots that are gone, or were taken before the cursor. */
  private factsOf(row: Row<"Task">): SnapshotFacts[] {
    const { log } = this.feed;
    if (deletesVmSnapshot(row)) {
      if (row.status !== "SUCCESSED") return [];
      return snapshotsOf(row).map((id) => deletedFacts(id, log.rowOf(id), row));
    }
    if (!createsOne(row)) return [];
    const known = log.created.get(row.resource_id);
    // The place of one without a time is not the same after a restart.
    if (known?.isUndated) {
      const first = this.readSnapshot(known);
      return first === undefined ? [] : [first, ...this.pending.splice(0)];
    }
    if (known !== undefined) {
      const isBefore = known.place.at < this.start.at;
      return isBefore && known.outcome !== undefined ? [withRow(known.outcome, known.row)] : [];
    }
    const { resource_id: id, status } = row;
    if (status !== "FAILED" || this.met.has(id) || log.isDeleted(id)) return [];
    this.met.add(id);
    if (!this.feed.isUnderWay(id)) return failedFacts(row, id);
    this.passed.set(id, Number.POSITIVE_INFINITY);
    return [];
  }

  private get marks(): Marks {
    const created = this.created.mark;
    const hold = Math.min(...this.passed.values());
    return { created: hold <= created.at ? heldAt(created, hold) : created, ended: this.ended.mark };
  }

  private cursor(): string {
    return this.feed.cursorOf(this.marks);
  }
}

/** A mark before a snapshot that is under way: what is before that one is read again, if it had not settled. */
function heldAt(mark: Mark, hold: number): Mark {
  return { ...mark, at: hold, id: "", unsettled: Math.min(mark.unsettled, hold) };
}

function withRow(facts: SnapshotFacts, row: Row<"VmSnapshot">): SnapshotFacts {
  return { ...facts, row, known: row };
}
