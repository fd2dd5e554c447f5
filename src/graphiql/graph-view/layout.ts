import type { GraphEdge, GraphObject, ResponseGraph } from "./response-graph.js";

/** Size of a drawn object and of the space around it, in CSS pixels. */
export const NODE = { width: 184, height: 46, gapX: 56, gapY: 12, margin: 20, header: 34 } as const;

/** An object at its place: in the drawing, and in the tree that the keyboard and screen readers follow. */
export interface PlacedNode {
  readonly object: GraphObject;
  /** Left and upper edge, in CSS pixels. */
  readonly x: number;
  readonly y: number;
  readonly column: number;
  /** The object above it in the tree: the first one that leads to it. */
  readonly parent: string | undefined;
  /** Level in the tree, from 1. */
  readonly level: number;
  /** Position among the objects with the same parent, from 1, and their number. */
  readonly position: number;
  readonly siblings: number;
}

/** A drawing. */
export interface Layout {
  /** In the order of the tree. */
  readonly nodes: readonly PlacedNode[];
  readonly edges: readonly GraphEdge[];
  /** Names of the types in each column. */
  readonly columns: readonly string[];
  readonly width: number;
  readonly height: number;
}

/**
 * Places each type in a column, right of the types that lead to it, and each object in the rows of the first object that leads to it,
 * snapshots below the rest. No forces: the same response always gives the same drawing.
 */
export function layOut({ objects, edges }: ResponseGraph): Layout {
  const columns = columnsOf(objects, edges);
  const { roots, childrenOf } = treeOf(objects, edges);
  const nodes: PlacedNode[] = [];
  let row = 0;

  function place(
    key: string,
    at: Pick<PlacedNode, "parent" | "level" | "position" | "siblings">,
    parentColumn: number,
  ) {
    const object = objects.get(key) as GraphObject;
    const column = columns.get(object.type) ?? 0;
    // Otherwise it would cover what leads to it.
    if (column <= parentColumn) row += 1;
    const own = row;
    const x = NODE.margin + column * (NODE.width + NODE.gapX);
    nodes.push({ object, column, x, y: NODE.header + own * (NODE.height + NODE.gapY), ...at });
    const children = childrenOf.get(key) ?? [];
    children.forEach((child, index) => {
      if (index > 0) row += 1;
      place(child, { parent: key, level: at.level + 1, position: index + 1, siblings: children.length }, column);
    });
  }

  roots.forEach((root, index) => {
    place(root, { parent: undefined, level: 1, position: index + 1, siblings: roots.length }, -1);
    row += 1;
  });
  const names = new Map<number, Set<string>>();
  for (const { object, column } of nodes) names.set(column, (names.get(column) ?? new Set()).add(object.type));
  const count = Math.max(0, ...names.keys()) + 1;
  return {
    nodes,
    edges,
    columns: Array.from({ length: count }, (_, column) => [...(names.get(column) ?? [])].join(", ")),
    width: 2 * NODE.margin + count * (NODE.width + NODE.gapX) - NODE.gapX,
    height: NODE.header + row * (NODE.height + NODE.gapY) + NODE.margin,
  };
}

/** The tree in the graph: each object below the first one that leads to it. */
function treeOf(objects: ReadonlyMap<string, GraphObject>, edges: readonly GraphEdge[]) {
  const parents = new Map<string, string>();
  const order = new Map([...objects.keys()].map((key, index) => [key, index]));
  const childrenOf = new Map<string, string[]>();
  for (const { from, to } of edges) {
    // Objects are in the order in which they were found, so what was found earlier does not hang below what was found later.
    if (parents.has(to) || (order.get(from) ?? 0) >= (order.get(to) ?? 0)) continue;
    parents.set(to, from);
    const siblings = childrenOf.get(from);
    if (siblings === undefined) childrenOf.set(from, [to]);
    else siblings.push(to);
  }
  const isSnapshot = (key: string) => /snapshot/i.test(objects.get(key)?.type ?? "");
  for (const [key, children] of childrenOf) {
    childrenOf.set(key, [...children.filter((child) => !isSnapshot(child)), ...children.filter(isSnapshot)]);
  }
  const roots = [...objects.keys()].filter((key) => !parents.has(key));
  // What stands alone, such as the gateway, is not what the picture is about.
  const isAlone = (key: string) => !childrenOf.has(key) && objects.get(key)?.id === undefined;
  return { roots: [...roots.filter((key) => !isAlone(key)), ...roots.filter(isAlone)], childrenOf };
}

/** Column of each type: one more than the last type that leads to it. An edge that would close a circle of types leads back, and does not count. */
function columnsOf(
  objects: ReadonlyMap<string, GraphObject>,
  edges: readonly GraphEdge[],
): ReadonlyMap<string, number> {
  const before = new Map<string, Set<string>>();
  const leadsTo = (from: string, to: string, seen = new Set<string>()): boolean => {
    if (from === to) return true;
    if (seen.has(to)) return false;
    seen.add(to);
    return [...(before.get(to) ?? [])].some((type) => leadsTo(from, type, seen));
  };
  const typeOf = (key: string) => objects.get(key)?.type ?? "";
  for (const { from, to } of edges) {
    const [left, right] = [typeOf(from), typeOf(to)];
    if (before.get(right)?.has(left) || leadsTo(right, left)) continue;
    before.set(right, (before.get(right) ?? new Set()).add(left));
  }
  const columns = new Map<string, number>();
  const columnOf = (type: string): number => {
    const known = columns.get(type);
    if (known !== undefined) return known;
    const column = Math.max(-1, ...[...(before.get(type) ?? [])].map(columnOf)) + 1;
    columns.set(type, column);
    return column;
  };
  for (const { type } of objects.values()) columnOf(type);
  return columns;
}
