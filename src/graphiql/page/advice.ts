import type { PageEnvironment } from "../../http/graphiql/environment.js";
import type { Outcome } from "./fetcher.js";

/** One sentence that helps now, and what it offers to do. */
export interface Advice {
  readonly text: string;
  readonly action?: { readonly label: string; readonly kind: AdviceAction };
}

/** What the page can do for the person. */
export type AdviceAction = "signIn" | "graph" | "tasks";

/** What is known at this moment. */
export interface Situation {
  readonly environment: PageEnvironment;
  readonly token: string | undefined;
  /** The newest outcome; undefined before the first. */
  readonly outcome: Outcome | undefined;
  /** Whether the operation on the screen came with a link. */
  readonly fromLink: boolean;
  /** The view beside the editors, in lower case; undefined if there is none. */
  readonly visibleView: string | undefined;
}

/** Help that fits the moment; undefined if nothing has to be said. */
export function adviceFor(situation: Situation): Advice | undefined {
  const advice = adviceOf(situation);
  // What it offers may be there already.
  const offered = advice?.action?.kind;
  return offered !== undefined && offered === situation.visibleView ? undefined : advice;
}

function adviceOf({ environment, token, outcome, fromLink }: Situation): Advice | undefined {
  const [article, name] =
    environment.credential === "token" ? ["a", "CloudTower token"] : ["an", "API key of this gateway"];
  const signIn = (label: string) => ({ label, kind: "signIn" }) as const;
  if (outcome === undefined) {
    if (token === undefined && environment.anonymous === null)
      return { text: `Queries need ${article} ${name}.`, action: signIn("Enter it") };
    if (fromLink) return { text: "This operation came with a link. Read it, then run it with the play button." };
    return { text: "Run the first tab with the play button or Ctrl-Enter. Every field is explained under Docs." };
  }
  const { response, operationName } = outcome;
  if (response === undefined)
    return { text: "The gateway did not respond. It may be restarting: run the operation again." };
  const codes = codesOf(response);
  if (codes.has("UNAUTHENTICATED")) {
    return token === undefined
      ? { text: `Queries need ${article} ${name}.`, action: signIn("Enter it") }
      : { text: `The ${name} was not accepted.`, action: signIn("Enter another") };
  }
  if (codes.has("FORBIDDEN") || codes.has("PERMISSION_DENIED")) {
    const text = "This user may not do that.";
    return environment.users.length > 0 ? { text, action: signIn("Switch user") } : { text };
  }
  if (codes.size > 0) return undefined;
  if (operationName === "TakeASnapshot")
    return { text: "The snapshot is being taken. Tab 3 watches its task.", action: { label: "Tasks", kind: "tasks" } };
  if (operationName === "TheWholeGraph")
    return {
      text: "Tab 2 takes a snapshot. This response is also a picture.",
      action: { label: "Graph", kind: "graph" },
    };
  return undefined;
}

/** Codes of the response's errors, and of those in the payload of a mutation. */
function codesOf({ data, errors = [] }: NonNullable<Outcome["response"]>): ReadonlySet<string> {
  const payloads = Object.values(data ?? {}).flatMap((payload) => {
    const { errors: problems } = (payload ?? {}) as { readonly errors?: unknown };
    return Array.isArray(problems) ? (problems as { readonly code?: unknown }[]) : [];
  });
  return new Set([
    ...errors.map(({ extensions }) => extensions?.code ?? "ERROR"),
    ...payloads.map(({ code }) => String(code)),
  ]);
}
