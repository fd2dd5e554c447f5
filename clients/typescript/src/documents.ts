/**
 * An operation: as text, as codegen's `TypedDocumentNode` or `TypedDocumentString`, or as any document that graphql-js parsed. The
 * typed ones give the types of data and variables.
 */
export type Operation<Data, Variables> = string | TypedDocument<Data, Variables>;

/** The members that a typed document of codegen has, and those by which a parsed document is known. */
export type TypedDocument<Data, Variables> = (ParsedDocument | { toString(): string; readonly length: number }) & {
  readonly __apiType?: (variables: Variables) => Data;
};

interface ParsedDocument {
  readonly kind: string;
  readonly definitions: readonly unknown[];
}

/** The operation as text. A parsed document needs the package `graphql`, which made it. */
export async function textOf(operation: Operation<never, never> | Operation<unknown, unknown>): Promise<string> {
  if (typeof operation !== "object" || !("definitions" in operation)) return String(operation);
  const { print } = await import("graphql");
  return print(operation as never);
}

/** Whether a document has a mutation: the word at its outermost level, not in a string or a comment. */
export function hasMutation(text: string): boolean {
  let depth = 0;
  for (const [token] of text.matchAll(/"""(?:\\"""|[\s\S])*?"""|"(?:\\.|[^"\\\n])*"|#[^\n]*|[{}()]|[A-Za-z_]\w*/g)) {
    if (token === "{" || token === "(") depth += 1;
    else if (token === "}" || token === ")") depth -= 1;
    else if (depth === 0 && token === "mutation") return true;
  }
  return false;
}
