import { once } from "../../kernel/once.js";
import { type ColumnGuard, Columns } from "../../upstream/columns.js";
import type { Listing } from "../connections/listing.js";
import type { PageArguments } from "../connections/page-arguments.js";
import { columnsRead } from "../model/column.js";
import type { GraphObjectClass } from "../model/graph-object.js";
import type { ResourceClass } from "../model/resource.js";
import type { ConnectionRelation, EmbeddedRelation, LoadedRelation } from "../relations/relation.js";
import { connectionKey } from "../relations/relation-key.js";

/**
 * A set of objects in an operation, all those of one type at one position, and what is selected of them.
 *
 * Selections that lead to the same objects are merged: aliases of a relation, `nodes` and `edges { node }`, and an inverse relation,
 * which leads back to the set above. Lives as long as the operation's plan.
 */
export class SelectionPlan {
  readonly embedded: EmbeddedPlan[] = [];
  readonly loaded: RelationPlan[] = [];
  readonly connections: ConnectionPlan[] = [];
  /** True if a selected relation leads back to the objects above: they must then be set on each of these. */
  leadsBack = false;
  private readonly fields = new Set<string>();

  /**
   * @param guard for rows with the selected columns alone, records reads of others; without it rows stay whole.
   * @param above the set that a relation led from, and that its inverse leads back to.
   */
  constructor(
    readonly type: GraphObjectClass,
    private readonly guard: ColumnGuard | undefined,
    private readonly above?: { readonly plan: SelectionPlan; readonly inverse: string | undefined },
  ) {}

  /** Adds a field that is no relation. */
  select(field: string): void {
    this.fields.add(field);
  }

  /** Adds a relation; returns the plan of the objects that it leads to. */
  embed(relation: EmbeddedRelation): SelectionPlan {
    return (
      this.back(relation.field) ??
      found(this.embedded, relation, () => ({ relation, objects: this.below(relation) })).objects
    );
  }

  /** Adds a relation; returns the plan of the objects that it leads to, and whether the parents' stubs suffice for them. */
  load(relation: LoadedRelation): Pick<RelationPlan, "objects" | "stubSuffices"> {
    const back = this.back(relation.field);
    if (back !== undefined) return { objects: back, stubSuffices: false };
    return found(this.loaded, relation, () => new RelationPlan(relation, this.below(relation), this.guard));
  }

  /** Adds a relation with arguments; the same relation with other arguments is another connection. */
  connect(relation: ConnectionRelation, args: PageArguments): ConnectionPlan {
    const key = connectionKey(relation, args);
    const known = this.connections.find((plan) => plan.key === key);
    if (known !== undefined) return known;
    const plan = new ConnectionPlan(relation, args, this.below(relation), this.guard);
    this.connections.push(plan);
    return plan;
  }

  /** Whether only these fields are selected, and no relation. */
  selectsOnly(fields: ReadonlySet<string>): boolean {
    if (this.leadsBack || this.embedded.length + this.loaded.length + this.connections.length > 0) return false;
    for (const field of this.fields) if (!fields.has(field)) return false;
    return true;
  }

  /** Columns of the objects' rows that the selection reads; undefined if a selected field does not declare what it reads. */
  readonly columns = once((): ReadonlySet<string> | undefined => {
    const columns = new Set(["id"]);
    for (const field of this.fields) {
      const read = columnsRead(this.type, field);
      if (read === undefined) return undefined;
      for (const column of read) columns.add(column);
    }
    for (const { relation } of [...this.embedded, ...this.loaded, ...this.connections]) {
      for (const column of relation.parentColumns) columns.add(column);
    }
    // Embedded objects read the row that they arrived in.
    for (const { objects } of this.embedded) {
      const read = objects.columns();
      if (read === undefined) return undefined;
      for (const column of read) columns.add(column);
    }
    return columns;
  });

  /** Whether anything below the objects needs a call. */
  readonly hasLoads = once(
    (): boolean =>
      this.connections.length > 0 ||
      this.loaded.some((plan) => !plan.stubSuffices) ||
      this.embedded.some(({ objects }) => objects.hasLoads()),
  );

  private back(field: string): SelectionPlan | undefined {
    if (this.above === undefined || this.above.inverse !== field) return undefined;
    this.leadsBack = true;
    return this.above.plan;
  }

  private below({ to, inverse }: { readonly to: GraphObjectClass; readonly inverse?: string }): SelectionPlan {
    return new SelectionPlan(to, this.guard, { plan: this, inverse });
  }
}

/** A selected relation whose objects the parents' rows hold. */
export interface EmbeddedPlan {
  readonly relation: EmbeddedRelation;
  readonly objects: SelectionPlan;
}

/** A selected relation whose objects are loaded. */
export class RelationPlan {
  constructor(
    readonly relation: LoadedRelation,
    readonly objects: SelectionPlan,
    private readonly guard: ColumnGuard | undefined,
  ) {}

  /** Whether the parents' rows hold all that is selected: then nothing is loaded. To be asked when the plan is complete. */
  get stubSuffices(): boolean {
    return this.suffices();
  }
  private readonly suffices = once(() => {
    const { stub } = this.relation;
    return stub !== undefined && this.objects.selectsOnly(stub.fields);
  });

  /** Columns to keep of the objects' rows; undefined for all. */
  readonly columns = once((): Columns | undefined => {
    const { to, rowColumns } = this.relation;
    return rowColumns && keptColumns(to, this.objects, rowColumns, this.guard);
  });
}

/** A list that is selected, with its arguments; at the root of an operation or below objects. */
export class ListPlan {
  /** True if `totalCount` is selected. */
  withCount = false;
  private readonly columnsByOrder = new Map<string, Columns | undefined>();

  constructor(
    readonly listing: Listing,
    readonly objects: SelectionPlan,
    private readonly guard: ColumnGuard | undefined,
    private readonly rowColumns: readonly string[] = [],
  ) {}

  /** Columns to keep of the objects' rows, which a cursor reads as well; undefined for all. */
  columns({ orderBy }: PageArguments): Columns | undefined {
    const { field } = this.listing.orders.ordering(orderBy);
    if (!this.columnsByOrder.has(field)) {
      const columns = keptColumns(this.listing.resource, this.objects, [...this.rowColumns, field], this.guard);
      this.columnsByOrder.set(field, columns);
    }
    return this.columnsByOrder.get(field);
  }
}

/** A selected connection below objects. */
export class ConnectionPlan extends ListPlan {
  /** Where the connection is kept on its parent. */
  readonly key: `@${string}`;

  constructor(
    readonly relation: ConnectionRelation,
    readonly args: PageArguments,
    objects: SelectionPlan,
    guard: ColumnGuard | undefined,
  ) {
    super(relation.listing, objects, guard, relation.rowColumns);
    this.key = connectionKey(relation, args);
  }
}

function found<R, P extends { readonly relation: R }>(plans: P[], relation: R, create: () => P): P {
  const known = plans.find((plan) => plan.relation === relation);
  if (known !== undefined) return known;
  const plan = create();
  plans.push(plan);
  return plan;
}

function keptColumns(
  type: GraphObjectClass,
  objects: SelectionPlan,
  others: readonly string[],
  guard: ColumnGuard | undefined,
): Columns | undefined {
  const { entity } = type as Partial<ResourceClass>;
  const selected = guard && entity && objects.columns();
  if (guard === undefined || entity === undefined || selected === undefined) return undefined;
  return new Columns(entity, new Set([...selected, ...others]), guard);
}
