import { Int } from "type-graphql";
import type { Context } from "../context.js";
import {
  EventCursorScalar,
  TaskEvent,
  TaskEventPage,
  VmSnapshotEvent,
  VmSnapshotEventPage,
} from "../flows/events/event.types.js";
import { taskEventFilter, vmSnapshotEventFilter } from "../flows/events/event-filters.js";
import type { EventRequest } from "../flows/events/events.js";
import { DateTimeScalar } from "../graph/model/scalars.js";
import type { ArgumentDeclaration } from "../graph/schema/declare.js";
import type { RootField } from "../graph/schema/root-fields.js";
import { badInput } from "../kernel/errors.js";

const ONCE = "Nothing is lost, and what comes again has the same id.";

/** The subscriptions to events. */
export function eventSubscriptions(): RootField<Context>[] {
  return [
    {
      name: "taskEvents",
      type: () => TaskEvent,
      nullable: false,
      description: `What happens to tasks, whoever started them. Resume with the cursor of the last event. ${ONCE}`,
      args: subscriptionArguments(taskEventFilter.input),
      async subscribe(_, args: EventRequest, context) {
        return context.eachRenewed(await context.services.events.tasks(context.session, resuming(args, context)));
      },
      resolve: (event) => event,
    },
    {
      name: "vmSnapshotEvents",
      type: () => VmSnapshotEvent,
      nullable: false,
      description: `What happens to VM snapshots, whoever takes them. Resume with the cursor of the last event. ${ONCE}`,
      args: subscriptionArguments(vmSnapshotEventFilter.input),
      async subscribe(_, args: EventRequest, context) {
        return context.eachRenewed(await context.services.events.snapshots(context.session, resuming(args, context)));
      },
      resolve: (event) => event,
    },
  ];
}

/** Calls of a cursor at most: the deployment, the newest rows of both lists and what is under way, and the rows that a mark covers. */
const CURSOR_CALLS = 12;
/** Calls of a page at most: ten pages of the list, and what checks the cursor. */
const TASK_PAGE_CALLS = 20;
/** The same for two lists, with the readiness of the snapshots on each of their pages. */
const SNAPSHOT_PAGE_CALLS = 130;

/** The same events as queries. */
export function eventQueries(): RootField<Context>[] {
  return [
    {
      name: "taskEvents",
      type: () => TaskEventPage,
      nullable: false,
      description:
        "The events ENDED of tasks since a cursor, for programs that hold no connection. Store `endCursor` and pass it the next time.",
      args: pageArguments(taskEventFilter.input),
      lookupCalls: () => TASK_PAGE_CALLS,
      resolve: (_, args: PageArguments, { services, session }) =>
        services.events.taskPage(session, { ...args, first: sizeOf(args, services.pageLimits) }),
    },
    {
      name: "vmSnapshotEvents",
      type: () => VmSnapshotEventPage,
      nullable: false,
      description:
        "The events of VM snapshots since a cursor, for programs that hold no connection. Store `endCursor` and pass it the next time: what becomes of snapshots that are under way follows then, and the events after them come again.",
      args: pageArguments(vmSnapshotEventFilter.input),
      lookupCalls: () => SNAPSHOT_PAGE_CALLS,
      resolve: (_, args: PageArguments, { services, session }) =>
        services.events.snapshotPage(session, { ...args, first: sizeOf(args, services.pageLimits) }),
    },
    {
      name: "eventCursor",
      type: () => EventCursorScalar,
      nullable: false,
      description: "A cursor for `after` in both feeds: the events after this moment, or after a time in the past.",
      args: {
        at: { type: () => DateTimeScalar, nullable: true, description: "A time in the past; now if omitted." },
      },
      lookupCalls: () => CURSOR_CALLS,
      resolve: (_, { at }: { at?: string | null }, { services, session }) => services.events.cursor(session, at),
    },
  ];
}

interface PageArguments {
  readonly filter?: object | null;
  readonly after: string;
  readonly first?: number | null;
}

function sizeOf({ first }: PageArguments, { defaultPageSize, maxPageSize }: Context["services"]["pageLimits"]): number {
  const size = first ?? defaultPageSize;
  if (size < 1 || size > maxPageSize) throw badInput(`first must be between 1 and ${maxPageSize}, got ${size}.`);
  return size;
}

/** `Last-Event-ID`, which a client's library sends by itself, wins over the argument. */
function resuming({ filter, after }: EventRequest, { lastEventId }: Context): EventRequest {
  return { filter, after: lastEventId ?? after };
}

type Arguments = Readonly<Record<string, ArgumentDeclaration>>;

const filterArgument = (input: new () => object): ArgumentDeclaration => ({
  type: () => input,
  nullable: true,
  description:
    "Events that match these conditions; all if omitted or null. An empty condition, at any depth, is an error.",
});

function subscriptionArguments(input: new () => object): Arguments {
  return {
    filter: filterArgument(input),
    after: {
      type: () => EventCursorScalar,
      nullable: true,
      description: "Events after this cursor; from now on if omitted. The header `Last-Event-ID` wins over it.",
    },
  };
}

function pageArguments(input: new () => object): Arguments {
  return {
    filter: filterArgument(input),
    after: { type: () => EventCursorScalar, description: "Events after this cursor." },
    first: {
      type: () => Int,
      nullable: true,
      description:
        "Maximum number of events, 1 to MAX_PAGE_SIZE (1000 by default). Defaults to DEFAULT_PAGE_SIZE (50 by default).",
    },
  };
}
