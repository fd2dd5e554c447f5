import type { InlineEdge, Narrowing } from "./edge.js";
import type { Joinable, JoinableClass } from "./joinable.js";

interface InlineOptions<P extends Joinable, C extends Joinable> {
  readonly from: JoinableClass<P>;
  readonly field: string;
  readonly to: JoinableClass<C>;
  readonly description: string;
  readonly narrowing?: Narrowing<C>;
  readonly back?: string;
}

/** An edge that the parent's row answers: to at most one object. */
export function inline<P extends Joinable, C extends Joinable>(
  options: InlineOptions<P, C> & { of(parent: P): C | null },
): InlineEdge<P, C> {
  return { kind: "inline", many: false, nullable: true, ...options };
}

/** An edge that the parent's row answers: to a list; null where the row says that it is not known yet. */
export function inlineList<P extends Joinable, C extends Joinable>(
  options: InlineOptions<P, C> & { of(parent: P): C[] | null },
): InlineEdge<P, C> {
  return { kind: "inline", many: true, nullable: true, ...options };
}

/** The answer of an edge that costs nothing; kept, so that what is joined below it stays. */
export function inlineValue(edge: InlineEdge, parent: Joinable): Joinable | Joinable[] | null {
  const slot = `@${edge.field}` as const;
  const known = parent[slot];
  if (known !== undefined) return known as Joinable | Joinable[] | null;
  const value = edge.of(parent);
  parent[slot] = value;
  if (edge.back !== undefined && value !== null) {
    for (const child of Array.isArray(value) ? value : [value]) child[`@${edge.back}`] = parent;
  }
  return value;
}
