import { type ExecutionArgs, type ExecutionResult, getOperationAST, type execute as graphqlExecute } from "graphql";
import { LRUCache } from "lru-cache";

/** Maximum number of results that are kept: clients of one kind send the same document. */
const MAX_RESULTS = 8;
/** Maximum size of the results that are kept, in characters of their JSON. */
const MAX_CHARACTERS = 16 * 1024 * 1024;

/** Results of introspection, which the schema alone determines. Lives as long as the process; shared by all clients. */
export class IntrospectionCache {
  private readonly results = new LRUCache<string, ExecutionResult>({
    max: MAX_RESULTS,
    maxSize: MAX_CHARACTERS,
    sizeCalculation: (result) => JSON.stringify(result).length,
  });

  constructor(private readonly execute: typeof graphqlExecute) {}

  /** The result of an operation that reads only the schema. One without variables is computed once. */
  async resultOf(args: ExecutionArgs): Promise<ExecutionResult> {
    const { document, operationName } = args;
    const text = document.loc?.source.body;
    const hasVariables = (getOperationAST(document, operationName)?.variableDefinitions ?? []).length > 0;
    if (text === undefined || hasVariables) return this.execute(args);
    const key = `${operationName ?? ""} ${text}`;
    const known = this.results.get(key);
    if (known !== undefined) return known;
    const result = await this.execute(args);
    if (result.errors === undefined) this.results.set(key, result);
    return result;
  }
}
