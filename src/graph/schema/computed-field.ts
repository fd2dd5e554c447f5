import type { GraphQLResolveInfo } from "graphql";
import { Field } from "type-graphql";
import type { GraphContext } from "../loading/graph-context.js";
import { type ArgumentDeclaration, declareArguments } from "./declare.js";

/** A field of a resource that is computed by a flow. */
export interface ComputedField {
  readonly from: { readonly typename: string; readonly prototype: object };
  readonly field: string;
  /** What it costs; the price of an operation follows from it. */
  readonly calls: ComputedCalls;
  resolve(parent: never, args: never, context: { readonly graph: GraphContext }, info: GraphQLResolveInfo): unknown;
}

/** Upper bound of the calls to CloudTower of a computed field, if its objects have short lists. */
export interface ComputedCalls {
  /** Calls for each object that it is selected of. @default 0 */
  readonly perObject?: number;
  /** Calls for all objects that it is selected of; more if their keys do not fit into one call. @default 0 */
  readonly perBatch?: number;
}

interface Declaration extends ComputedField {
  readonly type: () => unknown;
  readonly nullable: boolean;
  readonly description: string;
  readonly args?: Readonly<Record<string, ArgumentDeclaration>>;
}

/** Declares a computed field to type-graphql; schema.ts installs its resolver. Called once per field, when its file is loaded. */
export function computedField<P extends object, A = Record<string, never>>(
  declaration: Omit<Declaration, "resolve"> & {
    resolve(parent: P, args: A, context: { readonly graph: GraphContext }, info: GraphQLResolveInfo): unknown;
  },
): ComputedField {
  const { from, field, type, nullable, description, args = {} } = declaration;
  Field(type as never, { nullable, description })(from.prototype, field, { value: undefined });
  declareArguments(from.prototype, field, args);
  return declaration as unknown as ComputedField;
}
