import type { CancelSignal } from "../../../src/kernel/cancellation.js";
import { onAbort } from "../../../src/kernel/cancellation.js";
import {
  CursorExpiredError,
  type EventSource,
  StreamLaggedError,
  type WebhookEvent,
} from "../../../src/webhooks/event-source.js";

/** Fields of a scripted event. */
export interface ScriptedEvent {
  readonly id: string;
  /** @default the id */
  readonly body?: () => string;
  /** Why the selection cannot be read now; undefined if it can. */
  readonly problem?: () => { readonly message: string; readonly isTransient: boolean } | undefined;
  readonly at?: number;
}

/** Time of the oldest event of a scripted feed that has forgotten some. */
export const OLDEST_AT = "2026-11-01T00:00:00.000Z";

/** A feed whose events a test writes. Its cursors are numbers: how many events come before. */
export class ScriptedFeed implements EventSource {
  readonly feed = "vmSnapshotEvents";
  /** Cursors that were opened. */
  readonly opened: (string | undefined)[] = [];
  /** Events that a resumed stream gives again before its cursor, as a real feed may. */
  overlap = 0;
  /** Events before this cursor can no longer be read. */
  oldest = 0;
  /** No cursor can be used, not even that of the oldest events. */
  isAlwaysExpired = false;
  /** The next stream that is read ends because its reader was too slow. */
  hasLagged = false;
  /** The feed fails with this error. */
  failure: Error | undefined;
  private readonly events: ScriptedEvent[] = [];
  private wake: (() => void)[] = [];

  emit(...events: readonly (string | ScriptedEvent)[]): void {
    this.events.push(...events.map((event) => (typeof event === "string" ? { id: event } : event)));
    for (const wake of this.wake.splice(0)) wake();
  }

  async *open(after: string | undefined, signal: CancelSignal): AsyncIterable<WebhookEvent> {
    this.opened.push(after);
    if (this.failure !== undefined) throw this.failure;
    const start = after === undefined ? this.events.length : Number(after);
    if (Number.isNaN(start)) throw new Error("not a cursor");
    if (start < this.oldest || this.isAlwaysExpired)
      throw new CursorExpiredError("expired", OLDEST_AT, String(this.oldest));
    if (start === this.events.length) yield bookmark(start);
    for (let index = Math.max(0, start - this.overlap); !signal.aborted; ) {
      if (this.hasLagged) {
        this.hasLagged = false;
        throw new StreamLaggedError("lagged");
      }
      const event = this.events[index];
      if (event !== undefined) {
        index += 1;
        yield webhookEvent(event, String(index));
        continue;
      }
      await new Promise<void>((resolve) => {
        this.wake.push(resolve);
        onAbort(signal, resolve);
      });
      if (this.failure !== undefined) throw this.failure;
    }
  }
}

function bookmark(index: number): WebhookEvent {
  return { ...webhookEvent({ id: `bookmark-${index}` }, String(index)), isBookmark: true };
}

function webhookEvent(
  { id, body = () => JSON.stringify({ id }), problem, at }: ScriptedEvent,
  cursor: string,
): WebhookEvent {
  return {
    ...{ id, cursor, isBookmark: false, at: at ?? null },
    async read() {
      const found = problem?.();
      return found === undefined ? { complete: true, body: body() } : { complete: false, ...found };
    },
  };
}
