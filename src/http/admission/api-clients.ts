import { createHash, createHmac, randomBytes } from "node:crypto";
import type { Logger } from "pino";
import { asError } from "../../kernel/errors.js";
import { type ClientDefinition, readClientsFile } from "./clients-file.js";
import type { Role } from "./roles.js";

/** The client that an API key identifies. */
export interface ApiClient {
  /** Its name in limits and logs, which does not reveal its key. */
  readonly client: string;
  /** Its name in metrics. */
  readonly label: string;
  readonly role: Role;
  /** When the key is no longer accepted, in milliseconds since 1970. @default never */
  readonly expiresAt?: number;
}

/** Options for `ApiClients`. */
export interface ApiClientsOptions {
  /** Keys with the role `admin`. */
  readonly keys: readonly string[];
  /** The file that defines clients. @default there is none */
  readonly path?: string;
  readonly logger: Logger;
}

/** Name in metrics of all clients with a key that is not in the file. */
const UNNAMED = "api-key";
/** Longest delay of a timer. */
const MAX_TIMER_MS = 2_147_483_647;

/**
 * The clients of a gateway in service mode, by their API keys. Lives as long as the process.
 *
 * A key is looked up under a keyed hash whose key nobody knows, so that the time of a look-up says nothing about the keys that exist.
 */
export class ApiClients {
  private readonly secret = randomBytes(32);
  private clients: ReadonlyMap<string, ApiClient>;
  private expiry: NodeJS.Timeout | undefined;
  /** Is called when keys may no longer be accepted: after the file was read again, and when one expires. */
  onRevoked: () => void = () => {};

  /** @throws Error if the file has a mistake; its message is a sentence for the operator. */
  constructor(private readonly options: ApiClientsOptions) {
    this.clients = this.read();
    this.watchExpiry();
  }

  /** The client with a key, also if it has expired; undefined if there is none. */
  find(key: string): ApiClient | undefined {
    return this.clients.get(this.indexOf(sha256(key)));
  }

  /** Reads the file again. One with a mistake is logged and changes nothing. Never throws. */
  reload(): void {
    const { path, logger } = this.options;
    if (path === undefined) return;
    try {
      this.clients = this.read();
      logger.info({ clients: this.clients.size }, "clients were read again");
    } catch (error) {
      logger.error({ path, reason: asError(error).message }, "clients were not read again: the earlier ones stay");
      return;
    }
    this.watchExpiry();
    this.onRevoked();
  }

  /** Stops waiting for keys to expire. Safe to call twice. */
  stop(): void {
    clearTimeout(this.expiry);
  }

  private read(): ReadonlyMap<string, ApiClient> {
    const { keys, path, logger } = this.options;
    const clients = new Map<string, ApiClient>();
    for (const key of keys) {
      const hash = sha256(key);
      const name = Buffer.from(hash, "hex").toString("base64url").slice(0, 16);
      clients.set(this.indexOf(hash), { client: `key ${name}`, label: UNNAMED, role: "admin" });
    }
    const definitions = path === undefined ? [] : readClientsFile(path);
    for (const definition of definitions) {
      const index = this.indexOf(definition.keySha256);
      if (clients.has(index)) {
        throw new Error(
          `CLIENTS_FILE ${path} has a key of API_KEYS, which has the role admin: client ${definition.name}.`,
        );
      }
      clients.set(index, clientOf(definition));
    }
    const expired = definitions.filter(isExpired).map(({ name }) => name);
    if (expired.length > 0) logger.warn({ clients: expired }, "the keys of these clients have expired");
    return clients;
  }

  private watchExpiry(): void {
    clearTimeout(this.expiry);
    const now = Date.now();
    const times = [...this.clients.values()].flatMap(({ expiresAt }) => expiresAt ?? []).filter((time) => time > now);
    if (times.length === 0) return;
    const pauseMs = Math.min(Math.min(...times) - now, MAX_TIMER_MS);
    this.expiry = setTimeout(() => {
      this.onRevoked();
      this.watchExpiry();
    }, pauseMs);
    this.expiry.unref();
  }

  private indexOf(hash: string): string {
    return createHmac("sha256", this.secret).update(hash).digest("base64");
  }
}

/** Whether a key is no longer accepted. */
export function isExpired({ expiresAt }: Pick<ApiClient, "expiresAt">): boolean {
  return expiresAt !== undefined && expiresAt <= Date.now();
}

function clientOf({ name, role, expiresAt }: ClientDefinition): ApiClient {
  return { client: `client ${name}`, label: name, role, expiresAt };
}

function sha256(key: string): string {
  return createHash("sha256").update(key).digest("hex");
}
