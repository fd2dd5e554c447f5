import { type DocumentNode, type FragmentDefinitionNode, Kind, type SelectionSetNode } from "graphql";
import { tooExpensive } from "../messages/refusal.js";

/** Pairs of fields of one response name that validation may have to compare with each other. */
const MAX_PAIRS = 200_000;

/**
 * Refuses documents that name the same field so often that comparing all pairs, as validation does, would take seconds.
 *
 * Walks each definition with its selections merged as they are answered: bounded by the number of fields, which is limited before.
 *
 * @throws Refusal QUERY_TOO_EXPENSIVE.
 */
export function checkMerging(document: DocumentNode): void {
  const fragments = new Map<string, FragmentDefinitionNode>();
  for (const definition of document.definitions) {
    if (definition.kind === Kind.FRAGMENT_DEFINITION) fragments.set(definition.name.value, definition);
  }
  let pairs = 0;

  const walk = (selections: readonly SelectionSetNode[]): void => {
    const groups = new Map<string, { count: number; below: SelectionSetNode[] }>();
    for (const selection of selections) collect(selection, fragments, groups);
    for (const { count, below } of groups.values()) {
      pairs += (count * (count - 1)) / 2;
      if (pairs > MAX_PAIRS)
        throw tooExpensive("expected each field to be named a few times, got too many repetitions");
      if (below.length > 0) walk(below);
    }
  };
  for (const definition of document.definitions) if ("selectionSet" in definition) walk([definition.selectionSet]);
}

function collect(
  { selections }: SelectionSetNode,
  fragments: ReadonlyMap<string, FragmentDefinitionNode>,
  groups: Map<string, { count: number; below: SelectionSetNode[] }>,
): void {
  for (const selection of selections) {
    if (selection.kind === Kind.FIELD) {
      const name = (selection.alias ?? selection.name).value;
      const group = groups.get(name) ?? { count: 0, below: [] };
      group.count += 1;
      if (selection.selectionSet !== undefined) group.below.push(selection.selectionSet);
      groups.set(name, group);
    } else if (selection.kind === Kind.INLINE_FRAGMENT) {
      collect(selection.selectionSet, fragments, groups);
    } else {
      const fragment = fragments.get(selection.name.value);
      if (fragment !== undefined) collect(fragment.selectionSet, fragments, groups);
    }
  }
}
