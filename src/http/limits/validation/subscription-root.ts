import { type ASTVisitor, GraphQLError, Kind, type SelectionSetNode, type ValidationContext } from "graphql";

/**
 * Validation rule: nothing at the root of a subscription has `@skip` or `@include`. A subscription has exactly one root field, and graphql-js
 * fails without one.
 */
export function UnconditionalSubscriptionRootRule(context: ValidationContext): ASTVisitor {
  const seen = new Set<string>();

  function check({ selections }: SelectionSetNode): void {
    for (const selection of selections) {
      const directive = selection.directives?.find(({ name }) => name.value === "skip" || name.value === "include");
      if (directive !== undefined) {
        const message = `@${directive.name.value} is not possible at the root of a subscription. Leave the operation out instead.`;
        context.reportError(new GraphQLError(message, { nodes: directive }));
      }
      if (selection.kind === Kind.INLINE_FRAGMENT) check(selection.selectionSet);
      if (selection.kind !== Kind.FRAGMENT_SPREAD || seen.has(selection.name.value)) continue;
      seen.add(selection.name.value);
      const fragment = context.getFragment(selection.name.value);
      if (fragment) check(fragment.selectionSet);
    }
  }

  return {
    OperationDefinition({ operation, selectionSet }) {
      if (operation === "subscription") check(selectionSet);
    },
  };
}
