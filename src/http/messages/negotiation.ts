import Negotiator from "negotiator";
import type { Language } from "../../upstream/client/upstream-client.js";

/** Media types of responses. */
export const JSON_TYPE = "application/json";
export const GRAPHQL_TYPE = "application/graphql-response+json";
export const EVENT_STREAM = "text/event-stream";

/** What a client accepts. */
export interface AcceptedTypes {
  /** JSON type to respond with; undefined if the client accepts none. */
  readonly json: typeof JSON_TYPE | typeof GRAPHQL_TYPE | undefined;
  /** Whether the client asks for a stream of events by name. */
  readonly stream: boolean;
}

/** Ranges that a client may write for plain JSON. */
const JSON_RANGES = [JSON_TYPE, "application/*", "*/*"];

/** Reads an Accept header. A missing one accepts everything; a wildcard stands for plain JSON. */
export function acceptedTypes(accept: string | undefined): AcceptedTypes {
  if (accept === undefined || accept.trim() === "") return { json: JSON_TYPE, stream: false };
  const types = mediaRanges(accept);
  const json = types.find((type) => type === GRAPHQL_TYPE || JSON_RANGES.includes(type));
  return {
    json: json === undefined || json === GRAPHQL_TYPE ? json : JSON_TYPE,
    stream: types.includes(EVENT_STREAM),
  };
}

/**
 * Whether a client wants HTML more than any type the API responds with. A browser's address bar sends `text/html` first; curl and
 * GraphQL clients send a wildcard or JSON, and get the API.
 */
export function prefersHtml(accept: string | undefined): boolean {
  const named = ["text/html", JSON_TYPE, GRAPHQL_TYPE, EVENT_STREAM, "multipart/mixed"];
  return mediaRanges(accept ?? "").find((type) => named.includes(type)) === "text/html";
}

/** Compression for a client: brotli unless it prefers gzip; undefined if it accepts neither. */
export function compressionFor(acceptEncoding: string | undefined): "br" | "gzip" | undefined {
  // Its published types lack the second argument.
  const negotiator = new Negotiator({
    headers: { "accept-encoding": acceptEncoding },
  }) as unknown as EncodingNegotiator;
  return negotiator.encoding(["br", "gzip"], { preferred: ["br", "gzip"] });
}

interface EncodingNegotiator {
  encoding<T extends string>(available: readonly T[], options: { readonly preferred: readonly T[] }): T | undefined;
}

/** The language of CloudTower's texts that suits an Accept-Language header best; English by default. */
export function languageFor(acceptLanguage: string | undefined): Language {
  const tags = new Negotiator({ headers: { "accept-language": acceptLanguage ?? "" } }).languages();
  return /^zh/i.test(tags.find((tag) => /^(zh|en)\b/i.test(tag)) ?? "") ? "zh-CN" : "en-US";
}

/** Media ranges with a weight above 0 without their parameters, best first; of equal weight in the client's order. */
function mediaRanges(accept: string): readonly string[] {
  return new Negotiator({ headers: { accept } }).mediaTypes().map((type) => type.toLowerCase());
}
