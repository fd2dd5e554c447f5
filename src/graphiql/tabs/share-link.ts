/** An operation that a link carries. Headers are never part of it. */
export interface SharedOperation {
  readonly query: string;
  /** JSON text. @default none */
  readonly variables?: string;
}

/** Longer ones are refused by servers, and cut by chat programs. */
export const MAX_LINK_CHARACTERS = 8_000;

/**
 * A link that opens this page with an operation.
 *
 * @param page address of the page, whose own query is dropped.
 * @returns undefined if the link would be longer than `MAX_LINK_CHARACTERS`.
 */
export function shareLink(page: string, { query, variables = "" }: SharedOperation): string | undefined {
  const url = new URL(page);
  url.hash = "";
  url.search = "";
  url.searchParams.set("query", query);
  if (hasVariables(variables)) url.searchParams.set("variables", variables);
  return url.href.length > MAX_LINK_CHARACTERS ? undefined : url.href;
}

/** The operation that the page was opened with, if any. */
export function sharedOperation(page: string): SharedOperation | undefined {
  const { searchParams } = new URL(page);
  const query = searchParams.get("query") ?? "";
  if (query.trim() === "") return undefined;
  const variables = searchParams.get("variables") ?? "";
  return hasVariables(variables) ? { query, variables: indented(variables) } : { query };
}

function hasVariables(text: string): boolean {
  return !["", "{}", "null"].includes(text.replace(/\s/g, ""));
}

/** Other programs write variables in one line. */
function indented(variables: string): string {
  try {
    return JSON.stringify(JSON.parse(variables), null, 2);
  } catch {
    return variables;
  }
}
