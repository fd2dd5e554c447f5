/** CloudTower over an undici pool, as the hand-written client and the baseline use it. */
import { Pool } from "undici";
import { entities } from "../src/upstream/wire/contract.js";
import type { Entity, Row, Where } from "../src/upstream/wire/types.js";

/** What a list call takes here. */
export interface ListArguments<E extends Entity> {
  readonly where?: Where<E>;
  readonly orderBy?: string;
  readonly first?: number;
  readonly after?: string | null;
}

/** Longest list of ids in one call; longer ones are split, and the parts asked for side by side. */
export const IDS_PER_CALL = 500;

/** One pool for the process. `address` is the base path, such as `http://127.0.0.1:8080/v2/api`. */
export class UpstreamPool {
  private readonly pool: Pool;
  private readonly basePath: string;

  constructor(address: string) {
    const url = new URL(address);
    this.pool = new Pool(url.origin, { connections: 64 });
    this.basePath = url.pathname;
  }

  /** `get-<plural>`: all rows of one call. Throws on any status but 200. */
  async list<E extends Entity>(entity: E, token: string, listArguments: ListArguments<E>): Promise<Row<E>[]> {
    const { statusCode, body } = await this.pool.request({
      method: "POST",
      path: `${this.basePath}/get-${entities[entity].path}`,
      headers: { "content-type": "application/json", authorization: token },
      body: JSON.stringify(listArguments),
    });
    if (statusCode !== 200) throw new Error(`get-${entities[entity].path}: ${statusCode} ${await body.text()}`);
    return (await body.json()) as Row<E>[];
  }

  /** The rows for many ids, in calls of IDS_PER_CALL side by side. */
  async listByIds<E extends Entity>(
    entity: E,
    token: string,
    ids: readonly string[],
    toArguments: (part: readonly string[]) => ListArguments<E>,
  ): Promise<Row<E>[]> {
    const parts: Promise<Row<E>[]>[] = [];
    for (let start = 0; start < ids.length; start += IDS_PER_CALL) {
      parts.push(this.list(entity, token, toArguments(ids.slice(start, start + IDS_PER_CALL))));
    }
    const pages = await Promise.all(parts);
    return pages.length === 1 ? (pages[0] ?? []) : pages.flat();
  }
}
