import {
  type FieldNode,
  type GraphQLCompositeType,
  GraphQLError,
  type GraphQLField,
  type GraphQLObjectType,
  type GraphQLOutputType,
  type GraphQLResolveInfo,
  getArgumentValues,
  isIntrospectionType,
  isLeafType,
  isListType,
  isNonNullType,
  isObjectType,
  type OperationDefinitionNode,
} from "graphql";
import type { ColumnGuard } from "../../upstream/columns.js";
import type { PageArguments } from "../connections/page-arguments.js";
import { columnShown } from "../model/column.js";
import type { GraphObject, GraphObjectClass } from "../model/graph-object.js";
import { embeddedValue } from "../relations/embedded-relation.js";
import { knownResult } from "../relations/known-result.js";
import type { ConnectionRelation, EmbeddedRelation, LoadedRelation } from "../relations/relation.js";
import { narrowBy } from "../relations/relation-argument.js";
import type { RelationRegistry } from "../relations/relation-registry.js";
import { stubLacks } from "../relations/stub.js";
import {
  type CoercedOperation,
  type CollectedFields,
  collectRootFields,
  collectSelectedFields,
} from "./collect-fields.js";
import {
  Bailout,
  type Complete,
  completeLeaf,
  completeList,
  type OutputField,
  OutputPlan,
  required,
} from "./output-plan.js";
import { type ListPlan, type SelectedOf, SelectionPlan } from "./selection-plan.js";

type Field = GraphQLField<unknown, unknown>;
/** How a field's values are completed. */
type ValuePlan = Pick<OutputField, "complete">;
type Nodes = readonly FieldNode[];
/** How the fields of an object type are planned. */
type PlanField = (type: GraphQLObjectType, responseName: string, nodes: Nodes) => OutputField;

/** Why a selection set with `@skip` or `@include` is left to graphql-js. */
const WRONG_DIRECTIVE = "the argument of a directive is wrong";

/** Walks the selections of an operation once, and plans from them what is loaded (selection plans) and what is written (output plans). */
export class Planner {
  /** Why graphql-js must execute the operation; undefined if nothing is known that speaks against the plan. */
  bailout: string | undefined;
  /** Number of fields that were planned. */
  fieldCount = 0;

  constructor(
    private readonly operation: CoercedOperation,
    private readonly registry: RelationRegistry,
    readonly guard: ColumnGuard | undefined,
  ) {}

  /** The fields at the root of the operation; none if graphql-js must report a wrong argument of a directive. */
  rootFields(type: GraphQLObjectType, node: OperationDefinitionNode): CollectedFields {
    const selected = this.coerced(() => collectRootFields(this.operation, type, node));
    if (selected === undefined) this.impossible(WRONG_DIRECTIVE);
    return selected ?? new Map();
  }

  /** A set of objects that nothing leads to: those of a root field. */
  objects(type: GraphObjectClass): SelectionPlan {
    return new SelectionPlan(type, this.guard);
  }

  /** Plans what field nodes select of objects. */
  selection(objects: SelectionPlan, nodes: Nodes): OutputPlan {
    const type = this.operation.schema.getType(objects.type.typename) as GraphQLObjectType;
    return this.object(type, nodes, this.fieldOf(objects));
  }

  /** Plans what field nodes select of a list's connection. */
  connection(list: ListPlan, type: GraphQLObjectType, nodes: Nodes, of: SelectedOf = "all"): OutputPlan {
    const ofItem = this.fieldOf(list.objects, of);
    const ofEdge: PlanField = (edgeType, edgeField, edgeNodes) =>
      this.plainField(edgeType, edgeField, edgeNodes, nameOf(edgeNodes) === "node" ? ofItem : undefined);
    return this.object(type, nodes, (connectionType, responseName, fieldNodes) => {
      const name = nameOf(fieldNodes);
      if (name === "totalCount") list.withCount = true;
      const below = name === "nodes" ? ofItem : name === "edges" ? ofEdge : undefined;
      return this.plainField(connectionType, responseName, fieldNodes, below);
    });
  }

  /** Plans an object that no relation leads to. */
  part(type: GraphQLObjectType, nodes: Nodes): OutputPlan {
    return this.object(type, nodes, this.partField);
  }

  /** Plans the values of a type. @param composite plans those of an object type, an interface or a union. */
  value(type: GraphQLOutputType, composite: (type: GraphQLCompositeType) => Complete): ValuePlan {
    if (isNonNullType(type)) {
      return { complete: required(this.value(type.ofType, composite).complete) };
    }
    if (isListType(type)) return { complete: completeList(this.value(type.ofType, composite).complete) };
    return { complete: isLeafType(type) ? completeLeaf(type) : composite(type) };
  }

  /** Plans the values of a field that describes the schema. */
  described({ type }: Field, nodes: Nodes): ValuePlan {
    return this.value(type, this.composite(nodes, this.partField));
  }

  /** Records that graphql-js must execute the operation. */
  impossible(reason: string): ValuePlan & Pick<OutputField, "read"> {
    this.bailout ??= reason;
    return {
      read: () => undefined,
      complete() {
        throw new Bailout();
      },
    };
  }

  private composite(nodes: Nodes, planField: PlanField): (type: GraphQLCompositeType) => Complete {
    return (type) => {
      if (isObjectType(type)) return this.object(type, nodes, planField).complete;
      return this.impossible(`${type.name} is abstract`).complete;
    };
  }

  private object(type: GraphQLObjectType, nodes: Nodes, planField: PlanField): OutputPlan {
    const fields: OutputField[] = [];
    const selected = this.coerced(() => collectSelectedFields(this.operation, type, nodes));
    if (selected === undefined) return new OutputPlan([{ responseName: "", ...this.impossible(WRONG_DIRECTIVE) }]);
    for (const [responseName, fieldNodes] of selected) {
      this.fieldCount += 1;
      fields.push(this.field(type, responseName, fieldNodes, planField));
    }
    return new OutputPlan(fields);
  }

  /** What a coercion gives; undefined if a variable is null where it must not be, which validation allows if it has a default. */
  private coerced<T>(coerce: () => T): T | undefined {
    try {
      return coerce();
    } catch (error) {
      if (error instanceof GraphQLError) return undefined;
      throw error;
    }
  }

  private field(type: GraphQLObjectType, responseName: string, nodes: Nodes, planField: PlanField): OutputField {
    const field: OutputField =
      nameOf(nodes) === "__typename"
        ? { responseName, read: () => type.name, complete: (value) => value }
        : planField(type, responseName, nodes);
    // As a key of a plain object it would set the prototype.
    return responseName === "__proto__" ? { ...field, ...this.impossible("a response name is __proto__") } : field;
  }

  private fieldOf(objects: SelectionPlan, of: SelectedOf = "all"): PlanField {
    return (type, responseName, nodes) => {
      const name = nameOf(nodes);
      const relation = this.registry.relation(type.name, name);
      if (relation === undefined) {
        objects.select(name, of);
        return this.columnField(objects.type, type, responseName, nodes);
      }
      const definition = type.getFields()[name] as Field;
      const args = this.coerced(() =>
        getArgumentValues(definition, nodes[0] as FieldNode, this.operation.variableValues),
      );
      if (args === undefined) return { responseName, ...this.impossible("an argument is wrong") };
      switch (relation.kind) {
        case "embedded":
          return { responseName, ...this.embedded(relation, objects, { definition, nodes, args, of }) };
        case "loaded":
          return { responseName, ...this.loaded(relation, objects, { definition, nodes, args, of }) };
        case "connection":
          return { responseName, ...this.connectionBelow(relation, objects, { definition, nodes, args, of }) };
      }
    };
  }

  private embedded(relation: EmbeddedRelation, objects: SelectionPlan, { definition, nodes, args, of }: RelationField) {
    const back = objects.back(relation.field, of);
    const below = back ? this.fieldOf(back, "ledBackTo") : this.fieldOf(objects.embed(relation, of).objects, of);
    const value = this.value(definition.type, this.composite(nodes, below));
    const narrow = narrowBy(relation.argument, args);
    return { ...value, read: (source: object) => narrow(embeddedValue(relation, source as GraphObject)) };
  }

  private loaded(relation: LoadedRelation, objects: SelectionPlan, { definition, nodes, args, of }: RelationField) {
    const { argument, stub } = relation;
    const back = objects.back(relation.field, of);
    const plan = back ? undefined : objects.load(relation, of);
    const below = plan ? this.fieldOf(plan.objects, of) : this.fieldOf(back as SelectionPlan, "ledBackTo");
    const value = this.value(definition.type, this.composite(nodes, below));
    const narrow = narrowBy(argument, args);
    const known = knownResult(relation);
    const read = (source: object) => {
      const parent = source as GraphObject;
      const result = known(parent);
      if (result !== undefined) return narrow(result);
      const columns = plan?.stubColumns(of);
      if (stub !== undefined && columns !== undefined && !stubLacks(relation, parent, columns))
        return stub.create(parent);
      throw new Bailout();
    };
    return { ...value, read };
  }

  private connectionBelow(relation: ConnectionRelation, objects: SelectionPlan, field: RelationField) {
    const { definition, nodes, args, of } = field;
    const plan = objects.connect(relation, args as PageArguments, of);
    const output = this.connection(plan, definition.type as GraphQLObjectType, nodes, of);
    const read = (source: object) => {
      const loaded = (source as GraphObject)[plan.key];
      if (loaded !== undefined) return loaded;
      if (relation.key(source as GraphObject) == null) return null;
      throw new Bailout();
    };
    return { complete: output.complete, read };
  }

  private columnField(of: GraphObjectClass, type: GraphQLObjectType, responseName: string, nodes: Nodes): OutputField {
    const field = this.plainField(type, responseName, nodes);
    const column = columnShown(of, nameOf(nodes));
    if (column === undefined) return field;
    const { name, codec } = column;
    const read = (source: object) => codec.fromUpstream((source as Row).row[name]);
    return { ...field, read };
  }

  private plainField(
    type: GraphQLObjectType,
    responseName: string,
    nodes: Nodes,
    planField: PlanField = this.partField,
  ): OutputField {
    const name = nameOf(nodes);
    const definition = type.getFields()[name];
    if (definition === undefined)
      return { responseName, ...this.impossible(`${type.name}.${name} is not in the schema`) };
    const { resolve } = definition;
    if (resolve !== undefined && isIntrospectionType(type)) {
      const args = this.coerced(() =>
        getArgumentValues(definition, nodes[0] as FieldNode, this.operation.variableValues),
      );
      if (args === undefined) return { responseName, ...this.impossible("an argument is wrong") };
      // The resolvers of graphql-js read nothing else of it.
      const info = this.operation as GraphQLResolveInfo;
      const read = (source: object) => resolve(source, args, undefined, info);
      return { responseName, read, ...this.described(definition, nodes) };
    }
    if (resolve !== undefined) {
      return { responseName, ...this.impossible(`${type.name}.${name} is computed by a resolver`) };
    }
    const read = (source: object) => (source as Readonly<Record<string, unknown>>)[name];
    return { responseName, read, ...this.value(definition.type, this.composite(nodes, planField)) };
  }

  /** Of an object that no relation leads to, such as `Vm.cpu`. */
  private readonly partField: PlanField = (type, responseName, nodes) => this.plainField(type, responseName, nodes);
}

interface RelationField {
  readonly definition: Field;
  readonly nodes: Nodes;
  readonly args: Readonly<Record<string, unknown>>;
  /** The parents that the field is selected of. */
  readonly of: SelectedOf;
}

interface Row {
  readonly row: Readonly<Record<string, unknown>>;
}

function nameOf(nodes: Nodes): string {
  return nodes[0]?.name.value ?? "";
}
