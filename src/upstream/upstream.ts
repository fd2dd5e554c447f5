import type { Language, UpstreamClient } from "./client.js";
import type { Credential } from "./credential.js";
import { type UpstreamOptions, UpstreamSession } from "./session.js";
import { SharedReads } from "./shared-reads.js";
import { UpstreamError } from "./upstream-error.js";

/** What a session is opened for. */
export interface SessionRequest {
  readonly credential: Credential;
  readonly language: Language;
  readonly signal: AbortSignal;
  readonly requestId: string;
}

/** CloudTower, for the whole process: opens a session for each operation. */
export class Upstream {
  private readonly shared = new SharedReads();

  constructor(
    readonly client: UpstreamClient,
    private readonly options: UpstreamOptions,
  ) {}

  /** CloudTower as one caller sees it. */
  open({ credential, language, signal, requestId }: SessionRequest): UpstreamSession {
    return new UpstreamSession(this.client, this.shared, credential, this.options, language, signal, requestId);
  }

  /** CloudTower's version, or null where it does not tell. Source: `GET /get-version`. */
  async version(): Promise<string | null> {
    try {
      const version = await this.client.call({ method: "GET", operation: "get-version" });
      return typeof version === "string" ? version : null;
    } catch (error) {
      if (error instanceof UpstreamError) return null;
      throw error;
    }
  }

  /** Whether CloudTower answers at all: a refusal is an answer. */
  async answers(signal: AbortSignal): Promise<boolean> {
    try {
      await this.client.call({ method: "GET", operation: "get-version", signal });
      return true;
    } catch (error) {
      return error instanceof UpstreamError && error.failure.status !== undefined && error.failure.status < 500;
    }
  }
}
