import { Pool } from "undici";
import { entities } from "../src/upstream/wire/contract.js";
import type { Entity, Row, Where } from "../src/upstream/wire/types.js";

/** Arguments of a list call. */
export interface ListArguments<E extends Entity> {
  readonly where?: Where<E>;
  readonly orderBy?: string;
  readonly first?: number;
  readonly after?: string | null;
}

/** Maximum number of ids in one call. Longer lists are split into concurrent calls. */
export const IDS_PER_CALL = 500;

/** Client of CloudTower for the hand-written client and the baseline. `address` is the base URL, such as `http://127.0.0.1:8080/v2/api`. */
export class UpstreamPool {
  private readonly pool: Pool;
  private readonly basePath: string;

  constructor(address: string) {
    const url = new URL(address);
    this.pool = new Pool(url.origin, { connections: 64 });
    this.basePath = url.pathname;
  }

  /** Calls `get-<plural>` and returns its rows. Throws on any status but 200. */
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

  /** Rows for many ids, in concurrent calls with IDS_PER_CALL ids each. */
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
