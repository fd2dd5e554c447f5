import type { CallOptions, Calls } from "./calls.js";
import type { MutationProblem } from "./errors.js";

/** What happened to a snapshot; `FAILED` says why in `errors`. */
export type SnapshotEventKind = "CREATED" | "READY" | "FAILED" | "DELETED";

/** An event of the snapshot feed. */
export interface SnapshotEvent {
  /** The same at every gateway and after every restart: by it a receiver knows an event that it has had. */
  readonly id: string;
  readonly kind: SnapshotEventKind;
  /** ISO 8601; null if CloudTower has no time. */
  readonly at: string | null;
  readonly snapshotId: string;
  /** Null if it is gone. */
  readonly snapshot: {
    readonly id: string;
    readonly name: string | null;
    readonly vm: { readonly id: string; readonly name: string | null } | null;
  } | null;
  readonly task: { readonly id: string; readonly status: string } | null;
  readonly errors: readonly MutationProblem[];
}

/** Where to begin, and what to tell. */
export interface EventOptions extends CallOptions {
  /** A stored cursor. @default now */
  readonly after?: string;
  /** `VmSnapshotEventFilter` of the schema, such as `{ kind: { in: ["READY", "FAILED"] } }`. @default all events */
  readonly filter?: object;
  /** Called with a cursor to store when all events before it have been taken from the iterator and handled. */
  readonly onCursor?: (cursor: string) => void | Promise<void>;
}

/** Ids that are remembered, to leave out what comes again after a resumption. */
const REMEMBERED = 10_000;

const SUBSCRIPTION = `subscription Events($filter: VmSnapshotEventFilter, $after: EventCursor) {
  vmSnapshotEvents(filter: $filter, after: $after) {
    id kind at snapshotId
    snapshot { id name vm { id name } }
    task { id status }
    errors { code message }
  }
}`;

type Told = Omit<SnapshotEvent, "kind"> & { readonly kind: SnapshotEventKind | "BOOKMARK" };

/** The events of all snapshots, each once, across restarts of the gateway; ends only with the loop that reads it, or the signal. */
export async function* events(
  calls: Calls,
  { after, filter, onCursor, signal }: EventOptions = {},
): AsyncGenerator<SnapshotEvent, void, undefined> {
  const known = new Set<string>();
  const variables = { filter, after };
  for await (const { data, cursor } of calls.subscribe<{ vmSnapshotEvents: Told }, object>(SUBSCRIPTION, variables, {
    ...(signal && { signal }),
    ...(after !== undefined && { after }),
  })) {
    const event = data.vmSnapshotEvents;
    if (event.kind !== "BOOKMARK" && !known.has(event.id)) {
      known.add(event.id);
      for (const id of known) {
        if (known.size <= REMEMBERED) break;
        known.delete(id);
      }
      // The consumer has handled the event when it asks for the next one.
      yield event as SnapshotEvent;
    }
    if (cursor !== undefined) await onCursor?.(cursor);
  }
}
