import { GraphQLError, GraphQLScalarType, Kind } from "graphql";
import { Field, ID, ObjectType } from "type-graphql";
import { defineEnum } from "../../graph/connections/define-enum.js";
import { DateTimeScalar } from "../../graph/model/scalars.js";
import { SharedEvent } from "../../graph/plan/shared-event.js";
import { Task } from "../../resources/task/task.type.js";
import { VmSnapshot } from "../../resources/vm-snapshot/vm-snapshot.type.js";
import type { Row } from "../../upstream/wire/types.js";
import { type FrozenData, prefetchedSnapshot } from "../snapshot-data/frozen-data.js";
import { MutationError } from "../writes/mutation-errors.js";

/** Where a feed of events can be resumed. */
export const EventCursorScalar = new GraphQLScalarType<string, string>({
  name: "EventCursor",
  specifiedByURL: "https://www.rfc-editor.org/rfc/rfc4648#section-5",
  description:
    "A place in a feed of events, as opaque text. Valid on every replica of the gateway and after a restart.",
  serialize: String,
  parseValue: cursorText,
  parseLiteral: (node) => cursorText(node.kind === Kind.STRING ? node.value : undefined),
});

function cursorText(value: unknown): string {
  if (typeof value === "string") return value;
  throw new GraphQLError("expected the text of a cursor");
}

const BOOKMARK = "A cursor without an object: sent immediately, then at least every 30 s. Passes every filter.";

/** Kinds of events of tasks. */
export const TaskEventKind = defineEnum("TaskEventKind", "What happened to a task.", {
  STARTED: "The task was seen running for the first time.",
  PROGRESSED: "Its progress or one of its steps changed. A slow reader gets the newest; not repeated after a resume.",
  ENDED: "The task succeeded or failed.",
  BOOKMARK,
});

/** Kinds of events of snapshots. */
export const VmSnapshotEventKind = defineEnum("VmSnapshotEventKind", "What happened to a VM snapshot.", {
  CREATED: "The snapshot appeared. Its data may not be readable yet.",
  READY: "The snapshot is usable, as `vmSnapshotReady` reports it.",
  FAILED: "The snapshot failed, or was not usable READY_TIMEOUT_SECONDS after the task that creates it; see `errors`.",
  DELETED: "The snapshot was deleted, as a task of CloudTower reports.",
  BOOKMARK,
});

export type TaskKind = "STARTED" | "PROGRESSED" | "ENDED" | "BOOKMARK";
export type SnapshotKind = "CREATED" | "READY" | "FAILED" | "DELETED" | "BOOKMARK";

const CURSOR = "Place just after this event; also in the result's `extensions.cursor`.";
const EVENT_ID =
  "The same event has the same id on every replica and after every reconnect: drop an event whose id you have handled already.";

/** An event of a feed. Shared by all streams of a credential and language that get it with the same cursor. */
export abstract class FeedEvent extends SharedEvent {
  abstract readonly id: string;
  abstract readonly kind: string;
  /** Id of the task or snapshot; null for BOOKMARK. */
  abstract readonly subject: string | null;
  abstract readonly facts: TaskFacts | SnapshotFacts;

  /** Whether it must reach a reader: newer ones do not replace it. */
  get isDurable(): boolean {
    return this.kind !== "PROGRESSED" && this.kind !== "BOOKMARK";
  }
}

/** An event of a task. */
@ObjectType("TaskEvent", { description: "Something that happened to a task." })
export class TaskEvent extends FeedEvent {
  @Field(() => EventCursorScalar, { description: CURSOR })
  readonly cursor: string;

  @Field(() => ID, { description: EVENT_ID })
  readonly id: string;

  @Field(() => TaskEventKind.type, { description: "What happened." })
  readonly kind: TaskKind;

  @Field(() => DateTimeScalar, {
    nullable: true,
    description:
      "STARTED: when the task started. ENDED: when it ended, on CloudTower's clock. PROGRESSED and BOOKMARK: when this gateway saw it. Null if CloudTower does not say.",
  })
  readonly at: string | null;

  @Field(() => ID, { nullable: true, description: "Bare id of the task; null for BOOKMARK only." })
  readonly taskId: string | null;

  constructor(
    cursor: string,
    readonly facts: TaskFacts,
  ) {
    super();
    this.cursor = cursor;
    this.id = facts.id;
    this.kind = facts.kind;
    this.at = facts.at;
    this.taskId = facts.row?.id ?? null;
  }

  /** A new object for each reader: what is loaded for one selection is not for another. */
  @Field(() => Task, { nullable: true, description: "The task; null for BOOKMARK only." })
  get task(): Task | null {
    const { row, shownProgress = 0 } = this.facts;
    return row === undefined ? null : new Task(row, shownProgress);
  }

  get subject(): string | null {
    return this.taskId;
  }
}

/** What an event of a task says. */
export interface TaskFacts {
  readonly id: string;
  readonly kind: TaskKind;
  readonly at: string | null;
  readonly row: Row<"Task"> | undefined;
  /** Progress shown before. @default 0 */
  readonly shownProgress?: number;
}

/** An event of a snapshot. */
@ObjectType("VmSnapshotEvent", { description: "Something that happened to a VM snapshot." })
export class VmSnapshotEvent extends FeedEvent {
  @Field(() => EventCursorScalar, { description: CURSOR })
  readonly cursor: string;

  @Field(() => ID, { description: EVENT_ID })
  readonly id: string;

  @Field(() => VmSnapshotEventKind.type, { description: "What happened." })
  readonly kind: SnapshotKind;

  @Field(() => DateTimeScalar, {
    nullable: true,
    description:
      "CREATED: when the snapshot was taken, on its cluster's clock. DELETED: when the task that deleted it ended. READY, FAILED and BOOKMARK: when this gateway saw it. Null if CloudTower does not say.",
  })
  readonly at: string | null;

  @Field(() => ID, { nullable: true, description: "Bare id of the snapshot; null for BOOKMARK only." })
  readonly snapshotId: string | null;

  @Field(() => [MutationError], { description: "FAILED: why, as errors of `vmSnapshotReady`. Otherwise empty." })
  readonly errors: readonly MutationError[];

  constructor(
    cursor: string,
    readonly facts: SnapshotFacts,
  ) {
    super();
    this.cursor = cursor;
    this.id = facts.id;
    this.kind = facts.kind;
    this.at = facts.at;
    this.snapshotId = facts.snapshotId;
    this.errors = facts.errors ?? [];
  }

  @Field(() => VmSnapshot, {
    nullable: true,
    description:
      "The snapshot, down to the ZBS volumes of its disks; null for BOOKMARK and DELETED, and if it is gone.",
  })
  get snapshot(): VmSnapshot | null {
    const { row, data } = this.facts;
    if (data !== undefined) return prefetchedSnapshot(data);
    return row === undefined ? null : new VmSnapshot(row);
  }

  @Field(() => Task, {
    nullable: true,
    description:
      "DELETED: the task that deleted it. READY and FAILED: the task that created it. Null if CloudTower does not show one, and for the others.",
  })
  get task(): Task | null {
    const { task } = this.facts;
    return task === undefined ? null : new Task(task);
  }

  get subject(): string | null {
    return this.snapshotId;
  }
}

/** What an event of a snapshot says. */
export interface SnapshotFacts {
  readonly id: string;
  readonly kind: SnapshotKind;
  readonly at: string | null;
  readonly snapshotId: string | null;
  /** Its row; undefined if it is gone. */
  readonly row?: Row<"VmSnapshot"> | undefined;
  /** What is known of the snapshot for filters, also if it is gone. */
  readonly known?: Row<"VmSnapshot"> | undefined;
  readonly data?: FrozenData | undefined;
  readonly task?: Row<"Task"> | undefined;
  readonly errors?: readonly MutationError[];
}

/** A page of events of tasks. */
@ObjectType("TaskEventPage", { description: "Events of tasks, oldest first." })
export class TaskEventPage {
  @Field(() => [TaskEvent], { description: "The events; may be fewer than `first` although there are more." })
  readonly nodes!: readonly TaskEvent[];

  @Field(() => EventCursorScalar, { description: "Pass it as `after` for the events after these, now or later." })
  readonly endCursor!: string;

  @Field(() => Boolean, { description: "Whether there may be more events already." })
  readonly hasNextPage!: boolean;
}

/** A page of events of snapshots. */
@ObjectType("VmSnapshotEventPage", { description: "Events of VM snapshots, oldest first." })
export class VmSnapshotEventPage {
  @Field(() => [VmSnapshotEvent], { description: "The events; may be fewer than `first` although there are more." })
  readonly nodes!: readonly VmSnapshotEvent[];

  @Field(() => EventCursorScalar, { description: "Pass it as `after` for the events after these, now or later." })
  readonly endCursor!: string;

  @Field(() => Boolean, { description: "Whether there may be more events already." })
  readonly hasNextPage!: boolean;
}
