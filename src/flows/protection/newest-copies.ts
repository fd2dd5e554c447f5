import { chunk } from "../../kernel/group.js";
import { ColumnGuard, Columns } from "../../upstream/columns.js";
import { readFittingPage } from "../../upstream/reads.js";
import type { UpstreamSession } from "../../upstream/session.js";
import type { OrderBy, Row, Where } from "../../upstream/wire/types.js";
import { copyTime } from "./copy-time.js";
import { namesVms } from "./listed-rows.js";

/** Lists of copies, whose rows name their VM and their time. */
export type CopyEntity = "VmSnapshot" | "BackupRestorePoint";

/** What a list tells of the copies of one VM. */
export interface Copies<E extends CopyEntity> {
  /** The newest copy that can be used and has a time. */
  newest?: { readonly row: Row<E>; readonly at: number };
  /** Ids of the VM's rows, also of those that cannot be used. */
  readonly listedIds: Set<string>;
  /** Whether the list goes on beyond the rows that were read. */
  hasMore: boolean;
  /** Number of rows that were read and name no VM: each may be a copy of this one. */
  unreadable: number;
  /** Number of copies whose time is missing, or cannot be read. */
  undated: number;
  /** Number of copies from the future. */
  future: number;
  /** Number of copies in a state that this version does not know. */
  strange: number;
  /**
   * Set if the list is too long to be read to the VM's newest copy: the time of the oldest row that was read, in ms since 1970; infinite if
   * none has a time. A copy of the VM is older than that.
   */
  cutOffAt?: number;
}

/** How a row counts: as a copy, as none (yet), or nobody knows. */
export type Usability = "usable" | "unusable" | "strange";

interface CopyList<E extends CopyEntity> {
  readonly entity: E;
  /** Columns of the rows that are kept. */
  readonly columns: readonly (keyof Row<E> & string)[];
  usability(row: Row<E>): Usability;
}

/** Rows of one response: enough for the newest copies of 500 VMs, if these are copied about as often as each other. */
const ROWS_PER_PAGE = 2_000;

/**
 * Looks for the newest copies of VMs: with one call for each batch of ids, and then one more for those VMs of which the newest rows of the
 * list have none.
 */
export class NewestCopies<E extends CopyEntity> {
  /** What is known so far, with an entry for each VM. */
  readonly found: ReadonlyMap<string, Copies<E>>;
  private readonly session: UpstreamSession;
  /** VMs whose newest copy may be beyond the rows that were read, by batch. */
  private rest: readonly (readonly string[])[];

  constructor(
    session: UpstreamSession,
    private readonly list: CopyList<E>,
    vmIds: readonly string[],
    private readonly now: number,
  ) {
    const names = new Set(["id", "vm", "local_created_at", ...list.columns]);
    this.session = session.withColumns(new Columns(list.entity, names, new ColumnGuard()));
    this.found = new Map(vmIds.map((id) => [id, noCopies()]));
    this.rest = chunk(vmIds, session.options.idsPerCall);
  }

  /** The first round of calls. */
  async readFirst(): Promise<void> {
    this.rest = await Promise.all(this.rest.map((ids) => this.read(ids, false)));
  }

  /** The second round; without a call if the first one has read everything. */
  async readRest(): Promise<void> {
    this.rest = await Promise.all(this.rest.filter(({ length }) => length > 0).map((ids) => this.read(ids, true)));
  }

  /** Reads one page, newest first. @returns the VMs whose newest copy may be beyond it. */
  private async read(ids: readonly string[], isLast: boolean): Promise<readonly string[]> {
    const { session, list, found, now } = this;
    const where = { vm: { id_in: ids } } as unknown as Where<E>;
    const orderBy = "local_created_at_DESC" as OrderBy<E>;
    const first = Math.min(ROWS_PER_PAGE, session.options.rowsPerCall);
    const page = await readFittingPage(session, list.entity, { where, orderBy, first });
    const hasMore = page.rows.length >= page.first;
    const unreadable = page.rows.filter((row) => !namesVms([row?.vm])).length;
    // The second page has again the rows of a VM that has only odd ones: they count once.
    for (const id of ids) {
      Object.assign(found.get(id) ?? {}, { hasMore, unreadable, undated: 0, future: 0, strange: 0 });
    }
    const oldestAt = addRows(list, page.rows, ids, found, now);
    if (!hasMore) return [];
    const rest = ids.filter((id) => found.get(id)?.newest === undefined || oldestAt === undefined);
    if (isLast) {
      for (const id of rest) Object.assign(found.get(id) ?? {}, { cutOffAt: oldestAt ?? Number.POSITIVE_INFINITY });
    }
    return rest;
  }
}

/** For a VM of which a list has no row. */
export function noCopies<E extends CopyEntity>(): Copies<E> {
  return { listedIds: new Set(), hasMore: false, unreadable: 0, undated: 0, future: 0, strange: 0 };
}

/**
 * Adds the rows of a page to what is known of their VMs.
 *
 * @returns the oldest time of the page; undefined if its rows were not sent newest first, so that it says nothing of what is beyond.
 */
function addRows<E extends CopyEntity>(
  list: CopyList<E>,
  rows: readonly Row<E>[],
  ids: readonly string[],
  found: ReadonlyMap<string, Copies<E>>,
  now: number,
): number | undefined {
  const wanted = new Set(ids);
  let previous = Number.POSITIVE_INFINITY;
  let isSorted = true;
  for (const row of rows) {
    if (typeof row !== "object" || row === null) continue;
    const at = copyTime(row.local_created_at, now);
    if (typeof at === "number") {
      if (at > previous) isSorted = false;
      previous = Math.min(previous, at);
    }
    const id = row.vm?.id;
    const copies = id !== undefined && wanted.has(id) ? found.get(id) : undefined;
    if (copies === undefined) continue;
    copies.listedIds.add(row.id);
    const usability = list.usability(row);
    if (usability === "unusable") continue;
    if (usability === "strange") copies.strange += 1;
    else if (typeof at === "string") copies[at] += 1;
    else if (at > (copies.newest?.at ?? Number.NEGATIVE_INFINITY)) copies.newest = { row, at };
  }
  return isSorted ? previous : undefined;
}
