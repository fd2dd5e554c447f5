import {
  type FieldNode,
  GraphQLError,
  type GraphQLField,
  getArgumentValues,
  Kind,
  type SelectionNode,
  type ValueNode,
  valueFromASTUntyped,
} from "graphql";

/** Coerced variables. */
export type Variables = Record<string, unknown>;

/** Value of an argument, literal or from its variable; a literal is not coerced. */
export function argumentOf(field: FieldNode, name: string, variables: Variables): unknown {
  const argument = field.arguments?.find((candidate) => candidate.name.value === name);
  return argument === undefined ? undefined : read(argument.value, variables);
}

/** Coerced arguments of a field; undefined if execution will report them as wrong. */
export function argumentsOf(
  definition: GraphQLField<unknown, unknown>,
  field: FieldNode,
  variables: Variables,
): Record<string, unknown> | undefined {
  try {
    return getArgumentValues(definition, field, variables);
  } catch (error) {
    if (error instanceof GraphQLError) return undefined;
    throw error;
  }
}

/** Whether `@skip` and `@include` keep a selection. */
export function isIncluded({ directives = [] }: SelectionNode, variables: Variables): boolean {
  return directives.every((directive) => {
    const condition = directive.arguments?.find((argument) => argument.name.value === "if");
    if (condition === undefined) return true;
    const value = read(condition.value, variables);
    return directive.name.value === "skip" ? value !== true : directive.name.value !== "include" || value !== false;
  });
}

function read(value: ValueNode, variables: Variables): unknown {
  return value.kind === Kind.VARIABLE ? variables[value.name.value] : valueFromASTUntyped(value, variables);
}
