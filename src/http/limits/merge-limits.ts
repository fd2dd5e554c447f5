import { type DocumentNode, type FragmentDefinitionNode, Kind, type SelectionSetNode } from "graphql";
import { tooExpensive } from "../messages/refusal.js";

/** Maximum number of field pairs with one response name, which validation compares with each other. */
const MAX_PAIRS = 50_000;

/**
 * Refuses documents that repeat a field so many times that comparing all pairs, as validation does, would take seconds.
 *
 * Walks each definition with its selections merged as in execution. The number of fields, limited earlier, bounds the walk.
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
    const groups = new Map<string, { count: number; subselections: SelectionSetNode[] }>();
    for (const selection of selections) collect(selection, fragments, groups);
    for (const { count, subselections } of groups.values()) {
      pairs += (count * (count - 1)) / 2;
      if (pairs > MAX_PAIRS) {
        throw tooExpensive(
          `Too many repetitions of the same fields: at most ${MAX_PAIRS} pairs with one response name. Select each field once.`,
        );
      }
      if (subselections.length > 0) walk(subselections);
    }
  };
  for (const definition of document.definitions) if ("selectionSet" in definition) walk([definition.selectionSet]);
}

function collect(
  { selections }: SelectionSetNode,
  fragments: ReadonlyMap<string, FragmentDefinitionNode>,
  groups: Map<string, { count: number; subselections: SelectionSetNode[] }>,
): void {
  for (const selection of selections) {
    if (selection.kind === Kind.FIELD) {
      const name = (selection.alias ?? selection.name).value;
      const group = groups.get(name) ?? { count: 0, subselections: [] };
      group.count += 1;
      if (selection.selectionSet !== undefined) group.subselections.push(selection.selectionSet);
      groups.set(name, group);
    } else if (selection.kind === Kind.INLINE_FRAGMENT) {
      collect(selection.selectionSet, fragments, groups);
    } else {
      const fragment = fragments.get(selection.name.value);
      if (fragment !== undefined) collect(fragment.selectionSet, fragments, groups);
    }
  }
}
