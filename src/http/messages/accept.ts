/** Media types of answers. */
export const JSON_TYPE = "application/json";
export const GRAPHQL_TYPE = "application/graphql-response+json";
export const EVENT_STREAM = "text/event-stream";

/** What a client accepts, best first for JSON. */
export interface Accepted {
  /** The JSON type to answer with; undefined where the client takes no JSON. */
  readonly json: typeof JSON_TYPE | typeof GRAPHQL_TYPE | undefined;
  /** Whether the client takes a stream of events. */
  readonly stream: boolean;
}

/** Reads an Accept header; without one everything is accepted. */
export function acceptedOf(header: string | undefined): Accepted {
  if (header === undefined || header.trim() === "") return { json: JSON_TYPE, stream: false };
  const weights = new Map<string, number>();
  for (const range of header.split(",")) {
    const [type = "", ...parameters] = range.split(";").map((part) => part.trim().toLowerCase());
    const charset = parameters.find((parameter) => parameter.startsWith("charset="));
    if (charset !== undefined && !/^charset="?utf-?8"?$/.test(charset)) continue;
    const q = parameters.find((parameter) => parameter.startsWith("q="));
    weights.set(type, q === undefined ? 1 : Number(q.slice(2)) || 0);
  }
  const any = Math.max(weights.get("application/*") ?? 0, weights.get("*/*") ?? 0);
  const plain = weights.get(JSON_TYPE) ?? any;
  const graphql = weights.get(GRAPHQL_TYPE) ?? 0;
  return {
    json: graphql > 0 && graphql >= plain ? GRAPHQL_TYPE : plain > 0 ? JSON_TYPE : undefined,
    stream: (weights.get(EVENT_STREAM) ?? 0) > 0,
  };
}
