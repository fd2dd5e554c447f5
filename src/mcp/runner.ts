import type { FormattedExecutionResult, OperationTypeNode } from "graphql";
import type { Logger } from "pino";
import type { Execute } from "../graph/plan/execute.js";
import type { ClientRequest, OpenOperation, Operations } from "../http/admission/operations.js";
import type { OperationRequest } from "../http/limits/document-gate.js";
import type { Cost } from "../http/limits/operation-cost.js";
import { clientResult } from "../http/messages/client-errors.js";
import { badRequest } from "../http/messages/refusal.js";

/** What operations are run with. Lives as long as the process. */
export interface RunnerParts {
  readonly operations: Operations;
  readonly execute: Execute;
  /** Checks an operation of a client against the safelist. @throws Refusal */
  readonly checkListed: (query: string) => unknown;
  readonly logger: Logger;
  /** Maximum size of a query's result, in bytes. */
  readonly maxResultBytes: number;
}

/** What an operation came to. */
export interface Outcome {
  readonly result: FormattedExecutionResult;
  /** Calls to CloudTower that it made. */
  readonly calls: number;
}

/** Runs operations for one request of an agent, within all limits that hold for its operations over HTTP. */
export class Runner {
  private readonly running = new Set<OpenOperation>();

  constructor(
    private readonly parts: RunnerParts,
    readonly client: ClientRequest,
  ) {}

  /** Runs a query that the agent wrote. @throws Refusal */
  async query(request: OperationRequest): Promise<Outcome> {
    await this.parts.checkListed(request.query);
    return this.run(
      { ...this.client, maxResultBytes: this.parts.maxResultBytes },
      request,
      "query" as OperationTypeNode,
    );
  }

  /** Runs an operation of this program. Whatever a mutation did is in its result, however large. @throws Refusal */
  own(request: OperationRequest, type: "query" | "mutation"): Promise<Outcome> {
    return this.run(this.client, request, type as OperationTypeNode);
  }

  /** Checks an operation without running it. @returns its type and the upper bound of its cost. @throws Refusal */
  async check(request: OperationRequest): Promise<{ readonly type: OperationTypeNode; readonly cost: Cost }> {
    const { operation, cost } = await this.parts.operations.price(this.client, request);
    return { type: operation.operation, cost };
  }

  /** The client has left: cancels what is running. */
  cancel(): void {
    for (const operation of this.running) operation.cancel();
  }

  private async run(client: ClientRequest, request: OperationRequest, type: OperationTypeNode): Promise<Outcome> {
    const { operations, execute, logger } = this.parts;
    const admission = await operations.admit(client, request);
    if (admission.operation.operation !== type) throw wrongType(admission.operation.operation);
    if (client.isGone()) throw badRequest("The client has left.");
    const operation = operations.open(admission);
    const { schema, document } = admission;
    const { context } = operation;
    this.running.add(operation);
    try {
      if (operation.ready !== undefined) await operation.ready;
      const executed = await execute({
        schema,
        document,
        operationName: admission.operation.name?.value,
        variableValues: admission.variables,
        contextValue: context,
      });
      const result = clientResult(executed, { requestId: client.requestId, logger });
      operation.recordErrors(result);
      return { result, calls: context.session.stats.calls };
    } finally {
      this.running.delete(operation);
      operation.end();
    }
  }
}

function wrongType(type: OperationTypeNode) {
  const instead =
    type === "mutation"
      ? "Use the tool for what you want to write, if this server offers one."
      : "Query the object again later, or tasks and events since a cursor.";
  return badRequest(`Only queries can be run, got a ${type}. ${instead}`);
}
