import type { PageEnvironment } from "../../http/graphiql/environment.js";

/** Reads what the gateway says of itself. Rejects if it does not respond. */
export async function loadEnvironment(): Promise<PageEnvironment> {
  // Relative to `<base>`.
  const response = await fetch(new URL("environment.json", document.baseURI));
  if (!response.ok) throw new Error(`HTTP ${response.status}`);
  return (await response.json()) as PageEnvironment;
}

/** Whether a credential is accepted, as far as is known. */
export type Acceptance = "accepted" | "refused" | "unknown";

/** A read that CloudTower answers only with a valid credential. */
const PROBE = "query Probe { clusters(first: 1) { nodes { id } } }";

/** Tries a credential out. Never rejects. */
export async function tryCredential(url: URL, token: string): Promise<Acceptance> {
  try {
    const response = await fetch(url, {
      method: "POST",
      headers: { "content-type": "application/json", authorization: token },
      body: JSON.stringify({ query: PROBE }),
    });
    const { data, errors = [] } = (await response.json()) as ProbeResult;
    if (errors.some(({ extensions }) => extensions?.code === "UNAUTHENTICATED")) return "refused";
    return data?.clusters ? "accepted" : "unknown";
  } catch {
    return "unknown";
  }
}

interface ProbeResult {
  readonly data?: { readonly clusters?: unknown } | null;
  readonly errors?: readonly { readonly extensions?: { readonly code?: string } }[];
}
