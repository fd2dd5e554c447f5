import { type FieldNode, Kind, type SelectionNode, type ValueNode, valueFromASTUntyped } from "graphql";

/** Variables as the request gave them, with the document's defaults for missing ones. */
export type Variables = Readonly<Record<string, unknown>>;

/** Value of an argument, literal or from its variable; unchecked. */
export function argumentOf(field: FieldNode, name: string, variables: Variables): unknown {
  const argument = field.arguments?.find((candidate) => candidate.name.value === name);
  return argument === undefined ? undefined : read(argument.value, variables);
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
  return value.kind === Kind.VARIABLE
    ? variables[value.name.value]
    : valueFromASTUntyped(value, variables as Record<string, unknown>);
}
