import { createHash } from "node:crypto";
import { asError } from "../../../kernel/errors.js";
import { Task } from "../../../resources/task/task.type.js";
import { isFinal, isOpen } from "../../../resources/task/task-status.js";
import type { Row } from "../../../upstream/wire/types.js";
import type { TaskFacts } from "../event.types.js";
import type { Place } from "../lists/event-cursor.js";
import { isFarAhead } from "../lists/newest-time.js";
import { timeOf } from "../lists/time-pages.js";
import { Timeline } from "../lists/timeline.js";
import { slimTask } from "./slim-rows.js";

/** A task that has ended. */
export interface EndedTask {
  readonly id: string;
  readonly place: Place;
  readonly isUndated: boolean;
  readonly row: Row<"Task">;
}

/** A task that has not ended. */
interface OpenTask {
  row: Row<"Task">;
  /** What was told of it: an event that would have the id of an earlier one is not told. */
  readonly told: Set<string>;
  shownProgress: number;
  /** Since when reads have not shown it; undefined while they do. */
  lostSince: number | undefined;
}

/** Entries that are kept at most. */
const MAX_ENTRIES = 20_000;
/** Events of one task's progress whose ids are remembered. */
const MAX_TOLD = 500;

/** What is known of the tasks of a CloudTower: those that run, and those that have ended lately. */
export class TaskLog {
  readonly ended: Timeline<EndedTask>;
  private readonly open = new Map<string, OpenTask>();
  /** An entry whose time is far ahead of the others': it counts once another one confirms it. */
  private suspect: EndedTask | undefined;

  /** @param newest time of the task that ended last, in ms. */
  constructor(newest: number, windows: { readonly lateMs: number; readonly keptMs: number }) {
    this.ended = new Timeline(newest, { ...windows, maxEntries: MAX_ENTRIES });
  }

  /** Whether a task runs, or is about to. */
  get isBusy(): boolean {
    for (const { row, lostSince } of this.open.values()) {
      if (row.status !== "PAUSED" && lostSince === undefined) return true;
    }
    return false;
  }

  /** Ids of tasks that ran when they were last shown. */
  get lost(): string[] {
    return [...this.open].flatMap(([id, { lostSince }]) => (lostSince === undefined ? [] : [id]));
  }

  /** The rows of the tasks that have not ended. */
  openRows(): Row<"Task">[] {
    return [...this.open.values()].map(({ row }) => row);
  }

  /** What was told of the tasks that run, for a stream that resumes: that they have started. */
  startedSince(at: number): TaskFacts[] {
    return [...this.open.values()].flatMap(({ row, told }) =>
      told.has(startedId(row)) && (timeOf(startOf(row)) ?? at) >= at ? [startedFacts(row)] : [],
    );
  }

  /**
   * Learns the rows of a read that shows all open tasks and those that have ended lately.
   *
   * @param asked ids of lost tasks that the read has asked for.
   * @param tell gets what is new, in order, each after it was added.
   * @returns errors of rows that cannot be evaluated.
   */
  learn(
    rows: readonly Row<"Task">[],
    { asked, forgetMs, tell }: { asked: ReadonlySet<string>; forgetMs: number; tell: (facts: TaskFacts) => void },
  ): Error[] {
    const errors: Error[] = [];
    const seen = new Set<string>();
    const ended: EndedTask[] = [];
    for (const row of rows) {
      try {
        seen.add(row.id);
        if (isFinal(row) || (!isOpen(row) && timeOf(row.finished_at) !== undefined)) {
          const entry = this.newlyEnded(row);
          if (entry !== undefined) ended.push(entry);
        } else if (isOpen(row) || this.open.has(row.id)) this.learnOpen(row, tell);
      } catch (thrown) {
        errors.push(asError(thrown));
      }
    }
    ended.sort((one, other) => one.place.at - other.place.at || (one.id < other.id ? -1 : 1));
    for (const entry of ended) {
      this.open.delete(entry.id);
      this.ended.add(entry);
      tell(endedFacts(entry.row));
    }
    this.learnLost(seen, asked, forgetMs);
    return errors;
  }

  private newlyEnded(row: Row<"Task">): EndedTask | undefined {
    const { id } = row;
    if (this.ended.get(id) !== undefined) return undefined;
    const at = timeOf(row.finished_at);
    const wasOpen = this.open.has(id);
    // What has ended before the log begins is read page by page, by the streams that need it.
    const since = at ?? timeOf(row.local_created_at);
    if (!wasOpen && since !== undefined && since < this.ended.floor) return undefined;
    const end = this.ended.end.at;
    const slim = slimTask(row);
    const undated = { id, place: { at: end, id }, row: slim, isUndated: true };
    if (at === undefined || at < this.ended.floor) return undated;
    const entry = { id, place: { at, id }, row: slim, isUndated: false };
    if (!isFarAhead(at, end)) return entry;
    const { suspect } = this;
    const suspectAt = timeOf(suspect?.row.finished_at) ?? Number.NEGATIVE_INFINITY;
    if (suspect === undefined || suspect.id === id || Math.abs(suspectAt - at) >= DAY_MS) {
      this.suspect = undated;
      return undated;
    }
    // Both are right.
    this.suspect = undefined;
    this.ended.add({ ...suspect, place: { at: suspectAt, id: suspect.id }, isUndated: false });
    return entry;
  }

  private learnOpen(given: Row<"Task">, tell: (facts: TaskFacts) => void): void {
    // One that has ended does not run again: a read that began earlier may show it so.
    if (this.ended.get(given.id) !== undefined) return;
    const row = slimTask(given);
    const known = this.open.get(row.id);
    const open = known ?? { row, told: new Set<string>(), shownProgress: 0, lostSince: undefined };
    this.open.set(row.id, open);
    open.row = row;
    open.lostSince = undefined;
    const isRunning = row.status !== "PENDING" || timeOf(row.started_at) !== undefined;
    if (!isRunning) return;
    const before = open.shownProgress;
    const { progress } = new Task(row, before);
    open.shownProgress = progress;
    const facts = open.told.has(startedId(row)) ? progressFacts(row, progress, before) : startedFacts(row, before);
    if (facts.kind === "STARTED") open.told.add(progressFacts(row, progress, before).id);
    if (open.told.has(facts.id) || open.told.size >= MAX_TOLD) return;
    open.told.add(facts.id);
    tell(facts);
  }

  /** A task that is neither open nor has an end that orders it is asked for by its id; one that CloudTower does not show even so is gone. */
  private learnLost(seen: ReadonlySet<string>, asked: ReadonlySet<string>, forgetMs: number): void {
    const now = performance.now();
    for (const [id, open] of this.open) {
      if (seen.has(id)) continue;
      open.lostSince ??= now;
      if (asked.has(id) && now - open.lostSince >= forgetMs) this.open.delete(id);
    }
  }
}

const DAY_MS = 86_400_000;

/** The event of a task that has ended. */
export function endedFacts(row: Row<"Task">): TaskFacts {
  return { id: `Task:${row.id}:ENDED`, kind: "ENDED", at: row.finished_at || null, row };
}

function startedFacts(row: Row<"Task">, shownProgress = 0): TaskFacts {
  return { id: startedId(row), kind: "STARTED", at: startOf(row), row, shownProgress };
}

function startedId({ id }: Row<"Task">): string {
  return `Task:${id}:STARTED`;
}

function startOf({ started_at, local_created_at }: Row<"Task">): string | null {
  return started_at || local_created_at || null;
}

/** The same state of a task has the same id. */
function progressFacts(row: Row<"Task">, progress: number, shownProgress: number): TaskFacts {
  const steps = (Array.isArray(row.steps) ? row.steps : []).map((step) => [step?.key, step?.current, step?.finished]);
  const state = JSON.stringify([row.status, progress, steps]);
  const id = `Task:${row.id}:PROGRESSED:${shortHash(state)}`;
  return { id, kind: "PROGRESSED", at: new Date().toISOString(), row, shownProgress };
}

function shortHash(text: string): string {
  return createHash("sha256").update(text).digest("base64url").slice(0, 10);
}
