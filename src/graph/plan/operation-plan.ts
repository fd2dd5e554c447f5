import {
  type FieldNode,
  type GraphQLCompositeType,
  type GraphQLField,
  type GraphQLObjectType,
  type GraphQLResolveInfo,
  getArgumentValues,
  getNamedType,
  isObjectType,
  type OperationDefinitionNode,
  SchemaMetaFieldDef,
  TypeMetaFieldDef,
} from "graphql";
import type { ColumnGuard } from "../../upstream/columns.js";
import type { Listing } from "../connections/listing.js";
import type { GraphObject, GraphObjectClass } from "../model/graph-object.js";
import type { RelationRegistry } from "../relations/relation-registry.js";
import { type CoercedOperation, collectSelectedFields } from "./collect-fields.js";
import { Bailout, type Complete, type OutputContext, type OutputPlan, plain } from "./output-plan.js";
import { Planner } from "./planner.js";
import { ListPlan, type SelectionPlan } from "./selection-plan.js";

/** What a root field leads to, as the schema's `extensions.leadsTo` says; absent for one that is not of the graph. */
export type RootTarget =
  | { readonly listing: Listing }
  | { readonly type: GraphObjectClass }
  /** The types of the objects that the arguments name. */
  | { readonly typesOf: (args: Arguments) => readonly GraphObjectClass[] };

/** Calls that finding the objects of a root field takes at most, as the schema's `extensions.lookupCalls` says. @default 1 */
export type LookupCalls = (args: Arguments) => number;

type Arguments = Readonly<Record<string, unknown>>;

/** How a query is executed: what its root fields load and what they write. Lives as long as the document. */
export interface OperationPlan {
  readonly roots: readonly PlannedRoot[];
  /** Why graphql-js must execute the operation; undefined if the plan does. */
  readonly bailout: string | undefined;
  /** Whether all its fields read the schema. */
  readonly isIntrospection: boolean;
  /** Size of the plan, in fields of the result. */
  readonly weight: number;
}

/** Plans a query, in a step for each root field. */
export function* planOperation(
  operation: CoercedOperation,
  node: OperationDefinitionNode,
  registry: RelationRegistry,
  guard: ColumnGuard,
): Generator<void, OperationPlan> {
  const planner = new Planner(operation, registry, guard);
  const query = operation.schema.getQueryType() as GraphQLObjectType;
  const roots: PlannedRoot[] = [];
  let readsSchema = false;
  for (const [responseName, nodes] of planner.rootFields(query, node)) {
    const name = nodes[0]?.name.value ?? "";
    const definition = query.getFields()[name];
    const meta = META_FIELDS.find((field) => field.name === name);
    if (responseName === "__proto__") planner.impossible("a response name is __proto__");
    else if (name === "__typename") roots.push(typenameRoot(responseName, query));
    else if (definition !== undefined)
      roots.push(new RootPlan(planner, operation, { responseName, nodes, definition }));
    else if (meta !== undefined) {
      readsSchema = true;
      roots.push(metaRoot(planner, operation, { responseName, nodes, definition: meta }));
    }
    yield;
  }
  const lazyFields = roots.some((root) => root instanceof RootPlan && root.isLazy) ? MAX_LAZY_FIELDS : 0;
  const isIntrospection = readsSchema && roots.every((root) => !(root instanceof RootPlan));
  return { roots, isIntrospection, bailout: planner.bailout, weight: 1 + planner.fieldCount + lazyFields };
}

/** What `node` may come to: it is planned for each type that it leads to, when it does. */
const MAX_LAZY_FIELDS = 1_000;

/** How one root field is resolved and written. */
export interface PlannedRoot {
  readonly responseName: string;
  resolve(variableValues: Readonly<Record<string, unknown>>, context: unknown): Promise<unknown>;
  /** Writes the field's value. */
  readonly complete: Complete;
}

function typenameRoot(responseName: string, { name }: GraphQLObjectType): PlannedRoot {
  return { responseName, resolve: async () => name, complete: (value) => value };
}

/** Fields of every schema's query type. */
const META_FIELDS = [SchemaMetaFieldDef, TypeMetaFieldDef];

/** A field that reads the schema. */
function metaRoot(
  planner: Planner,
  operation: CoercedOperation,
  { responseName, nodes, definition }: RootSelection,
): PlannedRoot {
  return {
    responseName,
    async resolve(variableValues, context) {
      const args = getArgumentValues(definition, nodes[0] as FieldNode, variableValues);
      return definition.resolve?.(undefined, args, context, operation as GraphQLResolveInfo);
    },
    complete: planner.described(definition, nodes).complete,
  };
}

interface RootSelection {
  readonly responseName: string;
  readonly nodes: readonly FieldNode[];
  readonly definition: GraphQLField<unknown, unknown>;
}

/** The plan of a root field, with what is selected of the objects that it leads to. */
export class RootPlan implements PlannedRoot {
  readonly list: ListPlan | undefined;
  readonly complete: Complete;
  /** Whether more is planned while the operation is executed. */
  readonly isLazy: boolean;
  private readonly byType = new Map<string, { readonly objects: SelectionPlan; readonly output: OutputPlan }>();

  constructor(
    private readonly planner: Planner,
    private readonly operation: CoercedOperation,
    private readonly field: RootSelection,
  ) {
    const { definition, nodes } = field;
    const target = definition.extensions.leadsTo as RootTarget | undefined;
    this.isLazy = target !== undefined && "typesOf" in target;
    if (target !== undefined && "listing" in target) this.list = listPlan(planner, target.listing);
    const composite = (type: GraphQLCompositeType): Complete => {
      if (this.list !== undefined) return planner.connection(this.list, type as GraphQLObjectType, nodes).complete;
      if (target !== undefined && "type" in target) return this.plansOf(target.type).output.complete;
      if (target !== undefined) return (value, context) => this.completeNode(value, context);
      return isObjectType(type)
        ? planner.part(type, nodes).complete
        : planner.impossible(`${type.name} is abstract`).complete;
    };
    this.complete = planner.value(definition.type, composite).complete;
  }

  /** What is selected of objects of a type; planned when first asked for, since `node` may lead to many types. */
  objects(type: GraphObjectClass): SelectionPlan {
    return this.plansOf(type).objects;
  }

  /** What is selected of the objects that the variables lead to; for a list see `list`. */
  selections(variableValues: Arguments): readonly SelectionPlan[] {
    const { definition, nodes } = this.field;
    const target = definition.extensions.leadsTo as RootTarget | undefined;
    if (target === undefined || "listing" in target) return [];
    if ("type" in target) return [this.objects(target.type)];
    const args = getArgumentValues(definition, nodes[0] as FieldNode, variableValues);
    return target.typesOf(args).map((type) => this.objects(type));
  }

  get responseName(): string {
    return this.field.responseName;
  }

  async resolve(variableValues: Readonly<Record<string, unknown>>, context: unknown): Promise<unknown> {
    const { definition, nodes } = this.field;
    const args = getArgumentValues(definition, nodes[0] as FieldNode, variableValues);
    const info: PlannedInfo = { ...this.operation, fieldNodes: nodes, returnType: definition.type, rootPlan: this };
    // The resolvers of the graph's root fields read nothing else of it.
    return definition.resolve?.(undefined, args, context, info as GraphQLResolveInfo);
  }

  private completeNode(value: unknown, context: OutputContext): unknown {
    if (value === null || value === undefined) return null;
    const type = (plain(value) as GraphObject).constructor as unknown as Partial<GraphObjectClass>;
    if (type.typename === undefined) throw new Bailout();
    return this.plansOf(type as GraphObjectClass).output.complete(value, context);
  }

  private plansOf(type: GraphObjectClass) {
    const known = this.byType.get(type.typename);
    if (known !== undefined) return known;
    const objects = this.planner.objects(type);
    const plans = { objects, output: this.planner.selection(objects, this.field.nodes) };
    this.byType.set(type.typename, plans);
    return plans;
  }
}

/** What a root resolver knows of the operation: from its plan, or from graphql-js, which has none. */
export type RootInfo = Pick<
  GraphQLResolveInfo,
  "schema" | "fragments" | "variableValues" | "fieldNodes" | "returnType"
>;
type PlannedInfo = RootInfo & { readonly rootPlan?: RootPlan };

/** What a root field selects of objects of a type. */
export function rootObjects(info: RootInfo, registry: RelationRegistry, type: GraphObjectClass): SelectionPlan {
  const { rootPlan } = info as PlannedInfo;
  if (rootPlan !== undefined) return rootPlan.objects(type);
  const planner = new Planner(info, registry, undefined);
  const objects = planner.objects(type);
  planner.selection(objects, info.fieldNodes);
  return objects;
}

/** What a root field selects of the objects that a field of its own objects leads to, such as `search { node { ... } }`. */
export function objectsBelow(
  info: RootInfo,
  registry: RelationRegistry,
  {
    type,
    field,
    objects,
  }: { readonly type: GraphQLObjectType; readonly field: string; readonly objects: GraphObjectClass },
): SelectionPlan {
  const planner = new Planner(info, registry, undefined);
  const plan = planner.objects(objects);
  const selected = [...collectSelectedFields(info, type, info.fieldNodes).values()];
  const nodes = selected.filter(([node]) => node?.name.value === field).flat();
  planner.selection(plan, nodes);
  return plan;
}

/** What a root field selects of a list. */
export function rootList(info: RootInfo, registry: RelationRegistry, listing: Listing): ListPlan {
  const { rootPlan } = info as PlannedInfo;
  if (rootPlan?.list !== undefined) return rootPlan.list;
  const planner = new Planner(info, registry, undefined);
  const list = listPlan(planner, listing);
  planner.connection(list, getNamedType(info.returnType) as GraphQLObjectType, info.fieldNodes);
  return list;
}

function listPlan(planner: Planner, listing: Listing): ListPlan {
  return new ListPlan(listing, planner.objects(listing.resource), planner.guard);
}
