import { once } from "../../kernel/once.js";
import { type ColumnGuard, Columns } from "../../upstream/columns.js";
import type { Listing } from "../connections/listing.js";
import { columnsOfOrder } from "../connections/order.js";
import type { PageArguments } from "../connections/page-arguments.js";
import { columnsRead } from "../model/column.js";
import type { GraphObjectClass } from "../model/graph-object.js";
import type { ResourceClass } from "../model/resource.js";
import type { ConnectionRelation, EmbeddedRelation, LoadedRelation } from "../relations/relation.js";
import { connectionKey } from "../relations/relation-key.js";
import { stubColumns } from "../relations/stub.js";

/**
 * A set of objects in an operation, all those of one type at one position, and what is selected of them.
 *
 * Selections that lead to the same objects are merged: aliases of a relation, `nodes` and `edges { node }`, and an inverse relation,
 * which leads back to the set above. What is selected of them only there is loaded for the objects that something leads back to.
 * Lives as long as the operation's plan.
 */
export class SelectionPlan {
  readonly embedded: EmbeddedPlan[] = [];
  readonly loaded: RelationPlan[] = [];
  readonly connections: ConnectionPlan[] = [];
  /** How a selected relation leads back to the objects above, which must then be set on each of these. */
  leadsBack: SelectedOf | undefined;
  private readonly fields = new Map<string, SelectedOf>();

  /**
   * @param guard for rows with the selected columns alone, records reads of others; without it rows stay whole.
   * @param above the set that a relation led from, and that its inverse leads back to.
   */
  constructor(
    readonly type: GraphObjectClass,
    private readonly guard: ColumnGuard | undefined,
    readonly above?: { readonly plan: SelectionPlan; readonly inverse: string | undefined },
  ) {}

  /** Adds a field that is no relation. */
  select(field: string, of: SelectedOf): void {
    this.fields.set(field, both(this.fields.get(field), of));
  }

  /** Adds a relation, unless it leads back to the objects above. */
  embed(relation: EmbeddedRelation, of: SelectedOf): EmbeddedPlan {
    return found(this.embedded, of, relation, () => new EmbeddedPlan(relation, this.below(relation)));
  }

  /** Adds a relation, unless it leads back to the objects above. */
  load(relation: LoadedRelation, of: SelectedOf): RelationPlan {
    return found(this.loaded, of, relation, () => new RelationPlan(relation, this.below(relation), this.guard));
  }

  /** Adds a relation with arguments; the same relation with other arguments is another connection. */
  connect(relation: ConnectionRelation, args: PageArguments, of: SelectedOf): ConnectionPlan {
    const key = connectionKey(relation, args);
    let plan = this.connections.find((known) => known.key === key);
    if (plan === undefined) {
      plan = new ConnectionPlan(relation, args, this.below(relation), this.guard);
      this.connections.push(plan);
    }
    plan.of = both(plan.of, of);
    return plan;
  }

  /** The plan of the objects above, if the relation leads back to them. */
  back(field: string, of: SelectedOf): SelectionPlan | undefined {
    if (this.above === undefined || this.above.inverse !== field) return undefined;
    this.leadsBack = both(this.leadsBack, of);
    return this.above.plan;
  }

  /** The fields that are selected of all objects, or of those that are led back to; undefined if a relation is selected. */
  fieldsAlone(of: SelectedOf): readonly string[] | undefined {
    const counts = (selectedOf: SelectedOf | undefined) =>
      selectedOf === "all" || (selectedOf === "ledBackTo" && of === "ledBackTo");
    if (counts(this.leadsBack)) return undefined;
    if ([...this.embedded, ...this.loaded, ...this.connections].some((plan) => counts(plan.of))) return undefined;
    return [...this.fields.keys()].filter((field) => counts(this.fields.get(field)));
  }

  /** Columns of the objects' rows that the selection reads; undefined if a selected field does not declare what it reads. */
  readonly columns = once((): ReadonlySet<string> | undefined => {
    const columns = new Set(["id"]);
    for (const field of this.fields.keys()) {
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

  /** Whether anything below the objects may need a call. */
  readonly hasLoads = once(
    (): boolean =>
      this.connections.length > 0 ||
      this.loaded.some((plan) => plan.stubColumns("ledBackTo")?.length !== 0) ||
      this.embedded.some(({ objects }) => objects.hasLoads()),
  );

  /** Whether something below the objects is selected only of those that are led back to. */
  readonly selectsMoreLedBackTo = once(
    (): boolean =>
      [...this.embedded, ...this.loaded, ...this.connections].some(
        ({ of, objects }) => of === "ledBackTo" || objects.selectsMoreLedBackTo(),
      ) || this.loaded.some((plan) => plan.stubColumns("all")?.length !== plan.stubColumns("ledBackTo")?.length),
  );

  private below({ to, inverse }: { readonly to: GraphObjectClass; readonly inverse?: string }): SelectionPlan {
    return new SelectionPlan(to, this.guard, { plan: this, inverse });
  }
}

/** Of which objects of a set something is selected: of all, or only of those that a relation below leads back to. */
export type SelectedOf = "all" | "ledBackTo";

function both(known: SelectedOf | undefined, of: SelectedOf): SelectedOf {
  return known === "all" ? known : of;
}

/** A selected relation whose objects the parents' rows hold. */
export class EmbeddedPlan {
  /** The parents that it is selected of. */
  of: SelectedOf = "ledBackTo";

  constructor(
    readonly relation: EmbeddedRelation,
    readonly objects: SelectionPlan,
  ) {}
}

/** A selected relation whose objects are loaded. */
export class RelationPlan {
  /** The parents that it is selected of. */
  of: SelectedOf = "ledBackTo";

  constructor(
    readonly relation: LoadedRelation,
    readonly objects: SelectionPlan,
    private readonly guard: ColumnGuard | undefined,
  ) {}

  /**
   * The columns, besides the id, that are read of stubs, if the parents' rows can hold what is selected of the objects: then only those
   * of which a stub lacks a column are loaded. To be asked when the plan is complete.
   *
   * @param of the objects of all parents, or of those that are led back to.
   */
  stubColumns(of: SelectedOf): readonly string[] | undefined {
    return of === "all" ? this.columnsOfAll() : this.columnsLedBackTo();
  }
  private readonly columnsOfAll = once(() => this.columnsOfStubs("all"));
  private readonly columnsLedBackTo = once(() => this.columnsOfStubs("ledBackTo"));

  /** The parents whose objects are loaded, whatever the rows hold. To be asked when the plan is complete. */
  get loadedOf(): SelectedOf | undefined {
    if (this.stubColumns("ledBackTo") !== undefined) return undefined;
    return this.stubColumns("all") === undefined ? this.of : "ledBackTo";
  }

  private columnsOfStubs(of: SelectedOf): readonly string[] | undefined {
    const fields = this.objects.fieldsAlone(of);
    return fields && stubColumns(this.relation, fields);
  }

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
    const ordered = columnsOfOrder(this.listing.orders.ordering(orderBy));
    const key = ordered.join();
    if (!this.columnsByOrder.has(key)) {
      const columns = keptColumns(this.listing.resource, this.objects, [...this.rowColumns, ...ordered], this.guard);
      this.columnsByOrder.set(key, columns);
    }
    return this.columnsByOrder.get(key);
  }
}

/** A selected connection below objects. */
export class ConnectionPlan extends ListPlan {
  /** Where the connection is kept on its parent. */
  readonly key: `@${string}`;
  /** The parents that it is selected of. */
  of: SelectedOf = "ledBackTo";

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

function found<R, P extends { readonly relation: R; of: SelectedOf }>(
  plans: P[],
  of: SelectedOf,
  relation: R,
  create: () => P,
): P {
  let plan = plans.find((known) => known.relation === relation);
  if (plan === undefined) {
    plan = create();
    plans.push(plan);
  }
  plan.of = both(plan.of, of);
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
