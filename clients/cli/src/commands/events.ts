import type { SnapshotEvent } from "@towerql/client";
import type { Command } from "commander";
import { visible } from "../output.js";
import { sessionOf } from "../session.js";

interface EventPage {
  readonly vmSnapshotEvents: {
    readonly nodes: readonly SnapshotEvent[];
    readonly endCursor: string;
    readonly hasNextPage: boolean;
  };
}

const PAGE = `query Events($after: EventCursor!) {
  vmSnapshotEvents(after: $after) {
    nodes { id kind at snapshotId snapshot { id name vm { id name } } task { id status } errors { code message } }
    endCursor hasNextPage
  }
}`;

/** Adds `towerql events`. */
export function addEvents(program: Command): void {
  program
    .command("events")
    .description(
      "What happened to snapshots, whoever made them; the last line on standard error is the cursor to go on from.",
    )
    .option("--after <cursor>", "begin after it", "")
    .option("--follow", "go on until interrupted")
    .action(async ({ after, follow }: { after: string; follow?: true }, command: Command) => {
      const { client, json, signal } = sessionOf(command);
      const print = (event: SnapshotEvent) => console.log(json ? JSON.stringify(event) : lineOf(event));
      let cursor = after;
      try {
        if (follow) {
          const onCursor = (next: string) => {
            cursor = next;
          };
          for await (const event of client.events({ signal, onCursor, ...(after && { after }) })) print(event);
        }
        cursor ||= (await client.query<{ eventCursor: string }>("{ eventCursor }", {}, { signal })).eventCursor;
        for (let more = true; more; ) {
          const page: EventPage = await client.query<EventPage>(PAGE, { after: cursor }, { signal });
          for (const event of page.vmSnapshotEvents.nodes) print(event);
          ({ endCursor: cursor, hasNextPage: more } = page.vmSnapshotEvents);
        }
      } finally {
        if (cursor !== "") console.error(cursor);
      }
    });
}

function lineOf({ at, kind, snapshotId, snapshot, errors }: SnapshotEvent): string {
  const name = snapshot === null ? "" : ` ${snapshot.vm?.name ?? "?"} ${snapshot.name ?? "?"}`;
  const why = errors.length === 0 ? "" : ` ${errors.map(({ message }) => message).join(" ")}`;
  return visible(`${at ?? "time unknown"} ${kind}${name} ${snapshotId}${why}`);
}
