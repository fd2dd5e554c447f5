import { createHash } from "node:crypto";
import type { Texts } from "../coordination.js";
import { LocalTexts, MAX_ALL_CHARACTERS, MAX_TEXT_CHARACTERS } from "../local/local-texts.js";
import type { RedisConnection } from "./redis-connection.js";
import type { RedisKeys } from "./redis-keys.js";
import { ADD_TEXT, GET_TEXT } from "./scripts.js";

/** How long Redis keeps the texts after the last registration. */
const LIFE_MS = 7 * 24 * 3_600_000;

/** Registered operations of all replicas; those used here are also kept here. */
export class RedisTexts implements Texts {
  private readonly local = new LocalTexts();

  constructor(
    private readonly connection: RedisConnection,
    private readonly keys: RedisKeys,
  ) {}

  get(hash: string): string | undefined | Promise<string | undefined> {
    const text = this.local.get(hash);
    if (text !== undefined || !this.connection.isUsable || !/^[\da-f]{64}$/.test(hash)) return text;
    return this.find(hash).catch(() => undefined);
  }

  set(hash: string, text: string): void {
    this.local.set(hash, text);
    if (!this.connection.isUsable || text.length > MAX_TEXT_CHARACTERS) return;
    const keys = [this.keys.one("texts"), this.keys.one("text-order")];
    this.connection.run(ADD_TEXT, keys, [hash, text, MAX_ALL_CHARACTERS, LIFE_MS]).catch(() => {});
  }

  delete(hash: string): boolean {
    return this.local.delete(hash);
  }

  private async find(hash: string): Promise<string | undefined> {
    const text = (await this.connection.run(GET_TEXT, [this.keys.one("texts")], [hash])) as string;
    // Others can write to Redis as well: a hash must not run another text.
    if (createHash("sha256").update(text).digest("hex") !== hash) return undefined;
    this.local.set(hash, text);
    return text;
  }
}
