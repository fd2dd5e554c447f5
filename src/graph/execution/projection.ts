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

/** What of an operation stays the same for all of its objects. */
export interface ProjectedOperation {
  readonly schema: GraphQLSchema;
  readonly fragments: Record<string, FragmentDefinitionNode>;
  readonly operation: OperationDefinitionNode;
  readonly variableValues: Record<string, unknown>;
  readonly contextValue: unknown;
  readonly rootValue: unknown;
}

/** Thrown where the answer is not plain and present: graphql-js takes over and does it by the book. */
export class NotPlain extends Error {}

/** Turns a resolver's value into its part of the answer. */
export type Complete = (value: unknown) => unknown;

type Read = (source: object) => unknown;

/**
 * Compiles the selections of an operation into plain functions, one for each place, and so projects objects whose edges are joined
 * already without a resolver call, a path or a promise for each field.
 *
 * It knows only the straight case: values that are there, no errors, no promises. Whatever else it meets it leaves to graphql-js
 * by throwing NotPlain, so that no rule of error handling is written twice.
 */
export class Projection {
  constructor(private readonly operation: ProjectedOperation) {}

  /** How values of a type are completed at the places that `nodes` stand for. */
  complete(type: GraphQLOutputType, nodes: readonly FieldNode[]): Complete {
    if (isNonNullType(type)) {
      const complete = this.complete(type.ofType, nodes);
      return (value) => {
        const completed = complete(value);
        if (completed === null) throw new NotPlain();
        return completed;
      };
    }
    if (isListType(type)) return completeList(this.complete(type.ofType, nodes));
    if (isLeafType(type)) return (value) => (value == null ? null : type.serialize(plain(value)));
    if (isAbstractType(type)) return this.completeAbstract(nodes);
    return completeObject(this.reads(type, nodes));
  }

  private completeAbstract(nodes: readonly FieldNode[]): Complete {
    const byTypename = new Map<string, Complete>();
    return (value) => {
      if (value === null || value === undefined) return null;
      const { typename } = (plain(value) as object).constructor as { typename?: string };
      if (typename === undefined) throw new NotPlain();
      let complete = byTypename.get(typename);
      if (complete === undefined) {
        const type = this.operation.schema.getType(typename) as GraphQLObjectType;
        complete = completeObject(this.reads(type, nodes));
        byTypename.set(typename, complete);
      }
      return complete(value);
    };
  }

  /** The fields selected on a type: name in the answer, and how it is read from an object. */
  private reads(type: GraphQLObjectType, nodes: readonly FieldNode[]): [name: string, read: Read][] {
    const { schema, fragments, variableValues } = this.operation;
    const reads: [string, Read][] = [];
    for (const [name, fieldNodes] of collectSubfields(schema, fragments, variableValues, type, nodes)) {
      // As a key of a plain object it would set the prototype.
      if (name === "__proto__") throw new NotPlain();
      reads.push([name, this.read(type, fieldNodes)]);
    }
    return reads;
  }

  private read(type: GraphQLObjectType, nodes: readonly FieldNode[]): Read {
    const fieldName = (nodes[0] as FieldNode).name.value;
    if (fieldName === "__typename") return () => type.name;
    const field = type.getFields()[fieldName];
    if (field === undefined) throw new NotPlain();
    const complete = this.complete(field.type, nodes);
    if (field.resolve === undefined) return (source) => complete((source as Record<string, unknown>)[fieldName]);
    const { resolve } = field;
    const { contextValue } = this.operation;
    const args = getArgumentValues(field, nodes[0] as FieldNode, this.operation.variableValues);
    const info = this.info(type, field, nodes);
    return (source) => complete(resolve(source, args, contextValue, info));
  }

  /** What resolvers are told of their place; without a path, which none of them may ask for. */
  private info(parentType: GraphQLObjectType, field: GraphQLField<unknown, unknown>, fieldNodes: readonly FieldNode[]) {
    const { schema, fragments, operation, variableValues, rootValue } = this.operation;
    const { name: fieldName, type: returnType } = field;
    const place = { fieldName, fieldNodes, returnType, parentType };
    return { ...place, schema, fragments, operation, variableValues, rootValue } as unknown as GraphQLResolveInfo;
  }
}

function completeList(completeItem: Complete): Complete {
  return (value) => {
    if (value === null || value === undefined) return null;
    if (!Array.isArray(value)) throw new NotPlain();
    const completed: unknown[] = new Array(value.length);
    for (let index = 0; index < value.length; index += 1) completed[index] = completeItem(value[index]);
    return completed;
  };
}

function completeObject(reads: readonly (readonly [name: string, read: Read])[]): Complete {
  return (value) => {
    if (value === null || value === undefined) return null;
    const source = plain(value) as object;
    const completed: Record<string, unknown> = {};
    for (const [name, read] of reads) completed[name] = read(source);
    return completed;
  };
}

/** Errors, promises and methods are not for us. */
function plain(value: unknown): unknown {
  if (typeof value === "function" || value instanceof Error || (value as { then?: unknown }).then !== undefined) {
    throw new NotPlain();
  }
  return value;
}
