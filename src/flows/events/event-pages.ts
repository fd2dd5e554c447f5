import { badInput } from "../../kernel/errors.js";
import { deletesVmSnapshot } from "../../resources/task/task-mutation.js";
import { readByIds, readPage } from "../../upstream/reads.js";
import type { UpstreamSession } from "../../upstream/session.js";
import type { Row } from "../../upstream/wire/types.js";
import {
  type SnapshotFacts,
  TaskEvent,
  type TaskEventPage,
  type TaskFacts,
  VmSnapshotEvent,
  type VmSnapshotEventPage,
} from "./event.types.js";
import { taskEventFilter, vmSnapshotEventFilter } from "./event-filters.js";
import { checkNotInFuture, ExpiryCheck } from "./feed-limits.js";
import type { CursorContent, EventCursors, Mark, PagesState } from "./lists/event-cursor.js";
import { ListScan, markUpTo } from "./lists/list-scan.js";
import { readNewestTime } from "./lists/newest-time.js";
import { type PlacedRow, timeOf, timeText } from "./lists/time-pages.js";
import { createdFacts, createsOne, deletedFacts, failedFacts, type KnownSnapshot } from "./snapshots/snapshot-log.js";
import { hasPassed, judgeSnapshots } from "./snapshots/snapshot-outcomes.js";
import { slimTask, snapshotsOf } from "./tasks/slim-rows.js";
import { endedFacts } from "./tasks/task-log.js";

/** Pages of CloudTower's lists that one query reads at most. */
const MAX_PAGES = 10;

const NO_PAGES: PagesState = { held: { snapshots: undefined, tasks: undefined }, began: 0 };

/** A query for a page of events. */
export interface PageOfEvents {
  readonly filter?: object | null;
  readonly after: string;
  /** Number of events. */
  readonly first: number;
}

/** Settings of the pages. */
export interface PageSettings {
  readonly cursors: EventCursors;
  readonly lateMs: number;
  readonly readyTimeoutMs: number;
}

/** A page of the events of tasks that have ended since a cursor. */
export async function taskEventPage(
  session: UpstreamSession,
  { filter, after, first }: PageOfEvents,
  { cursors, lateMs }: PageSettings,
): Promise<TaskEventPage> {
  const accepts = taskEventFilter.compile(filter);
  const content = cursors.decode("tasks", after);
  const newest = await readNewestTime(session, "Task");
  checkNotInFuture(content.tasks.at, newest);
  await new ExpiryCheck(session).check(content.tasks.at);
  const isContinued = content.pages !== undefined;
  const scan = await ListScan.from(session, "Task", content.tasks, { newest, lateMs, isContinued });
  const cursorAt = (isLast: boolean) =>
    cursors.encode({
      ...content,
      tasks: scan.mark,
      snapshots: undefined,
      pages: isLast ? undefined : NO_PAGES,
    });
  const nodes: TaskEvent[] = [];
  const isFull = await scanPages(scan, (placed) => {
    const facts: TaskFacts = endedFacts(slimTask(placed.row));
    if (accepts(facts)) nodes.push(new TaskEvent(cursorAt(false), facts));
    return nodes.length >= first;
  });
  return { nodes, endCursor: cursorAt(!isFull), hasNextPage: isFull };
}

/** A page of the events of snapshots since a cursor: first of those that exist, then of those that are gone. */
export async function snapshotEventPage(
  session: UpstreamSession,
  { filter, after, first }: PageOfEvents,
  settings: PageSettings,
): Promise<VmSnapshotEventPage> {
  const { cursors, lateMs } = settings;
  const accepts = vmSnapshotEventFilter.compile(filter);
  const content = cursors.decode("snapshots", after) as CursorContent & { readonly snapshots: Mark };
  const [newest, newestTask] = await Promise.all([
    readNewestTime(session, "VmSnapshot"),
    readNewestTime(session, "Task"),
  ]);
  checkNotInFuture(content.snapshots.at, newest);
  checkNotInFuture(content.tasks.at, newestTask);
  await new ExpiryCheck(session).check(content.tasks.at);
  const isContinued = content.pages !== undefined;
  const [created, ended] = await Promise.all([
    ListScan.from(session, "VmSnapshot", content.snapshots, { newest, lateMs, isContinued }),
    ListScan.from(session, "Task", content.tasks, { newest: newestTask, lateMs, isContinued }),
  ]);
  let { snapshots: heldSnapshots, tasks: heldTasks } = (content.pages ?? NO_PAGES).held;
  const began = content.pages?.began ?? content.snapshots.at;
  const cursorAt = (isLast: boolean) => {
    const snapshots = isLast ? (heldSnapshots ?? created.mark) : created.mark;
    const tasks = isLast ? (heldTasks ?? ended.mark) : ended.mark;
    const pages = isLast ? undefined : { held: { snapshots: heldSnapshots, tasks: heldTasks }, began };
    return cursors.encode({ ...content, tasks, snapshots, pages });
  };
  const nodes: VmSnapshotEvent[] = [];
  let before = "";
  /** Events of one row: the cursor is before it until the last one. */
  const take = (facts: readonly SnapshotFacts[]) => {
    const fitting = facts.filter((each) => accepts(each));
    for (const [index, each] of fitting.entries()) {
      nodes.push(new VmSnapshotEvent(index < fitting.length - 1 ? before : cursorAt(false), each));
    }
  };
  const judge = (snapshots: readonly KnownSnapshot[]) =>
    judgeSnapshots(session, snapshots, { timeoutMs: settings.readyTimeoutMs, newest: newestTask });
  let outcomes = new Map<string, KnownSnapshot>();
  let isFull = await scanPages(
    created,
    ({ row }) => {
      const { outcome } = outcomes.get(row.id) as KnownSnapshot;
      // Its mark is that before the snapshot: the next query after the last page comes back to it.
      take(outcome === undefined ? [createdFacts(row)] : [createdFacts(row), outcome]);
      return nodes.length >= first;
    },
    {
      prepare: async (rows) => {
        outcomes = new Map(rows.map(({ row, place }) => [row.id, entryOf(row, place.at)]));
        await judge([...outcomes.values()]);
      },
      before: ({ row }) => {
        before = cursorAt(false);
        if (outcomes.get(row.id)?.outcome === undefined) heldSnapshots ??= created.mark;
      },
    },
  );
  if (!isFull) {
    let rows = new Map<string, KnownSnapshot>();
    isFull = await scanPages(
      ended,
      ({ row }) => {
        take(factsOf(slimTask(row), rows, began));
        return nodes.length >= first;
      },
      {
        prepare: async (tasks) => {
          const ids = tasks.flatMap(({ row }) => (createsOne(row) ? [row.resource_id] : []));
          const found = ids.length === 0 ? [] : await readByIds(session, "VmSnapshot", [...new Set(ids)]);
          rows = new Map(found.map((row) => [row.id, entryOf(row, timeOf(row.local_created_at) ?? 0)]));
          await judge([...rows.values()].filter(({ place }) => place.at < began));
        },
        before: ({ row, place }) => {
          before = cursorAt(false);
          if (!createsOne(row)) return;
          const snapshot = rows.get(row.resource_id);
          const isOpen =
            snapshot === undefined
              ? row.status === "SUCCESSED" && !hasPassed(place.at, settings.readyTimeoutMs, newestTask)
              : snapshot.place.at < began && snapshot.outcome === undefined;
          if (isOpen) heldTasks ??= ended.mark;
        },
      },
    );
  }
  return { nodes, endCursor: cursorAt(!isFull), hasNextPage: isFull };
}

/** A cursor of both feeds: of now, or of a time in the past. */
export async function cursorOf(
  session: UpstreamSession,
  at: string | null | undefined,
  { cursors, lateMs }: PageSettings,
): Promise<string> {
  const time = at == null ? undefined : Date.parse(at);
  const [tasks, snapshots, making] = await Promise.all([
    readNewestTime(session, "Task"),
    readNewestTime(session, "VmSnapshot"),
    readPage(session, "VmSnapshot", {
      where: { entityAsyncStatus: "CREATING" },
      orderBy: "id_ASC",
      first: session.options.idsPerCall,
    }),
  ]);
  if (time !== undefined && time > Math.max(tasks, snapshots, Date.now())) {
    throw badInput(`"at" must not be in the future, got ${timeText(time)}. Omit it for now.`);
  }
  // What becomes of the snapshots under way is yet to come.
  const oldest = Math.min(...making.flatMap((row) => timeOf(row?.local_created_at) ?? []));
  const until = (newest: number) => Math.min(newest, time ?? newest);
  const [taskMark, snapshotMark] = await Promise.all([
    markUpTo(session, "Task", until(tasks), { newest: tasks, lateMs }),
    markUpTo(session, "VmSnapshot", Math.min(until(snapshots), oldest - 1), { newest: snapshots, lateMs }),
  ]);
  return cursors.encode({ feed: undefined, tasks: taskMark, snapshots: snapshotMark, pages: undefined });
}

function entryOf(row: Row<"VmSnapshot">, at: number): KnownSnapshot {
  return { id: row.id, place: { at, id: row.id }, isUndated: false, row, outcome: undefined };
}

/** What a task says of snapshots that are gone, or were taken before the cursor. */
function factsOf(row: Row<"Task">, rows: ReadonlyMap<string, KnownSnapshot>, since: number): SnapshotFacts[] {
  if (deletesVmSnapshot(row)) {
    return row.status === "SUCCESSED" ? snapshotsOf(row).map((id) => deletedFacts(id, undefined, row)) : [];
  }
  if (!createsOne(row)) return [];
  const known = rows.get(row.resource_id);
  if (known === undefined) return row.status === "FAILED" ? failedFacts(row, row.resource_id) : [];
  return known.outcome !== undefined && known.place.at < since ? [known.outcome] : [];
}

/**
 * Passes the rows of a list one by one.
 *
 * @param handle returns whether to stop after the row.
 * @returns whether there may be more rows.
 */
async function scanPages<E extends "Task" | "VmSnapshot">(
  scan: ListScan<E>,
  handle: (row: PlacedRow<E>) => boolean,
  steps: {
    readonly prepare?: (rows: readonly PlacedRow<E>[]) => Promise<void>;
    readonly before?: (row: PlacedRow<E>) => void;
  } = {},
): Promise<boolean> {
  for (let page = 0; page < MAX_PAGES; page += 1) {
    const rows = await scan.nextPage();
    await steps.prepare?.(rows);
    for (const row of rows) {
      steps.before?.(row);
      scan.passed(row);
      if (handle(row)) return true;
    }
    scan.turn();
    if (scan.isAtEnd) return false;
  }
  return true;
}
