import { asError } from "../kernel/errors.js";
import type { GuardedClient } from "./client/guarded-client.js";
import type { UpstreamObserver } from "./observer.js";
import { ReadDeduplicator } from "./read-deduplicator.js";
import { type SessionRequest, type SessionShare, type UpstreamOptions, UpstreamSession } from "./session.js";
import { UpstreamError } from "./upstream-error.js";
import { Writes } from "./writes.js";

export type { SessionRequest } from "./session.js";

/** What holds for the whole process. */
export interface UpstreamSettings extends UpstreamOptions {
  /** Longest time for a read with all its tries, in seconds. */
  readonly operationTimeoutSeconds: number;
  /** How long a write is followed that was sent, in seconds. */
  readonly writeTimeoutSeconds: number;
}

const VERSION_TIMEOUT_MS = 5_000;

/** CloudTower, for the whole process: opens a session for each operation. */
export class Upstream {
  private readonly share: SessionShare;
  private readonly writes: Writes;
  private asking: Promise<boolean> | undefined;

  constructor(
    readonly client: GuardedClient,
    settings: UpstreamSettings,
    observer: UpstreamObserver,
  ) {
    this.writes = new Writes(settings.writeTimeoutSeconds * 1000, observer);
    const reads = new ReadDeduplicator(settings.operationTimeoutSeconds * 1000);
    this.share = { client, reads, writes: this.writes, options: settings };
  }

  /** CloudTower as one caller sees it. */
  open(request: SessionRequest): UpstreamSession {
    return new UpstreamSession(this.share, request);
  }

  /** CloudTower's version, or null where it does not tell. Source: `GET /get-version`. */
  async version(): Promise<string | null> {
    const signal = AbortSignal.timeout(VERSION_TIMEOUT_MS);
    try {
      const version = await this.client.call({ method: "GET", endpoint: "get-version", signal });
      return typeof version === "string" ? version : null;
    } catch (error) {
      if (error instanceof UpstreamError || signal.aborted) return null;
      throw asError(error);
    }
  }

  /** Whether CloudTower answers at all: a refusal is an answer. All who ask at the same time share one call. */
  answers(timeoutMs: number): Promise<boolean> {
    this.asking ??= this.client
      .ping(AbortSignal.timeout(timeoutMs))
      .then(
        () => true,
        () => false,
      )
      .finally(() => {
        this.asking = undefined;
      });
    return this.asking;
  }

  /** Resolves when no write is under way any more, or after the time. */
  writesSettled(milliseconds: number): Promise<void> {
    return this.writes.settled(milliseconds);
  }

  /** Ends the connections; calls under way fail. */
  close(): Promise<void> {
    return this.client.close();
  }
}
