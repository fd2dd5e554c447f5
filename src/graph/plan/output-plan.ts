import {
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLField,
  type GraphQLObjectType,
  type GraphQLOutputType,
  type GraphQLResolveInfo,
  type GraphQLSchema,
  getArgumentValues,
  isAbstractType,
  isLeafType,
  isListType,
  isNonNullType,
  type OperationDefinitionNode,
} from "graphql";
import { collectSubfields } from "graphql/execution/collectFields.js";
import { TimeSlicer } from "./time-slicer.js";

/** A coerced operation: what its plans are made from. */
export interface CoercedOperation {
  readonly schema: GraphQLSchema;
  readonly fragments: Record<string, FragmentDefinitionNode>;
  readonly operation: OperationDefinitionNode;
  readonly variableValues: Record<string, unknown>;
}

/** Thrown where the answer is not plain and present: graphql-js takes over and does it by the book. */
export class Bailout extends Error {}

/** Turns a resolver's value into its part of the answer. */
type Complete = (value: unknown, context: unknown) => unknown;
/** The value of one field of an object, as its resolver gives it. */
type Read = (source: object, context: unknown) => unknown;

interface Field {
  /** Name in the answer. */
  readonly name: string;
  readonly read: Read;
  readonly complete: Complete;
  /** Completes the items where the field is a list. */
  readonly completeItem: Complete | undefined;
}

/**
 * Compiles the selections of an operation into plain functions, one for each place, and so projects objects whose relations are joined
 * already without a resolver call, a path or a promise for each field.
 *
 * It knows only the straight case: values that are there, no errors, no promises. Whatever else it meets it leaves to graphql-js
 * by throwing NotPlain, so that no rule of error handling is written twice. It keeps nothing of a request.
 */
export class OutputPlan {
  constructor(private readonly operation: CoercedOperation) {}

  /** How values of a type are completed at the places that `nodes` stand for. */
  complete(type: GraphQLOutputType, nodes: readonly FieldNode[]): Complete {
    if (isNonNullType(type)) return required(this.complete(type.ofType, nodes));
    if (isListType(type)) return completeList(this.complete(type.ofType, nodes));
    if (isLeafType(type)) return (value) => (value == null ? null : type.serialize(plain(value)));
    if (isAbstractType(type)) return this.completeAbstract(nodes);
    return completeObject(this.fields(type, nodes));
  }

  /** The same for a root field, which may hold very many objects: other requests get their turn in between. */
  completeYielding(
    type: GraphQLOutputType,
    nodes: readonly FieldNode[],
  ): (value: unknown, context: unknown) => Promise<unknown> {
    const nullable = isNonNullType(type) ? type.ofType : type;
    const complete = this.complete(type, nodes);
    if (isListType(nullable)) {
      const completeItem = this.complete(nullable.ofType, nodes);
      return async (value, context) =>
        Array.isArray(value) ? completeItems(value, completeItem, context, new TimeSlicer()) : complete(value, context);
    }
    if (isLeafType(nullable) || isAbstractType(nullable)) return async (value, context) => complete(value, context);
    const fields = this.fields(nullable, nodes);
    return async (value, context) => {
      if (value === null || value === undefined) return complete(value, context);
      const source = plain(value) as object;
      const slices = new TimeSlicer();
      const completed: Record<string, unknown> = {};
      for (const field of fields) {
        const read = field.read(source, context);
        const inTurns = field.completeItem !== undefined && Array.isArray(read);
        completed[field.name] = inTurns
          ? await completeItems(read, field.completeItem as Complete, context, slices)
          : field.complete(read, context);
      }
      return completed;
    };
  }

  private completeAbstract(nodes: readonly FieldNode[]): Complete {
    const byTypename = new Map<string, Complete>();
    return (value, context) => {
      if (value === null || value === undefined) return null;
      const { typename } = (plain(value) as object).constructor as { typename?: string };
      if (typename === undefined) throw new Bailout();
      let complete = byTypename.get(typename);
      if (complete === undefined) {
        complete = completeObject(this.fields(this.operation.schema.getType(typename) as GraphQLObjectType, nodes));
        byTypename.set(typename, complete);
      }
      return complete(value, context);
    };
  }

  private fields(type: GraphQLObjectType, nodes: readonly FieldNode[]): Field[] {
    const { schema, fragments, variableValues } = this.operation;
    const fields: Field[] = [];
    for (const [name, fieldNodes] of collectSubfields(schema, fragments, variableValues, type, nodes)) {
      // As a key of a plain object it would set the prototype.
      if (name === "__proto__") throw new Bailout();
      fields.push(this.field(type, name, fieldNodes));
    }
    return fields;
  }

  private field(type: GraphQLObjectType, name: string, nodes: readonly FieldNode[]): Field {
    const fieldName = (nodes[0] as FieldNode).name.value;
    if (fieldName === "__typename") {
      return { name, read: () => type.name, complete: (value) => value, completeItem: undefined };
    }
    const definition = type.getFields()[fieldName];
    if (definition === undefined) throw new Bailout();
    const nullable = isNonNullType(definition.type) ? definition.type.ofType : definition.type;
    return {
      name,
      read: this.read(type, definition, nodes),
      complete: this.complete(definition.type, nodes),
      completeItem: isListType(nullable) ? this.complete(nullable.ofType, nodes) : undefined,
    };
  }

  private read(
    parentType: GraphQLObjectType,
    definition: GraphQLField<unknown, unknown>,
    nodes: readonly FieldNode[],
  ): Read {
    const { name: fieldName, type: returnType, resolve } = definition;
    if (resolve === undefined) return (source) => (source as Record<string, unknown>)[fieldName];
    // Its resolver must not be called for nothing.
    if (definition.extensions.asynchronous === true) throw new Bailout();
    const args = getArgumentValues(definition, nodes[0] as FieldNode, this.operation.variableValues);
    // What resolvers are told of their place; without a path, which none of them may ask for.
    const place = { fieldName, fieldNodes: nodes, returnType, parentType, rootValue: undefined };
    const info = { ...place, ...this.operation } as unknown as GraphQLResolveInfo;
    return (source, context) => resolve(source, args, context, info);
  }
}

function required(complete: Complete): Complete {
  return (value, context) => {
    const completed = complete(value, context);
    if (completed === null) throw new Bailout();
    return completed;
  };
}

function completeList(completeItem: Complete): Complete {
  return (value, context) => {
    if (value === null || value === undefined) return null;
    if (!Array.isArray(value)) throw new Bailout();
    const completed: unknown[] = new Array(value.length);
    for (let index = 0; index < value.length; index += 1) completed[index] = completeItem(value[index], context);
    return completed;
  };
}

async function completeItems(
  values: readonly unknown[],
  completeItem: Complete,
  context: unknown,
  slices: TimeSlicer,
): Promise<unknown[]> {
  const completed: unknown[] = new Array(values.length);
  for (let index = 0; index < values.length; index += 1) {
    completed[index] = completeItem(values[index], context);
    if (slices.isOver()) await slices.yield();
  }
  return completed;
}

function completeObject(fields: readonly Field[]): Complete {
  return (value, context) => {
    if (value === null || value === undefined) return null;
    const source = plain(value) as object;
    const completed: Record<string, unknown> = {};
    for (const { name, read, complete } of fields) completed[name] = complete(read(source, context), context);
    return completed;
  };
}

/** Errors, promises and methods are not for us. */
function plain(value: unknown): unknown {
  if (value instanceof Promise) {
    // graphql-js asks for it again and waits for that; nobody waits for this one.
    value.catch(() => {});
    throw new Bailout();
  }
  if (typeof value === "function" || value instanceof Error || (value as { then?: unknown }).then !== undefined) {
    throw new Bailout();
  }
  return value;
}
