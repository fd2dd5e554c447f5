import { randomUUID } from "node:crypto";
import { Context, type Services } from "../context.js";
import { type Deadline, deadline } from "../kernel/deadline.js";
import type { Upstream } from "../upstream/upstream.js";
import { type CallerOf, languageOf } from "./callers.js";

/** What is known of a client's request before its operation is looked at. */
export interface ClientRequest {
  readonly authorization: string | undefined;
  readonly acceptLanguage: string | undefined;
  readonly requestId: string;
}

/** An operation about to run. */
export interface OpenOperation {
  readonly context: Context;
  readonly deadline: Deadline;
}

/** Opens the context of each operation. */
export class Operations {
  constructor(
    private readonly upstream: Upstream,
    private readonly services: Services,
    private readonly callerOf: CallerOf,
    private readonly timeoutMs: number,
  ) {}

  /** A context for a query or mutation, with a deadline that must be disposed of. */
  open(request: ClientRequest): OpenOperation {
    const limit = deadline(this.timeoutMs);
    return { context: this.context(request, limit.signal), deadline: limit };
  }

  /** A context for a subscription, which lasts until the signal says otherwise; each event has the deadline. */
  openStream(request: ClientRequest, signal: AbortSignal): Context {
    return this.context(request, signal);
  }

  private context({ authorization, acceptLanguage, requestId }: ClientRequest, signal: AbortSignal): Context {
    const credential = this.callerOf(authorization);
    const session = this.upstream.open({ credential, language: languageOf(acceptLanguage), signal, requestId });
    return new Context(session, this.services);
  }
}

/** The client's own request id where it is a harmless one, else a new one. */
export function requestIdOf(header: string | string[] | undefined): string {
  return typeof header === "string" && /^[\w-]{1,64}$/.test(header) ? header : randomUUID();
}
