import { createHash } from "node:crypto";
import { LRUCache } from "lru-cache";
import type { Logger } from "pino";
import { ErrorCode } from "../../kernel/errors.js";
import { badRequest, Refusal, refusal } from "../messages/refusal.js";
import type { RequestParams } from "../messages/request-params.js";
import type { Safelist } from "./safelist.js";

/** Texts that clients registered, and the longest that can be. */
const KEPT_TEXTS = 1_000;
const KEPT_CHARACTERS = 50_000;

type Named = Pick<RequestParams, "query" | "extensions" | "documentId">;

/**
 * Operations that clients send by their hash: Apollo's automatic persisted queries, and those of the safelist.
 *
 * It is the store that Apollo Server registers them in, so it holds nothing that was not admitted once.
 */
export class PersistedOperations {
  private readonly texts = new LRUCache<string, string>({ max: KEPT_TEXTS });

  constructor(
    /** Whether clients may register operations. */
    readonly automatic: boolean,
    private readonly safelist: Safelist | undefined,
    private readonly logger: Logger,
  ) {}

  /** The text of the operation that a request names or holds. @throws Refusal where there is none, or where it may not be run. */
  textOf({ query, extensions, documentId }: Named): string {
    const named = documentId ?? hashIn(extensions);
    const text = query || (named === undefined ? undefined : this.find(named, documentId !== undefined));
    if (text === undefined) throw badRequest("expected a query, got none");
    if (query && this.automatic) checkHash(text, extensions);
    this.checkListed(text);
    return text;
  }

  /** For Apollo Server: the text behind a hash. */
  async get(hash: string): Promise<string | undefined> {
    return this.lookUp(withoutPrefix(hash));
  }

  /** For Apollo Server: registers a text that was admitted. */
  async set(hash: string, text: string): Promise<void> {
    if (text.length <= KEPT_CHARACTERS) this.texts.set(withoutPrefix(hash), text);
  }

  /** For Apollo Server. */
  async delete(hash: string): Promise<boolean> {
    return this.texts.delete(withoutPrefix(hash));
  }

  private find(id: string, isDocumentId: boolean): string {
    const text = this.lookUp(id);
    if (text !== undefined) return text;
    if (!isDocumentId && !this.automatic) {
      throw new Refusal([
        { message: "PersistedQueryNotSupported", extensions: { code: "PERSISTED_QUERY_NOT_SUPPORTED" } },
      ]);
    }
    // Clients of automatic persisted queries know these very words, and then send the text.
    throw new Refusal([{ message: "PersistedQueryNotFound", extensions: { code: "PERSISTED_QUERY_NOT_FOUND" } }]);
  }

  private lookUp(id: string): string | undefined {
    return this.safelist?.byId.get(id) ?? this.texts.get(id);
  }

  private checkListed(text: string): void {
    const { safelist } = this;
    if (safelist === undefined || safelist.mode === "allow" || safelist.texts.has(text.trim())) return;
    if (safelist.mode === "enforce") {
      throw refusal(ErrorCode.OperationNotAllowed, "expected an operation of the safelist, got another");
    }
    const sha256 = createHash("sha256").update(text).digest("hex");
    this.logger.warn({ sha256, operation: text.slice(0, 200) }, "an operation is not on the safelist");
  }
}

/** Apollo Server puts its own word before the hash. */
function withoutPrefix(key: string): string {
  return key.replace(/^apq:/, "");
}

/** What is registered must be found again. @throws Refusal for a version that is not known, and for another text's hash. */
function checkHash(text: string, extensions: Named["extensions"]): void {
  const persisted = extensions?.persistedQuery as { version?: unknown } | null | undefined;
  if (persisted === null || persisted === undefined) return;
  if (persisted.version !== 1) throw badRequest("expected version 1 of persisted queries, got another");
  if (hashIn(extensions) !== createHash("sha256").update(text).digest("hex")) {
    throw badRequest("expected the SHA-256 of the query's text in hexadecimal digits, got another");
  }
}

function hashIn(extensions: Named["extensions"]): string | undefined {
  const persisted = extensions?.persistedQuery as { sha256Hash?: unknown } | null | undefined;
  return typeof persisted?.sha256Hash === "string" ? persisted.sha256Hash : undefined;
}
