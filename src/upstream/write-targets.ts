import { badInput } from "../kernel/errors.js";

const ID = /^[\w.-]{1,128}$/;
declare const checked: unique symbol;

/**
 * Objects that a write is for, by their ids: at least one, and each of them an id.
 *
 * Upstream an empty `where` matches everything. The only way to a `where` of a write is `WriteTargets.where`, and the only way to
 * a `WriteTargets` is through its check: a write without targets cannot be expressed.
 */
export class WriteTargets {
  declare private readonly [checked]: true;

  private constructor(readonly ids: readonly [string, ...string[]]) {}

  /** @throws TowerError BAD_USER_INPUT for an empty list and for anything that is no id. */
  static of(ids: readonly string[]): WriteTargets {
    if (!Array.isArray(ids)) throw badInput("expected a list of ids for a write");
    for (const id of ids as readonly unknown[]) {
      if (typeof id !== "string" || !ID.test(id))
        throw badInput("expected ids of CloudTower for a write, got something else");
    }
    const [first, ...rest] = ids as readonly string[];
    if (first === undefined) throw badInput("expected at least one id for a write, got none");
    return new WriteTargets(
      Object.freeze([first, ...new Set(rest.filter((id) => id !== first))]) as [string, ...string[]],
    );
  }

  /** The filter that matches these objects and no others. */
  get where(): WriteWhere {
    return { id_in: this.ids } as unknown as WriteWhere;
  }
}

/** A filter that names objects by their ids; made only by `WriteTargets`. */
export type WriteWhere = { readonly id_in: readonly [string, ...string[]] } & { readonly [checked]: true };

/** The writes of this product, as they go over the wire. None takes a filter of any other making. */
export interface UpstreamWrites {
  readonly "create-vm-snapshot": { readonly data: readonly object[] };
  readonly "delete-vm-snapshot": { readonly where: WriteWhere };
  readonly "rollback-vm": { readonly where: WriteWhere; readonly data: { readonly snapshot_id: string } };
  readonly "rebuild-vm-from-snapshot": readonly object[];
}
