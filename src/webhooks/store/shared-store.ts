import { randomUUID } from "node:crypto";
import type { Logs } from "../../coordination/coordination.js";
import { parseState, snapshotLine } from "./state-log.js";
import { changed, FRESH_STATE, type StateChange, type WebhookState } from "./webhook-state.js";
import { StateTakenError, type WebhookStore } from "./webhook-store.js";

const MAX_CHANGES = 5_000;

/** What this process knows of a state that it has loaded. */
interface LoadedState {
  readonly claim: string;
  state: WebhookState;
  /** A change that may have been appended although that failed. */
  doubt: string | undefined;
}

/**
 * States in logs that all replicas share: a snapshot and the changes since then. Whoever loads a state claims its log, and only the latest
 * claim can append to it.
 *
 * If the logs are lost, the replica that loads a state next writes again what it knew of it: events may then be delivered twice. One that
 * knew nothing begins with new events.
 */
export class SharedStore implements WebhookStore {
  private readonly loaded = new Map<string, LoadedState>();

  /** @param maxChanges a log is written anew after this many changes. */
  constructor(
    private readonly logs: Logs,
    private readonly maxChanges: number = MAX_CHANGES,
  ) {}

  async read(name: string): Promise<WebhookState> {
    return stateOf(name, await this.logs.read(name)) ?? FRESH_STATE;
  }

  async load(name: string): Promise<WebhookState> {
    const claim = randomUUID();
    const stored = stateOf(name, await this.logs.claim(name, claim));
    const state = stored ?? this.loaded.get(name)?.state ?? FRESH_STATE;
    if (!(await this.logs.replace(name, claim, snapshotLine(state)))) throw new StateTakenError(name);
    this.loaded.set(name, { claim, state, doubt: undefined });
    return state;
  }

  async record(name: string, change: StateChange): Promise<WebhookState> {
    const own = this.loaded.get(name);
    if (own === undefined) throw new Error(`the state of ${name} has not been loaded`);
    const lines = await this.append(name, own, JSON.stringify(change));
    if (lines === undefined) throw new StateTakenError(name);
    own.state = changed(own.state, change);
    // The change is safe already: if the log cannot be written anew, it goes on growing until it can.
    if (lines > this.maxChanges) await this.logs.replace(name, own.claim, snapshotLine(own.state)).catch(() => false);
    return own.state;
  }

  async close(): Promise<void> {}

  /** Appends a change once, also if it is recorded again because it was in doubt. */
  private async append(name: string, own: LoadedState, line: string): Promise<number | undefined> {
    if (own.doubt === line) {
      const known = await this.logs.read(name);
      if (known.at(-1) === line) {
        own.doubt = undefined;
        return known.length;
      }
    }
    own.doubt = line;
    const lines = await this.logs.append(name, own.claim, line);
    own.doubt = undefined;
    return lines;
  }
}

/** Undefined if the log is empty. @throws WebhookStateError */
function stateOf(name: string, lines: readonly string[]): WebhookState | undefined {
  if (lines.length === 0) return undefined;
  return parseState(lines, { damaged: `Redis has a damaged state of the webhook ${name}`, unit: "key of its log" });
}
