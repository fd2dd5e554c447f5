import { createHash } from "node:crypto";
import type { Logger } from "pino";
import type { Texts } from "../../coordination/coordination.js";
import { ErrorCode } from "../../kernel/errors.js";
import { shorten } from "../../kernel/text/shorten.js";
import { badRequest, Refusal, refusal } from "../messages/refusal.js";
import type { RequestParams } from "../messages/request-params.js";
import type { Safelist } from "./safelist.js";

/** A logged text is cut. */
const MAX_LOGGED_CHARACTERS = 200;

type TextOrHash = Pick<RequestParams, "query" | "extensions" | "documentId">;

/**
 * Operations that clients send by their hash: Apollo's automatic persisted queries, and those of the safelist.
 *
 * Apollo Server registers texts here after admission, so none is stored that was never admitted.
 */
export class PersistedOperations {
  constructor(
    /** Whether clients may register operations. */
    readonly automatic: boolean,
    private readonly safelist: Safelist | undefined,
    /** What clients register. */
    private readonly texts: Texts,
    private readonly logger: Logger,
  ) {}

  /**
   * Text of the operation that a request names or contains; a promise if other replicas may know it.
   *
   * @throws Refusal if it is unknown, missing or not on the safelist.
   */
  textOf(request: TextOrHash): string | Promise<string> {
    const { query, extensions, documentId } = request;
    const id = query ? undefined : (documentId ?? hashIn(extensions));
    const found = id === undefined ? undefined : this.lookUp(id);
    return found instanceof Promise ? found.then((text) => this.checked(request, text)) : this.checked(request, found);
  }

  private checked({ query, extensions, documentId }: TextOrHash, found: string | undefined): string {
    const id = documentId ?? hashIn(extensions);
    const text = query || (id === undefined ? undefined : (found ?? this.unknown(documentId !== undefined)));
    if (text === undefined) throw badRequest("The request has no query.");
    if (query && this.automatic) checkHash(text, extensions);
    this.checkListed(text);
    return text;
  }

  /** For Apollo Server: text by hash. */
  async get(hash: string): Promise<string | undefined> {
    return await this.lookUp(withoutPrefix(hash));
  }

  /** For Apollo Server: registers an admitted text. */
  async set(hash: string, text: string): Promise<void> {
    this.texts.set(withoutPrefix(hash), text);
  }

  /** For Apollo Server. */
  async delete(hash: string): Promise<boolean> {
    return this.texts.delete(withoutPrefix(hash));
  }

  /** @throws Refusal always. */
  private unknown(isDocumentId: boolean): never {
    if (!isDocumentId && !this.automatic) {
      throw new Refusal([
        { message: "PersistedQueryNotSupported", extensions: { code: "PERSISTED_QUERY_NOT_SUPPORTED" } },
      ]);
    }
    // Clients of automatic persisted queries match this text, and then send the query.
    throw new Refusal([{ message: "PersistedQueryNotFound", extensions: { code: "PERSISTED_QUERY_NOT_FOUND" } }]);
  }

  private lookUp(id: string): string | undefined | Promise<string | undefined> {
    return this.safelist?.byId.get(id) ?? (this.automatic ? this.texts.get(id) : undefined);
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
