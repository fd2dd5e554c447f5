import { quote } from "../../kernel/text/global-id.js";
import { VmSnapshot } from "../../resources/vm-snapshot/vm-snapshot.type.js";
import type { UpstreamSession, WriteOptions } from "../../upstream/session.js";
import { type MutationError, SnapshotNotFoundError } from "../writes/mutation-errors.js";
import type { WriteResponse } from "../writes/write-calls.js";
import type { Accepted, Completed, Look, WriteKind } from "../writes/write-kind.js";
import { type LabelWrite, sendLabels } from "./label-calls.js";
import type { LeaseState } from "./lease.js";
import { LeaseUnchangedError } from "./lease-errors.js";
import { type LeasedRow, leasedByIds } from "./read-leases.js";

/** A snapshot whose lease is changed. */
export interface LeaseItem {
  /** Bare id. */
  readonly snapshotId: string;
  /** Its VM, whose turn the change takes: a deletion of the snapshot waits for it. Null if that is gone. */
  readonly vmId: string | null;
  /** Whether it was just created, so that CloudTower may not show it yet. @default false */
  readonly isNew?: boolean;
}

/** What became of a change of a lease. */
export interface LeaseOutcome {
  /** The snapshot as it was read after the change; null if that was not possible. */
  readonly snapshot: VmSnapshot | null;
  /** Its lease then. */
  readonly lease: LeaseState | null;
  readonly errors: readonly MutationError[];
}

/** A state that the labels of snapshots are to have. */
export interface LeaseGoal {
  /** Tells this goal from others of the same snapshot. */
  readonly name: string;
  readonly endpoint: LabelWrite;
  isReached(lease: LeaseState): boolean;
  /** Why the change must not be made, if it must not. */
  refusal(lease: LeaseState): MutationError | undefined;
  /** The labels to put on, or to take off. */
  labelIds(leases: readonly LeaseState[]): readonly string[];
}

/** Brings the labels of snapshots into a state. Whatever CloudTower responds, reading them back decides. Lives as long as a call. */
export class LeaseKind implements WriteKind<LeaseItem, LeaseOutcome> {
  readonly isIdempotent = true;
  private readonly seen = new Map<string, LeaseState>();
  /** Snapshots whose labels CloudTower says it did not change. */
  private readonly unchanged = new Set<string>();

  constructor(private readonly goal: LeaseGoal) {}

  /** Whether CloudTower has shown the snapshot to this call. If not, nothing was sent for it. */
  hasSeen(snapshotId: string): boolean {
    return this.seen.has(snapshotId);
  }

  key({ snapshotId }: LeaseItem): string {
    return `${this.goal.name} ${snapshotId}`;
  }

  turn({ snapshotId, vmId }: LeaseItem): string {
    return vmId ?? snapshotId;
  }

  target({ snapshotId, vmId }: LeaseItem): string {
    return vmId === null ? `snapshot ${quote(snapshotId)}` : `VM ${quote(vmId)}`;
  }

  lockTargets({ snapshotId, vmId }: LeaseItem): readonly string[] {
    return vmId === null ? [snapshotId] : [vmId, snapshotId];
  }

  async look(session: UpstreamSession, items: readonly LeaseItem[]) {
    const rows = await this.read(session, items);
    const looks = new Map<string, Look<LeaseOutcome>>();
    for (const item of items) {
      const leased = rows.get(item.snapshotId);
      const refusal = leased && this.goal.refusal(leased.lease);
      if (leased !== undefined && this.goal.isReached(leased.lease)) {
        looks.set(this.key(item), { kind: "there", outcome: outcomeOf(leased), certain: true });
      } else if (refusal !== undefined) looks.set(this.key(item), { kind: "refused", error: refusal });
      else if (leased !== undefined) looks.set(this.key(item), { kind: "absent", note: "" });
      else if (!item.isNew) {
        looks.set(this.key(item), { kind: "refused", error: new SnapshotNotFoundError(item.snapshotId) });
      }
    }
    return looks;
  }

  async send(
    session: UpstreamSession,
    items: readonly [LeaseItem, ...LeaseItem[]],
    options: WriteOptions,
  ): Promise<readonly WriteResponse[]> {
    const snapshotIds = items.map(({ snapshotId }) => snapshotId);
    const labelIds = this.goal.labelIds(snapshotIds.flatMap((id) => this.seen.get(id) ?? []));
    const isChanged = await sendLabels(session, this.goal.endpoint, { labelIds, snapshotIds }, options);
    if (!isChanged) for (const id of snapshotIds) this.unchanged.add(id);
    return [];
  }

  /** A response names labels, not the snapshots that have them: only a read tells. */
  accepted(items: readonly LeaseItem[]) {
    return new Map(items.map((item): [string, Accepted<LeaseOutcome>] => [this.key(item), { note: "" }]));
  }

  async complete(session: UpstreamSession, items: readonly LeaseItem[]) {
    const rows = await this.read(session, items);
    const completed = new Map<string, Completed<LeaseOutcome>>();
    for (const item of items) {
      const leased = rows.get(item.snapshotId);
      if (leased !== undefined && this.goal.isReached(leased.lease)) {
        completed.set(this.key(item), { outcome: outcomeOf(leased), isVisible: true });
      } else if (this.unchanged.has(item.snapshotId)) {
        const outcome = { ...this.failed(item, new LeaseUnchangedError()), ...shown(leased) };
        completed.set(this.key(item), { outcome, isVisible: true });
      }
    }
    return completed;
  }

  failed(_: LeaseItem, error: MutationError): LeaseOutcome {
    return { snapshot: null, lease: null, errors: [error] };
  }

  private async read(session: UpstreamSession, items: readonly LeaseItem[]) {
    const rows = await leasedByIds(
      session,
      items.map(({ snapshotId }) => snapshotId),
    );
    for (const [id, { lease }] of rows) this.seen.set(id, lease);
    return rows;
  }
}

function shown(leased: LeasedRow | undefined) {
  return leased === undefined ? {} : { snapshot: new VmSnapshot(leased.row), lease: leased.lease };
}

function outcomeOf({ row, lease }: LeasedRow): LeaseOutcome {
  return { snapshot: new VmSnapshot(row), lease, errors: [] };
}
