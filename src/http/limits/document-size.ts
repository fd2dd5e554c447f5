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

/** What a selection comes to with its fragments in place. Counts of nested fragments may be astronomical, even Infinity. */
interface Size {
  readonly depth: number;
  readonly fields: number;
  readonly aliases: number;
  readonly directives: number;
}

type Sized = OperationDefinitionNode | FragmentDefinitionNode;

/**
 * Checks how large a parsed document is, in time linear to its text: each fragment is counted once and its count is reused.
 *
 * @returns false where fragments spread themselves, which makes every count meaningless and is for validation to tell.
 * @throws Refusal QUERY_TOO_EXPENSIVE beyond a limit, with the figure and the limit.
 */
export function checkSize(document: DocumentNode, limits: SizeLimits): boolean {
  const definitions = document.definitions.length;
  limit("definitions", definitions, limits.maxDefinitions);
  const counter = new SizeCounter(document);
  for (const definition of document.definitions.filter(isSized)) {
    const size = counter.sizeOf(definition);
    if (counter.cyclic) return false;
    limit("fields nested in one another", size.depth, limits.maxDepth);
    limit("fields with all fragments in their places", size.fields, limits.maxFields);
    limit("aliases", size.aliases, limits.maxAliases);
    limit("directives", size.directives, limits.maxDirectives);
    if (definition.kind === Kind.OPERATION_DEFINITION) {
      limit("fields at the root", counter.rootFields(definition.selectionSet), limits.maxRootFields);
    }
  }
  return true;
}

function limit(what: string, got: number, most: number): void {
  if (got <= most) return;
  const figure = got < 1e6 ? String(got) : "over a million";
  throw tooExpensive(
    `expected at most ${most} ${what}, got ${figure}`,
    got < 1e6 ? { got, limit: most } : { limit: most },
  );
}

function isSized(definition: DefinitionNode): definition is Sized {
  return definition.kind === Kind.OPERATION_DEFINITION || definition.kind === Kind.FRAGMENT_DEFINITION;
}

class SizeCounter {
  /** Whether a fragment was found inside itself. */
  cyclic = false;
  private readonly fragments = new Map<string, FragmentDefinitionNode>();
  private readonly sizes = new Map<string, Size | "counting">();
  private readonly roots = new Map<string, number>();

  constructor(document: DocumentNode) {
    for (const definition of document.definitions) {
      if (definition.kind === Kind.FRAGMENT_DEFINITION) this.fragments.set(definition.name.value, definition);
    }
  }

  sizeOf(definition: Sized): Size {
    const size =
      definition.kind === Kind.FRAGMENT_DEFINITION
        ? this.ofFragment(definition.name.value)
        : this.ofSelection(definition.selectionSet);
    const variables = definition.variableDefinitions ?? [];
    const own = [definition, ...variables].reduce((sum, node) => sum + (node.directives?.length ?? 0), 0);
    return { ...size, directives: size.directives + own };
  }

  /** Fields of an operation's root, those in fragments too. Called for documents without cycles only. */
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

  private ofFragment(name: string): Size {
    const known = this.sizes.get(name);
    if (known === "counting") this.cyclic = true;
    if (known !== undefined) return known === "counting" ? NOTHING : known;
    const fragment = this.fragments.get(name);
    if (fragment === undefined) return NOTHING;
    this.sizes.set(name, "counting");
    const size = this.ofSelection(fragment.selectionSet);
    this.sizes.set(name, size);
    return size;
  }

  private ofSelection({ selections }: SelectionSetNode): Size {
    let [depth, fields, aliases, directives] = [0, 0, 0, 0];
    for (const selection of selections) {
      const isField = selection.kind === Kind.FIELD;
      const below = this.below(selection);
      depth = Math.max(depth, below.depth + (isField ? 1 : 0));
      // A spread counts too: it is work even where its fragment is empty or unknown.
      fields += below.fields + 1;
      aliases += below.aliases + (isField && selection.alias !== undefined ? 1 : 0);
      directives += below.directives + (selection.directives?.length ?? 0);
    }
    return { depth, fields, aliases, directives };
  }

  private below(selection: SelectionSetNode["selections"][number]): Size {
    if (selection.kind === Kind.FRAGMENT_SPREAD) return this.ofFragment(selection.name.value);
    return selection.selectionSet === undefined ? NOTHING : this.ofSelection(selection.selectionSet);
  }
}

const NOTHING: Size = { depth: 0, fields: 0, aliases: 0, directives: 0 };
