import { createHash } from "node:crypto";
import { LRUCache } from "lru-cache";
import type { Logger } from "pino";
import { ErrorCode } from "../../kernel/errors.js";
import { shorten } from "../../kernel/text/shorten.js";
import { badRequest, Refusal, refusal } from "../messages/refusal.js";
import type { RequestParams } from "../messages/request-params.js";
import type { Safelist } from "./safelist.js";

/** Maximum length of all texts that clients register, in characters. */
const MAX_REGISTERED_CHARACTERS = 8 * 1024 * 1024;
/** A logged text is cut. */
const MAX_LOGGED_CHARACTERS = 200;
/** Longer texts are not registered. */
const MAX_TEXT_CHARACTERS = 50_000;

type TextOrHash = Pick<RequestParams, "query" | "extensions" | "documentId">;

/**
 * Operations that clients send by their hash: Apollo's automatic persisted queries, and those of the safelist.
 *
 * Apollo Server registers texts here after admission, so none is stored that was never admitted.
 */
export class PersistedOperations {
  private readonly texts = new LRUCache<string, string>({
    maxSize: MAX_REGISTERED_CHARACTERS,
    maxEntrySize: MAX_TEXT_CHARACTERS,
    sizeCalculation: (text) => text.length + 1,
  });

  constructor(
    /** Whether clients may register operations. */
    readonly automatic: boolean,
    private readonly safelist: Safelist | undefined,
    private readonly logger: Logger,
  ) {}

  /** Text of the operation that a request names or contains. @throws Refusal if it is unknown, missing or not on the safelist. */
  textOf({ query, extensions, documentId }: TextOrHash): string {
    const id = documentId ?? hashIn(extensions);
    const text = query || (id === undefined ? undefined : this.find(id, documentId !== undefined));
    if (text === undefined) throw badRequest("The request has no query.");
    if (query && this.automatic) checkHash(text, extensions);
    this.checkListed(text);
    return text;
  }

  /** For Apollo Server: text by hash. */
  async get(hash: string): Promise<string | undefined> {
    return this.lookUp(withoutPrefix(hash));
  }

  /** For Apollo Server: registers an admitted text. */
  async set(hash: string, text: string): Promise<void> {
    this.texts.set(withoutPrefix(hash), text);
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
    // Clients of automatic persisted queries match this text, and then send the query.
    throw new Refusal([{ message: "PersistedQueryNotFound", extensions: { code: "PERSISTED_QUERY_NOT_FOUND" } }]);
  }

  private lookUp(id: string): string | undefined {
    return this.safelist?.byId.get(id) ?? this.texts.get(id);
  }

  private checkListed(text: string): void {
    const { safelist } = this;
    if (safelist === undefined || safelist.mode === "allow" || safelist.texts.has(text.trim())) return;
    if (safelist.mode === "enforce") {
      throw refusal(ErrorCode.OperationNotAllowed, "The operation is not on the safelist.");
    }
    const sha256 = createHash("sha256").update(text).digest("hex");
    this.logger.warn({ sha256, operation: shorten(text, MAX_LOGGED_CHARACTERS) }, "operation not on the safelist");
  }
}

/** Apollo Server adds a prefix to the hash. */
function withoutPrefix(key: string): string {
  return key.replace(/^apq:/, "");
}

/** Checks the hash that a text will be registered by. @throws Refusal for an unknown version, or if the hash is not that of the text. */
function checkHash(text: string, extensions: TextOrHash["extensions"]): void {
  const persisted = extensions?.persistedQuery as { version?: unknown } | null | undefined;
  if (persisted === null || persisted === undefined) return;
  if (persisted.version !== 1) throw badRequest("The version of persistedQuery must be 1.");
  if (hashIn(extensions) !== createHash("sha256").update(text).digest("hex")) {
    throw badRequest("persistedQuery.sha256Hash must be the hexadecimal SHA-256 of the query.");
  }
}

function hashIn(extensions: TextOrHash["extensions"]): string | undefined {
  const persisted = extensions?.persistedQuery as { sha256Hash?: unknown } | null | undefined;
  return typeof persisted?.sha256Hash === "string" ? persisted.sha256Hash : undefined;
}
