import { ErrorCode, TowerError } from "../../kernel/errors.js";
import { chunk } from "../../kernel/group.js";
import { readFittingPage } from "../../upstream/reads.js";
import type { UpstreamSession } from "../../upstream/session.js";
import type { Entity, OrderBy, Row, Where } from "../../upstream/wire/types.js";

/** Maximum number of rows that are read for one batch of ids. */
const MAX_ROWS = 2_000;

/** Rows that name VMs, as objects of the graph. */
export interface Listed<C> {
  readonly byId: ReadonlyMap<string, C>;
  /** By the ids of the VMs that they name. */
  readonly byVm: ReadonlyMap<string, readonly C[]>;
  /** Number of rows that have no id or do not name their VMs, by the ids of the VMs that they may concern. */
  readonly unreadable: ReadonlyMap<string, number>;
}

interface List<E extends Entity, C> {
  readonly entity: E;
  /** Filter for the rows that name one of the VMs. */
  where(vmIds: readonly string[]): object;
  vmsOf(row: Row<E>): readonly ({ readonly id: string } | null | undefined)[] | null | undefined;
  create(row: Row<E>): C;
}

/** The rows of a list that name VMs, with one call for each batch of ids. @throws TowerError if there are more than can be read. */
export async function listedRows<E extends Entity, C>(
  session: UpstreamSession,
  { entity, where, vmsOf, create }: List<E, C>,
  vmIds: readonly string[],
): Promise<Listed<C>> {
  const byId = new Map<string, C>();
  const byVm = new Map<string, Set<C>>();
  const unreadable = new Map<string, number>();
  await Promise.all(
    chunk(vmIds, session.options.idsPerCall).map(async (ids) => {
      const request = {
        where: where(ids) as Where<E>,
        orderBy: "id_ASC" as OrderBy<E>,
        first: Math.min(MAX_ROWS, session.options.rowsPerCall),
      };
      const { rows, first } = await readFittingPage(session, entity, request);
      if (rows.length >= first) throw new TowerError(ErrorCode.UpstreamError, `There are ${first} or more rows.`);
      let odd = 0;
      for (const row of rows) {
        const hasId = typeof row?.id === "string";
        const vms = hasId ? vmsOf(row) : undefined;
        if (!namesVms(vms)) odd += 1;
        if (!hasId) continue;
        const object = byId.get(row.id) ?? create(row);
        byId.set(row.id, object);
        for (const vm of Array.isArray(vms) ? vms : []) {
          if (vm) byVm.set(vm.id, (byVm.get(vm.id) ?? new Set()).add(object));
        }
      }
      if (odd > 0) for (const id of ids) unreadable.set(id, odd);
    }),
  );
  return { byId, byVm: new Map([...byVm].map(([id, objects]) => [id, [...objects]])), unreadable };
}

/**
 * Whether a row names its VMs, each by an id. Of a list that was asked for the rows of certain VMs, a row that does not may concern any of
 * them.
 *
 * @param stubs the VMs, as the row has them.
 */
export function namesVms(stubs: unknown): boolean {
  return Array.isArray(stubs) && stubs.length > 0 && stubs.every(hasId);
}

function hasId(stub: unknown): boolean {
  const id = (stub as { id?: unknown } | null | undefined)?.id;
  return typeof id === "string" && id !== "";
}
