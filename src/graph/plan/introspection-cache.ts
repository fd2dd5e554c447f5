import { type ExecutionArgs, type ExecutionResult, type GraphQLSchema, getOperationAST } from "graphql";
import { LRUCache } from "lru-cache";
import type { CancelSignal } from "../../kernel/cancellation.js";
import { KeyedMutex } from "../../kernel/keyed-mutex.js";

/** Maximum number of results that are kept: clients of one kind send the same document. */
const MAX_RESULTS = 8;
/** Maximum size of the results that are kept, in bytes of their names and texts. */
const MAX_BYTES = 16 * 1024 * 1024;

/** A result and its approximate size, in bytes of its names and texts. */
export interface SizedResult {
  readonly result: ExecutionResult;
  /** Undefined if it is not known: then the result is not kept. */
  readonly bytes: number | undefined;
}

/** Whom a result is computed for. */
export interface IntrospectionCaller {
  /** Name of the client. */
  readonly client: string;
  /** Ends the wait for the client's turn. */
  readonly signal: CancelSignal;
}

/** Results of introspection, which the schema alone determines. Lives as long as the process; shared by all clients. */
export class IntrospectionCache {
  private readonly results = new LRUCache<string, ExecutionResult>({ max: MAX_RESULTS, maxSize: MAX_BYTES });
  private readonly schemas: GraphQLSchema[] = [];
  private readonly computing = new KeyedMutex();

  /**
   * The result of an operation that reads only the schema. One without variables is computed once; a client's others one after the other:
   * nothing is waited for meanwhile, and each takes megabytes.
   */
  async resultOf(
    { document, operationName, schema }: ExecutionArgs,
    { client, signal }: IntrospectionCaller,
    compute: () => Promise<SizedResult>,
  ): Promise<ExecutionResult> {
    const key = this.keyOf(document, operationName, schema);
    const known = key === undefined ? undefined : this.results.get(key);
    if (known !== undefined) return known;
    const release = await this.computing.acquire({ keys: [client], signal, owner: client });
    try {
      const computed = key === undefined ? undefined : this.results.get(key);
      if (computed !== undefined) return computed;
      const { result, bytes } = await compute();
      if (key !== undefined && bytes !== undefined) this.results.set(key, result, { size: Math.max(1, bytes) });
      return result;
    } finally {
      release();
    }
  }

  /** Undefined if the result is not kept. */
  private keyOf(
    document: ExecutionArgs["document"],
    operationName: string | null | undefined,
    schema: GraphQLSchema,
  ): string | undefined {
    const text = document.loc?.source.body;
    const hasVariables = (getOperationAST(document, operationName)?.variableDefinitions ?? []).length > 0;
    if (text === undefined || hasVariables) return undefined;
    return `${this.numberOf(schema)} ${operationName ?? ""} ${text}`;
  }

  /** Tells the few schemas of a process apart. */
  private numberOf(schema: GraphQLSchema): number {
    const known = this.schemas.indexOf(schema);
    return known >= 0 ? known : this.schemas.push(schema) - 1;
  }
}
