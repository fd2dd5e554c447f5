import { type FieldNode, Kind, type SelectionNode, type ValueNode, valueFromASTUntyped } from "graphql";

/** Variables as they came with the request, with the document's defaults where they were absent. */
export type Variables = Readonly<Record<string, unknown>>;

/** The value of an argument as written or as its variable holds it; unchecked. */
export function argumentOf(field: FieldNode, name: string, variables: Variables): unknown {
  const argument = field.arguments?.find((candidate) => candidate.name.value === name);
  return argument === undefined ? undefined : read(argument.value, variables);
}

/** Whether `@skip` and `@include` let a selection take part. */
export function isIncluded({ directives = [] }: SelectionNode, variables: Variables): boolean {
  return directives.every((directive) => {
    const condition = directive.arguments?.find((argument) => argument.name.value === "if");
    if (condition === undefined) return true;
    const value = read(condition.value, variables);
    return directive.name.value === "skip" ? value !== true : directive.name.value !== "include" || value !== false;
  });
}

function read(value: ValueNode, variables: Variables): unknown {
  return value.kind === Kind.VARIABLE ? variables[value.name.value] : valueFromASTUntyped(value, { ...variables });
}
