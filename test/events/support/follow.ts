import type { Client } from "graphql-ws";
import { type Backup, startBackup } from "../../snapshots/support/backup.js";
import type { GatewayOptions } from "../../snapshots/support/start.js";
import { type Collected, collect } from "../../snapshots/support/stream.js";

/** An event of either feed. */
export interface Event {
  readonly cursor: string;
  readonly id: string;
  readonly kind: string;
  readonly at: string | null;
  readonly taskId?: string | null;
  readonly snapshotId?: string | null;
  readonly task: { readonly cloudTowerId: string; readonly status: string } | null;
  readonly snapshot?: { readonly cloudTowerId: string; readonly name: string } | null;
  readonly errors?: readonly { readonly code: string }[];
}

export type FeedName = "taskEvents" | "vmSnapshotEvents";

const FIELDS = {
  taskEvents: "cursor id kind at taskId task { cloudTowerId status progress }",
  vmSnapshotEvents:
    "cursor id kind at snapshotId task { cloudTowerId status } errors { code } snapshot { cloudTowerId name disks(type: DISK) { lunSnapshot { storageVolume { zbsId } } } }",
};
const TYPES = { taskEvents: "TaskEventFilter", vmSnapshotEvents: "VmSnapshotEventFilter" };

/** Where and what to follow. */
export interface FollowOptions {
  readonly filter?: object;
  readonly after?: string;
  readonly client?: Client;
  /** What is selected. @default all fields */
  readonly fields?: string;
}

/** A subscription to a feed. */
export interface Followed extends Collected<Record<string, Event>> {
  /** The events without bookmarks. */
  readonly events: Event[];
  /** `KIND id` of the events without bookmarks and progress. */
  readonly told: string[];
  /** The cursor of the last result. */
  readonly cursor: string;
  /** Codes of its errors. */
  readonly codes: unknown[];
}

/** Follows a feed over a WebSocket. */
export function follow(gateway: Backup, feed: FeedName, options: FollowOptions = {}): Followed {
  const { filter, after, client = gateway.socket(), fields = FIELDS[feed] } = options;
  const query = `subscription($filter: ${TYPES[feed]}, $after: EventCursor) { ${feed}(filter: $filter, after: $after) { ${fields} } }`;
  const stream = collect<Record<string, Event>>(client, query, { filter, after });
  const events = () =>
    stream.received.flatMap(({ data }) => data?.[feed] ?? []).filter(({ kind }) => kind !== "BOOKMARK");
  const parts = {
    get events() {
      return events();
    },
    get told() {
      return events()
        .filter(({ kind }) => kind !== "PROGRESSED")
        .map((event) => `${event.kind} ${event.taskId ?? event.snapshotId}`);
    },
    get cursor() {
      const cursors = stream.received.map(({ extensions }) => extensions?.cursor);
      return String(cursors.findLast((cursor) => cursor !== undefined));
    },
    get codes() {
      return stream.received.flatMap(({ errors }) => errors?.map(({ extensions }) => extensions?.code) ?? []);
    },
  };
  return Object.defineProperties(stream, Object.getOwnPropertyDescriptors(parts)) as Followed;
}

/** A gateway with quick polls over a tower whose tasks end when its clock moves. */
export function startFeed(options: GatewayOptions = {}): Promise<Backup> {
  return startBackup(options);
}
