import { parse } from "graphql";
import { createExecutor } from "../../src/graph/plan/execute.js";
import { fullSchema } from "../../src/schema/schema.js";

/** The plan of an operation as text; nothing is executed. */
export function planText(operation: string): string {
  const { schema, relations } = fullSchema();
  const executor = createExecutor({ registry: relations, onColumnMisses() {} });
  return executor.explain({ schema, document: parse(operation) });
}
