import {
  type DefinitionNode,
  type DocumentNode,
  type FragmentDefinitionNode,
  Kind,
  type OperationDefinitionNode,
  type SelectionSetNode,
} from "graphql";
import { tooExpensive } from "../messages/refusal.js";
import type { DocumentLimits } from "./document-limits.js";

type SizeLimits = Pick<
  DocumentLimits,
  "maxDefinitions" | "maxDepth" | "maxFields" | "maxAliases" | "maxRootFields" | "maxDirectives"
>;

/** Size of a selection with its fragments expanded. Nested fragments can make the counts astronomical, even Infinity. */
interface Size {
  readonly depth: number;
  readonly fields: number;
  readonly aliases: number;
  readonly directives: number;
}

type Sized = OperationDefinitionNode | FragmentDefinitionNode;

/**
 * Checks the size of a parsed document in time linear to its text: each fragment is counted once and its count is reused.
 *
 * @returns false if fragments spread themselves: no count means anything then, and validation reports the cycle.
 * @throws Refusal QUERY_TOO_EXPENSIVE beyond a limit, with the count and the limit.
 */
export function checkSize(document: DocumentNode, limits: SizeLimits): boolean {
  const definitions = document.definitions.length;
  check("operations and fragments", definitions, limits.maxDefinitions);
  const counter = new SizeCounter(document);
  for (const definition of document.definitions.filter(isSized)) {
    const size = counter.sizeOf(definition);
    if (counter.cyclic) return false;
    check("levels of fields", size.depth, limits.maxDepth);
    check("fields, with fragments expanded", size.fields, limits.maxFields);
    check("aliases", size.aliases, limits.maxAliases);
    check("directives", size.directives, limits.maxDirectives);
    if (definition.kind === Kind.OPERATION_DEFINITION) {
      check("root fields", counter.rootFields(definition.selectionSet), limits.maxRootFields);
    }
  }
  return true;
}

function check(what: string, count: number, limit: number): void {
  if (count <= limit) return;
  const isExact = count < 1e6;
  throw tooExpensive(
    `Document too large: at most ${limit} ${what}, got ${isExact ? count : "over a million"}.`,
    isExact ? { got: count, limit } : { limit },
  );
}

function isSized(definition: DefinitionNode): definition is Sized {
  return definition.kind === Kind.OPERATION_DEFINITION || definition.kind === Kind.FRAGMENT_DEFINITION;
}

class SizeCounter {
  /** Whether a fragment spreads itself, directly or through others. */
  cyclic = false;
  private readonly fragments = new Map<string, FragmentDefinitionNode>();
  private readonly sizes = new Map<string, Size | "counting">();
  private readonly roots = new Map<string, number>();

  constructor(document: DocumentNode) {
    for (const definition of document.definitions) {
      if (definition.kind === Kind.FRAGMENT_DEFINITION) this.fragments.set(definition.name.value, definition);
    }
  }

  /** Size of a whole operation or fragment, with the directives of its head. */
  sizeOf(definition: Sized): Size {
    const size =
      definition.kind === Kind.FRAGMENT_DEFINITION
        ? this.sizeOfFragment(definition.name.value)
        : this.sizeOfSelections(definition.selectionSet);
    const variables = definition.variableDefinitions ?? [];
    const own = [definition, ...variables].reduce((sum, node) => sum + (node.directives?.length ?? 0), 0);
    return { ...size, directives: size.directives + own };
  }

  /** Root fields of an operation, including those in fragments. Only for documents without cycles. */
  rootFields({ selections }: SelectionSetNode): number {
    let count = 0;
    for (const selection of selections) {
      if (selection.kind === Kind.FIELD) count += 1;
      else if (selection.kind === Kind.INLINE_FRAGMENT) count += this.rootFields(selection.selectionSet);
      else count += this.rootFieldsOfFragment(selection.name.value);
    }
    return count;
  }

  private rootFieldsOfFragment(name: string): number {
    const known = this.roots.get(name);
    if (known !== undefined) return known;
    const fragment = this.fragments.get(name);
    const count = fragment === undefined ? 0 : this.rootFields(fragment.selectionSet);
    this.roots.set(name, count);
    return count;
  }

  private sizeOfFragment(name: string): Size {
    const known = this.sizes.get(name);
    if (known === "counting") this.cyclic = true;
    if (known !== undefined) return known === "counting" ? NOTHING : known;
    const fragment = this.fragments.get(name);
    if (fragment === undefined) return NOTHING;
    this.sizes.set(name, "counting");
    const size = this.sizeOfSelections(fragment.selectionSet);
    this.sizes.set(name, size);
    return size;
  }

  private sizeOfSelections({ selections }: SelectionSetNode): Size {
    let [depth, fields, aliases, directives] = [0, 0, 0, 0];
    for (const selection of selections) {
      const isField = selection.kind === Kind.FIELD;
      const inner = this.innerSize(selection);
      depth = Math.max(depth, inner.depth + (isField ? 1 : 0));
      // A spread counts too: it is work even if its fragment is empty or unknown.
      fields += inner.fields + 1;
      aliases += inner.aliases + (isField && selection.alias !== undefined ? 1 : 0);
      directives += inner.directives + (selection.directives?.length ?? 0);
    }
    return { depth, fields, aliases, directives };
  }

  private innerSize(selection: SelectionSetNode["selections"][number]): Size {
    if (selection.kind === Kind.FRAGMENT_SPREAD) return this.sizeOfFragment(selection.name.value);
    return selection.selectionSet === undefined ? NOTHING : this.sizeOfSelections(selection.selectionSet);
  }
}

const NOTHING: Size = { depth: 0, fields: 0, aliases: 0, directives: 0 };
