import { badInput } from "../kernel/errors.js";
import { isCloudTowerId, quote } from "../kernel/text/global-id.js";

declare const checked: unique symbol;

/**
 * Ids of the objects that a write affects: at least one.
 *
 * CloudTower takes an empty `where` to match everything. The only way to get a `where` for a write is `WriteTargets.where`, and the
 * only way to get a `WriteTargets` is `WriteTargets.of`, which checks the ids: a write without targets cannot be expressed.
 */
export class WriteTargets {
  declare private readonly [checked]: true;

  private constructor(readonly ids: readonly [string, ...string[]]) {}

  /** @throws TowerError BAD_USER_INPUT for an empty list or a malformed id. */
  static of(ids: readonly string[]): WriteTargets {
    if (!Array.isArray(ids)) throw badInput("The targets of a write must be a list of ids.");
    for (const id of ids as readonly unknown[]) {
      if (typeof id !== "string") throw badInput(`The targets of a write must be CloudTower ids, got a ${typeof id}.`);
      if (!isCloudTowerId(id)) throw badInput(`The targets of a write must be CloudTower ids, got ${quote(id)}.`);
    }
    const [first, ...rest] = ids as readonly string[];
    if (first === undefined) throw badInput("The targets of a write must be at least one id, got none.");
    return new WriteTargets(
      Object.freeze([first, ...new Set(rest.filter((id) => id !== first))]) as [string, ...string[]],
    );
  }

  /** Filter that matches exactly these objects. */
  get where(): WriteWhere {
    return { id_in: this.ids } as unknown as WriteWhere;
  }
}

/** Filter for objects by their ids; only `WriteTargets` creates one. */
export type WriteWhere = { readonly id_in: readonly [string, ...string[]] } & { readonly [checked]: true };

/** Bodies of the writes by endpoint. None takes another kind of filter. */
export interface UpstreamWrites {
  readonly "create-vm-snapshot": { readonly data: readonly object[] };
  readonly "delete-vm-snapshot": { readonly where: WriteWhere };
  readonly "rollback-vm": { readonly where: WriteWhere; readonly data: { readonly snapshot_id: string } };
  readonly "rebuild-vm-from-snapshot": readonly object[];
  readonly "create-consistency-snapshot-group": readonly object[];
  readonly "rollback-consistency-snapshot-group": { readonly where: WriteWhere };
  readonly "delete-consistency-snapshot-group": {
    readonly where: WriteWhere;
    readonly data: { readonly remain_volume_snapshot: boolean };
  };
  readonly "rebuild-vm-volume": readonly object[];
  readonly "add-vm-disk": { readonly where: WriteWhere; readonly data: { readonly vm_disks: MountedDisks } };
  readonly "remove-vm-disk": { readonly where: WriteWhere; readonly data: { readonly disk_ids: WriteTargets["ids"] } };
  readonly "start-vm": { readonly where: WriteWhere };
  readonly "poweroff-vm": { readonly where: WriteWhere };
  readonly "create-label": readonly { readonly key: string; readonly value: string }[];
  readonly "delete-label": { readonly where: WriteWhere };
  readonly "add-labels-to-resources": LabelWrite;
  readonly "remove-labels-from-resources": LabelWrite;
}

/** Labels, and the snapshots that they are put on or taken off: both are filters. */
interface LabelWrite {
  readonly where: WriteWhere;
  readonly data: { readonly vm_snapshots: WriteWhere };
}

/** Volumes to attach: existing ones alone. */
interface MountedDisks {
  readonly mount_disks: readonly object[];
}
