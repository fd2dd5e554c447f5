import { type ExecutionArgs, type ExecutionResult, type GraphQLSchema, getOperationAST } from "graphql";
import { LRUCache } from "lru-cache";

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

/** Results of introspection, which the schema alone determines. Lives as long as the process; shared by all clients. */
export class IntrospectionCache {
  private readonly results = new LRUCache<string, ExecutionResult>({ max: MAX_RESULTS, maxSize: MAX_BYTES });
  private readonly schemas: GraphQLSchema[] = [];

  /** The result of an operation that reads only the schema. One without variables is computed once. */
  async resultOf(
    { document, operationName, schema }: ExecutionArgs,
    compute: () => Promise<SizedResult>,
  ): Promise<ExecutionResult> {
    const text = document.loc?.source.body;
    const hasVariables = (getOperationAST(document, operationName)?.variableDefinitions ?? []).length > 0;
    if (text === undefined || hasVariables) return (await compute()).result;
    const key = `${this.numberOf(schema)} ${operationName ?? ""} ${text}`;
    const known = this.results.get(key);
    if (known !== undefined) return known;
    const { result, bytes } = await compute();
    if (bytes !== undefined) this.results.set(key, result, { size: Math.max(1, bytes) });
    return result;
  }

  /** Tells the few schemas of a process apart. */
  private numberOf(schema: GraphQLSchema): number {
    const known = this.schemas.indexOf(schema);
    return known >= 0 ? known : this.schemas.push(schema) - 1;
  }
}
