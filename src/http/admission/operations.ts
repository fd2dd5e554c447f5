import { type FormattedExecutionResult, type GraphQLFormattedError, Kind, type OperationDefinitionNode } from "graphql";
import { Context, type Services } from "../../context.js";
import { Deadline } from "../../kernel/deadline.js";
import { ErrorCode, TowerError } from "../../kernel/errors.js";
import { once } from "../../kernel/once.js";
import type { Observer } from "../../observe/observer.js";
import type { Upstream } from "../../upstream/upstream.js";
import type { Admitted, DocumentGate, OperationRequest } from "../limits/document-gate.js";
import { languageFor } from "../messages/negotiation.js";
import { badRequest, refusal } from "../messages/refusal.js";
import type { Caller, CallerOf } from "./callers.js";
import type { RateLimiter } from "./rate-limiter.js";
import type { StreamCounter } from "./stream-counter.js";

/** How an operation came. */
export type Transport = "http" | "sse" | "websocket";

/** What is known of a client's request before its operation is looked at. */
export interface ClientRequest {
  readonly transport: Transport;
  readonly authorization: string | undefined;
  readonly acceptLanguage: string | undefined;
  readonly requestId: string;
  /** Where the client is, behind the proxies that are trusted. */
  readonly address: string;
  /** Whether it came by a method that must change nothing. */
  readonly readsOnly?: boolean;
}

/** An operation that may be executed, by whom. */
export interface Admission extends Admitted {
  readonly request: ClientRequest;
  readonly caller: Caller;
}

/** An operation about to run. */
export interface OpenOperation extends Admission {
  readonly context: Context;
  /** The client has left: what runs upstream for it is cancelled. */
  leave(): void;
  /** Notes the error codes of an answer. */
  note(result: Pick<FormattedExecutionResult, "errors">): void;
  /** Frees everything. Safe to call twice. */
  end(): void;
}

/** What guards the operations of a process. */
export interface Guards {
  readonly gate: DocumentGate;
  readonly rate: RateLimiter;
  readonly streams: StreamCounter;
}

/** Objects that weigh as much as one call to CloudTower in the rate limit. */
const OBJECTS_PER_CALL = 100;
/** A client's own text may stand in a message; so much of it goes to the log. */
const LONGEST_LOGGED = 300;

/** Lets operations in and opens their contexts, whatever the transport. */
export class Operations {
  constructor(
    private readonly upstream: Upstream,
    private readonly services: Services,
    private readonly callerOf: CallerOf,
    private readonly guards: Guards,
    private readonly timeoutMs: number,
    private readonly observer: Pick<Observer, "finished" | "refused">,
  ) {}

  /** Who a credential stands for. */
  caller(authorization: string | undefined, address: string): Caller {
    return this.callerOf(authorization, address);
  }

  /** Notes that a client was told why its request is not executed. */
  refused(errors: readonly GraphQLFormattedError[], requestId: string): void {
    const [first] = errors;
    const code = String(first?.extensions?.code ?? ErrorCode.InternalServerError);
    this.observer.refused({ requestId, code, message: (first?.message ?? "").slice(0, LONGEST_LOGGED) });
  }

  /** Whether the operation may run, and what it costs. @throws Refusal where it may not. */
  admit(request: ClientRequest, wanted: OperationRequest): Admission {
    const caller = this.callerOf(request.authorization, request.address);
    const admitted = this.guards.gate.admit(wanted);
    if (request.readsOnly && admitted.operation.operation === "mutation") {
      throw badRequest("expected a POST request for a mutation, got GET", 405, { allow: "POST" });
    }
    if (caller.refused !== undefined && !isIntrospection(admitted.operation)) {
      throw refusal(ErrorCode.Unauthenticated, caller.refused);
    }
    const { calls, objects } = admitted.cost;
    const retryAfterSeconds = this.guards.rate.take(caller.client, Math.max(1, calls + objects / OBJECTS_PER_CALL));
    if (retryAfterSeconds > 0) {
      const message = `expected fewer or cheaper operations, got too many; wait ${retryAfterSeconds} s`;
      const http = { status: 429, headers: { "retry-after": String(retryAfterSeconds) } };
      throw refusal(ErrorCode.RateLimited, message, http, { retryAfterSeconds });
    }
    return { ...admitted, request, caller };
  }

  /**
   * Opens the context of an admitted operation. A query or mutation has a deadline; a subscription lasts until it is ended.
   *
   * @throws Refusal where the client has as many subscriptions as it may.
   */
  open(admission: Admission): OpenOperation {
    const { operation, caller, request } = admission;
    const began = performance.now();
    const streams = operation.operation === "subscription";
    const release = streams ? this.takeStream(caller) : () => {};
    const limit = new Deadline(streams ? Number.POSITIVE_INFINITY : this.timeoutMs);
    const language = languageFor(request.acceptLanguage);
    const { requestId, transport } = request;
    const { credential, client } = caller;
    const { signal } = limit;
    const session = this.upstream.open({ credential, client, language, signal, deadline: limit, requestId });
    const codes = new Set<string>();
    let left = false;
    return {
      ...admission,
      context: new Context(session, this.services, (more) => limit.extend(more)),
      leave() {
        left = true;
        limit.cancel(new TowerError(ErrorCode.UpstreamTimeout, "the client left"));
      },
      note: ({ errors = [] }) => {
        for (const { extensions } of errors) codes.add(String(extensions?.code ?? ErrorCode.InternalServerError));
      },
      end: once(() => {
        limit.dispose();
        release();
        this.observer.finished({
          transport,
          type: operation.operation,
          name: operation.name?.value,
          client: caller.client,
          requestId,
          milliseconds: performance.now() - began,
          cost: admission.cost,
          upstream: session.stats,
          codes: [...codes],
          left,
        });
      }),
    };
  }

  private takeStream({ client }: Caller): () => void {
    const release = this.guards.streams.take(client);
    if (release !== undefined) return release;
    throw refusal(ErrorCode.RateLimited, "expected fewer subscriptions at once, got one too many", { status: 429 });
  }
}

/** Whether an operation asks only what needs no CloudTower: the schema. */
function isIntrospection({ selectionSet }: OperationDefinitionNode): boolean {
  return selectionSet.selections.every(
    (selection) => selection.kind === Kind.FIELD && selection.name.value.startsWith("__"),
  );
}
