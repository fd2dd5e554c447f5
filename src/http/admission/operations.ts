import type { FormattedExecutionResult, GraphQLFormattedError } from "graphql";
import { Context, type Services } from "../../context.js";
import type { Rates } from "../../coordination/coordination.js";
import { Budget, type BudgetLimits } from "../../kernel/budget.js";
import { Deadline } from "../../kernel/deadline.js";
import { ErrorCode, TowerError } from "../../kernel/errors.js";
import { once } from "../../kernel/once.js";
import { shorten } from "../../kernel/text/shorten.js";
import type { Owner, Turns } from "../../kernel/turns/turns.js";
import { type Observer, outcomeOf } from "../../observe/observer.js";
import type { Tracing } from "../../observe/tracing.js";
import type { Upstream } from "../../upstream/upstream.js";
import type { Admitted, DocumentGate, OperationRequest } from "../limits/document-gate.js";
import { languageFor } from "../messages/negotiation.js";
import { badRequest, refusal } from "../messages/refusal.js";
import { assertWithinRate, isIntrospection, readyOf } from "./admission-checks.js";
import type { Caller, CallerOf } from "./callers.js";
import { KnownClients } from "./known-clients.js";
import { assertRoleSuffices } from "./roles.js";
import type { RunningLoad } from "./running-load.js";
import type { StreamCounter } from "./stream-counter.js";

/** Protocol that an operation came over. */
export type Transport = "http" | "sse" | "websocket" | "mcp";

/** What a request says about its client, apart from the operation. */
export interface ClientRequest {
  readonly transport: Transport;
  readonly authorization: string | undefined;
  readonly acceptLanguage: string | undefined;
  readonly requestId: string;
  /** Address of the client, behind any trusted proxies. */
  readonly address: string;
  /** The client's place in a trace, as it sent it. @default none */
  readonly traceparent?: string | undefined;
  /** Whether the HTTP method is safe, so that mutations are refused. @default false */
  readonly readsOnly?: boolean;
  /** Maximum size of a query's result, in bytes, if it is below that of all operations. */
  readonly maxResultBytes?: number;
  /** Whether the client has left, so that its request need not be checked any further. */
  readonly isGone: () => boolean;
}

/** An operation that may be executed, with its request and caller. */
export interface Admission extends Admitted {
  readonly request: ClientRequest;
  readonly caller: Caller;
  /** Seconds until the rate limit of all replicas allows it, 0 if now; undefined if there is no such limit. Never rejects. */
  readonly shared: Promise<number> | undefined;
}

/** A running operation. */
export interface OpenOperation {
  readonly admission: Admission;
  readonly context: Context;
  /** Resolves when the operation may be executed; undefined if immediately. Rejects with a Refusal if it found no room in time. */
  readonly ready: Promise<void> | undefined;
  /** Cancels its upstream calls, because the client has left. */
  cancel(): void;
  /** Records the error codes of a result for the log. */
  recordErrors(result: Pick<FormattedExecutionResult, "errors">): void;
  /** Releases everything and logs the operation. Safe to call twice. */
  end(): void;
}

/** A subscription that is open. */
interface OpenStream {
  readonly request: ClientRequest;
  /** Ends it with an error for its client. */
  end(reason: TowerError): void;
}

/** Limits on operations. Live as long as the process. */
export interface Guards {
  readonly gate: DocumentGate;
  readonly rate: Rates;
  /** With the fields for administrators. */
  readonly adminGate: DocumentGate;
  readonly streams: StreamCounter;
  readonly load: RunningLoad;
}

/** Objects that cost as much as one call to CloudTower in the rate limit. */
const OBJECTS_PER_CALL = 100;
/** What an operation counts for at least while it runs: its request, context and response need memory too. */
const MIN_OBJECTS = 50;
/** Logged messages are cut, because they may quote the client's own text. */
const MAX_LOGGED_CHARACTERS = 300;

/** A request of this many characters is parsed in about a millisecond. What follows is done in slices. */
const CHARACTERS_PER_MS = 20_000;

/** Estimate of the time that parsing a request of this length blocks the event loop, in milliseconds. */
export function admissionMs(characters: number): number {
  return characters / CHARACTERS_PER_MS;
}

/** Options for `Operations`. */
export interface OperationsOptions {
  readonly upstream: Upstream;
  readonly services: Services;
  readonly callerOf: CallerOf;
  readonly guards: Guards;
  readonly turns: Turns;
  /** Deadline of a query or mutation. */
  readonly timeoutMs: number;
  /** Limits of a query, of a mutation's reads, and of each event of a subscription. */
  readonly budget: BudgetLimits;
  readonly observer: Pick<Observer, "finished" | "refused">;
  /** Undefined if traces are not exported. */
  readonly tracing: Pick<Tracing, "begin"> | undefined;
}

/** Admits operations of every transport and opens their contexts. */
export class Operations {
  private readonly known = new KnownClients();
  /** Open subscriptions. */
  private readonly streams = new Set<OpenStream>();

  constructor(private readonly options: OperationsOptions) {}

  /** The client that a credential identifies. */
  caller(authorization: string | undefined, address: string): Caller {
    return this.options.callerOf(authorization, address);
  }

  /** Whom the work for a caller is counted for, in turns on the event loop. */
  ownerOf(caller: Caller, address: string): Owner {
    return this.known.ownerOf(caller, address);
  }

  /** Ends the subscriptions whose credential is no longer accepted, with UNAUTHENTICATED. */
  endRefused(): void {
    for (const { request, end } of this.streams) {
      const { refused } = this.caller(request.authorization, request.address);
      if (refused !== undefined) end(new TowerError(ErrorCode.Unauthenticated, refused));
    }
  }

  /** Logs the refusal of a request. */
  recordRefusal(errors: readonly GraphQLFormattedError[], requestId: string): void {
    const [first] = errors;
    const code = String(first?.extensions?.code ?? ErrorCode.InternalServerError);
    this.options.observer.refused({ requestId, code, message: shorten(first?.message ?? "", MAX_LOGGED_CHARACTERS) });
  }

  /**
   * Checks whether an operation may run, and computes its cost. The cheapest checks come first: one unit of the client's rate, which a
   * refusal costs as well, then the document, the credential, the variables, and the rest of the rate.
   *
   * @throws Refusal if it may not.
   */
  async admit(request: ClientRequest, requested: OperationRequest): Promise<Admission> {
    const { rate } = this.options.guards;
    const caller = this.caller(request.authorization, request.address);
    this.spendRate(caller, 1);
    try {
      return await this.admitted(request, requested, caller);
    } catch (error) {
      // A refusal costs the client as much with any replica.
      void rate.share(caller.client, 1);
      throw error;
    }
  }

  /**
   * Checks an operation like `admit` without admitting it, for one unit of the client's rate.
   *
   * @throws Refusal if it may not run.
   */
  async price(request: ClientRequest, requested: OperationRequest): Promise<Admitted> {
    return this.checked(request, requested, await this.enter(request));
  }

  /**
   * The client of a request that is not an operation itself, for one unit of its rate.
   *
   * @throws Refusal if it may only read the schema, or has to wait.
   */
  async enter(request: Pick<ClientRequest, "authorization" | "address">): Promise<Caller> {
    const caller = this.caller(request.authorization, request.address);
    this.spendRate(caller, 1);
    assertWithinRate((await this.options.guards.rate.share(caller.client, 1)) ?? 0);
    if (caller.refused !== undefined) throw refusal(ErrorCode.Unauthenticated, caller.refused, { status: 401 });
    return caller;
  }

  private async admitted(request: ClientRequest, requested: OperationRequest, caller: Caller): Promise<Admission> {
    const { rate } = this.options.guards;
    const admitted = await this.checked(request, requested, caller);
    const { calls, objects } = admitted.cost;
    const units = calls + objects / OBJECTS_PER_CALL;
    if (units > 1) this.spendRate(caller, units - 1);
    const { schema, document, operation, variables, cost } = admitted;
    const shared = rate.share(caller.client, Math.max(1, units));
    return { schema, document, operation, variables, cost, request, caller, shared };
  }

  private async checked(request: ClientRequest, requested: OperationRequest, caller: Caller): Promise<Admitted> {
    const { guards } = this.options;
    const gate = caller.role === "admin" ? guards.adminGate : guards.gate;
    const validated = await gate.validate(requested, {
      client: caller.client,
      keep: caller.refused === undefined,
      nextTurn: (costMs) => this.options.turns.next(this.ownerOf(caller, request.address), costMs),
      isGone: request.isGone,
    });
    if (request.readsOnly && validated.operation.operation === "mutation") {
      throw badRequest("Send a mutation with POST, not GET.", 405, { allow: "POST" });
    }
    if (caller.refused !== undefined && !isIntrospection(validated.operation)) {
      throw refusal(ErrorCode.Unauthenticated, caller.refused);
    }
    if (caller.role !== undefined) assertRoleSuffices(caller.role, validated);
    return gate.admit(validated, requested.variables);
  }

  private spendRate({ client }: Caller, units: number): void {
    assertWithinRate(this.options.guards.rate.take(client, units));
  }

  /**
   * Opens the context of an admitted operation. A query or mutation has a deadline; a subscription has none.
   *
   * @throws Refusal for a subscription if its client has too many open.
   */
  open(admission: Admission): OpenOperation {
    const { operation, caller, request } = admission;
    const { upstream, services, timeoutMs } = this.options;
    const start = performance.now();
    const isStream = operation.operation === "subscription";
    const release = isStream ? this.acquireStream(caller) : () => {};
    const { share } = this.ownerOf(caller, request.address);
    const deadline = new Deadline(isStream ? Number.POSITIVE_INFINITY : timeoutMs);
    const language = languageFor(request.acceptLanguage);
    const { requestId, transport } = request;
    const { credential, client } = caller;
    const { signal } = deadline;
    // A query that exceeds its budget has no result: its calls in flight are cancelled. Those of a mutation may be part of a write.
    const onExceeded = (error: TowerError) => {
      if (operation.operation === "query") deadline.cancel(error);
    };
    const { maxResultBytes = Number.POSITIVE_INFINITY } = request;
    const limits = {
      ...this.options.budget,
      maxResultBytes: Math.min(maxResultBytes, this.options.budget.maxResultBytes),
    };
    const budget = new Budget(limits, onExceeded);
    const objects = Math.max(admission.cost.objects, MIN_OBJECTS);
    const room = isStream ? undefined : this.options.guards.load.enter(share, objects, signal);
    const turns = this.options.turns.of(() => this.ownerOf(caller, request.address));
    const owner = share;
    const { operation: type, name: { value: name } = {} } = operation;
    const { traceparent } = request;
    const trace = this.options.tracing?.begin({ transport, type, name, client, requestId, traceparent });
    const session = upstream.open({
      credential,
      client,
      language,
      signal,
      deadline,
      requestId,
      budget,
      turns,
      trace,
      owner,
    });
    const context = new Context(session, services, (more) => deadline.extend(more));
    let codes: Set<string> | undefined;
    const stream: OpenStream = { request, end: (reason) => context.revoke(reason) };
    if (isStream) this.streams.add(stream);
    let left = false;
    return {
      admission,
      context,
      ready: readyOf(admission.shared, room?.ready),
      cancel() {
        left = true;
        context.isAbandoned = true;
        deadline.cancel(new TowerError(ErrorCode.UpstreamTimeout, "The client has left."));
      },
      recordErrors: ({ errors = [] }) => {
        if (errors.length === 0) return;
        codes ??= new Set();
        for (const { extensions } of errors) codes.add(String(extensions?.code ?? ErrorCode.InternalServerError));
      },
      end: once(() => {
        deadline.dispose();
        this.streams.delete(stream);
        release();
        room?.leave();
        if (session.credentialAccepted) this.known.accept(client, request.address);
        const met = [...(codes ?? [])];
        const { calls } = session.stats;
        const isFailed = outcomeOf({ codes: met, left }) === "errors";
        trace?.end({ "towerql.codes": met.join(" "), "towerql.upstream_calls": calls }, isFailed);
        this.options.observer.finished({
          ...{ transport, type, name, client, traceId: trace?.traceId },
          label: caller.label,
          spent: session.budget.total,
          requestId,
          milliseconds: performance.now() - start,
          cost: admission.cost,
          upstream: session.stats,
          codes: met,
          left,
        });
      }),
    };
  }

  private acquireStream({ client }: Caller): () => void {
    const { streams } = this.options.guards;
    const release = streams.acquire(client);
    if (release !== undefined) return release;
    const message = `Too many subscriptions: at most ${streams.maxPerClient} per client. Close one first.`;
    throw refusal(ErrorCode.RateLimited, message, { status: 429 });
  }
}
