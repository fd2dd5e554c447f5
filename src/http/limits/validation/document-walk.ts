import { type ASTNode, type ASTVisitor, BREAK, getEnterLeaveForKind, Kind, type TypeInfo } from "graphql";

/** Parts of each kind of node that have to be visited, in the order of the text. Names and descriptions mean nothing by themselves. */
const PARTS: Readonly<Partial<Record<Kind, readonly string[]>>> = {
  [Kind.DOCUMENT]: ["definitions"],
  [Kind.OPERATION_DEFINITION]: ["variableDefinitions", "directives", "selectionSet"],
  [Kind.FRAGMENT_DEFINITION]: ["variableDefinitions", "typeCondition", "directives", "selectionSet"],
  [Kind.VARIABLE_DEFINITION]: ["variable", "type", "defaultValue", "directives"],
  [Kind.SELECTION_SET]: ["selections"],
  [Kind.FIELD]: ["arguments", "directives", "selectionSet"],
  [Kind.FRAGMENT_SPREAD]: ["directives"],
  [Kind.INLINE_FRAGMENT]: ["typeCondition", "directives", "selectionSet"],
  [Kind.ARGUMENT]: ["value"],
  [Kind.DIRECTIVE]: ["arguments"],
  [Kind.LIST]: ["values"],
  [Kind.OBJECT]: ["fields"],
  [Kind.OBJECT_FIELD]: ["value"],
  [Kind.LIST_TYPE]: ["type"],
  [Kind.NON_NULL_TYPE]: ["type"],
};
const NO_PARTS: readonly string[] = [];

type Part = ASTNode | readonly ASTNode[];

/** A node or a list whose parts are being visited. */
interface Frame {
  readonly part: Part;
  /** Names of a node's parts; undefined for a list. */
  readonly names: readonly string[] | undefined;
  /** Position of the next part. */
  next: number;
}

interface Handler {
  readonly visitor: number;
  readonly run: (...args: readonly unknown[]) => unknown;
}

/** What is called for nodes of one kind. */
interface Handlers {
  readonly enter: readonly Handler[];
  readonly leave: readonly Handler[];
}

/**
 * Visits a document for several visitors, as graphql-js's `visit`, `visitInParallel` and `visitWithTypeInfo` do together, but a step at a
 * time, so that others can go between the steps.
 *
 * Visitors must not edit. They see no names, no descriptions, and nothing within definitions of types.
 */
export class DocumentWalk {
  private readonly frames: Frame[] = [];
  /** The parts around the one that is visited, but for its parent. */
  private readonly ancestors: Part[] = [];
  private readonly handlers = new Map<string, Handlers>();
  /** Whether each visitor is to be passed over: within a node that it skips, or because it has stopped. */
  private readonly isPassedOver: boolean[];
  /** The visitors that skip a node, by the node. */
  private readonly skipping = new Map<ASTNode, number[]>();

  constructor(
    root: ASTNode,
    private readonly visitors: readonly ASTVisitor[],
    private readonly typeInfo: TypeInfo,
  ) {
    this.isPassedOver = visitors.map(() => false);
    this.enter(root, undefined);
  }

  /** Visits up to so many nodes. @returns false if none is left. */
  step(nodes: number): boolean {
    for (let count = 0; count < nodes; ) {
      const frame = this.frames.at(-1);
      if (frame === undefined) return false;
      const { part, names } = frame;
      if (frame.next === (names ?? (part as readonly ASTNode[])).length) {
        this.pop(frame);
        continue;
      }
      const key = names?.[frame.next] ?? frame.next;
      frame.next += 1;
      const below = (part as unknown as Readonly<Record<string | number, Part | undefined>>)[key];
      if (below === undefined) continue;
      if (Array.isArray(below)) this.push(below, undefined);
      else {
        this.enter(below as ASTNode, key);
        count += 1;
      }
    }
    return this.frames.length > 0;
  }

  private enter(node: ASTNode, key: string | number | undefined): void {
    this.typeInfo.enter(node);
    const parent = this.frames.at(-1)?.part;
    for (const { visitor, run } of this.handlersOf(node.kind).enter) {
      if (this.isPassedOver[visitor]) continue;
      const result = run.call(this.visitors[visitor], node, key, parent, NO_PARTS, this.ancestors);
      if (result === false) this.skipping.set(node, [...(this.skipping.get(node) ?? []), visitor]);
      if (result === false || result === BREAK) this.isPassedOver[visitor] = true;
    }
    this.push(node, PARTS[node.kind] ?? NO_PARTS);
  }

  private leave(node: ASTNode): void {
    const parent = this.frames.at(-1)?.part;
    for (const { visitor, run } of this.handlersOf(node.kind).leave) {
      if (this.isPassedOver[visitor]) continue;
      const result = run.call(this.visitors[visitor], node, undefined, parent, NO_PARTS, this.ancestors);
      if (result === BREAK) this.isPassedOver[visitor] = true;
    }
    const resumed = this.skipping.size === 0 ? undefined : this.skipping.get(node);
    if (resumed !== undefined) {
      for (const visitor of resumed) this.isPassedOver[visitor] = false;
      this.skipping.delete(node);
    }
    this.typeInfo.leave(node);
  }

  private push(part: Part, names: readonly string[] | undefined): void {
    const parent = this.frames.at(-1);
    if (parent !== undefined) this.ancestors.push(parent.part);
    this.frames.push({ part, names, next: 0 });
  }

  private pop({ part, names }: Frame): void {
    this.frames.pop();
    this.ancestors.pop();
    if (names !== undefined) this.leave(part as ASTNode);
  }

  private handlersOf(kind: Kind): Handlers {
    let known = this.handlers.get(kind);
    if (known === undefined) {
      const both = this.visitors.map((visitor) => getEnterLeaveForKind(visitor, kind));
      known = { enter: handlers(both.map(({ enter }) => enter)), leave: handlers(both.map(({ leave }) => leave)) };
      this.handlers.set(kind, known);
    }
    return known;
  }
}

function handlers(functions: readonly unknown[]): Handler[] {
  const found: Handler[] = [];
  for (const [visitor, run] of functions.entries()) if (run) found.push({ visitor, run: run as Handler["run"] });
  return found;
}
