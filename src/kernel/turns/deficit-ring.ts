/** What each child of a ring may spend per round. */
const QUANTUM = 0.25;

/** A queue of items with costs. Must not be read while it is empty. */
interface Source<T> {
  readonly isEmpty: boolean;
  /** Cost of the item that `shift` returns next. */
  nextCost(): number;
  shift(): T;
}

/** Items in order of arrival. */
export class Line<T> implements Source<T> {
  private items: { readonly item: T; readonly cost: number }[] = [];
  /** Removing the first element of a long array is slow, so it is done for many at a time. */
  private start = 0;

  get isEmpty(): boolean {
    return this.start === this.items.length;
  }

  push(item: T, cost: number): void {
    this.items.push({ item, cost });
  }

  nextCost(): number {
    return this.items[this.start]?.cost ?? 0;
  }

  shift(): T {
    const next = this.items[this.start] as { readonly item: T };
    this.start += 1;
    if (this.start >= 1024 && this.start * 2 > this.items.length) {
      this.items = this.items.slice(this.start);
      this.start = 0;
    }
    return next.item;
  }
}

interface Child<T> {
  readonly source: Source<T>;
  credit: number;
}

/**
 * Items of several children by deficit round-robin: in each round a child is credited a quantum, and its next item is due when its credit
 * covers the cost. Each item costs at least a quantum. A child that becomes empty leaves, and its credit is lost.
 */
export class Ring<T> implements Source<T> {
  /** In the order of their turns. */
  private readonly children = new Map<string, Child<T>>();
  /** The child whose item comes next; kept until it is taken. */
  private due: string | undefined;

  get isEmpty(): boolean {
    return this.children.size === 0;
  }

  /** The child of this name, which is added if it is not there; the caller must then give it an item. */
  child<C extends Source<T>>(name: string, create: () => C): C {
    const known = this.children.get(name);
    if (known !== undefined) return known.source as C;
    const source = create();
    this.children.set(name, { source, credit: 0 });
    return source;
  }

  nextCost(): number {
    return this.next().source.nextCost();
  }

  shift(): T {
    const child = this.next();
    const name = this.due as string;
    this.due = undefined;
    child.credit = Math.max(0, child.credit - Math.max(child.source.nextCost(), QUANTUM));
    const item = child.source.shift();
    // To the end of the round.
    this.children.delete(name);
    if (!child.source.isEmpty) this.children.set(name, child);
    return item;
  }

  /** Passes over children until one can pay for its next item; that takes at most as many rounds as the item has quanta. */
  private next(): Child<T> {
    const known = this.due === undefined ? undefined : this.children.get(this.due);
    if (known !== undefined) return known;
    for (const [name, child] of this.children) {
      child.credit += QUANTUM;
      if (child.credit >= child.source.nextCost() || this.children.size === 1) {
        this.due = name;
        return child;
      }
      // Comes again at the end of this very iteration.
      this.children.delete(name);
      this.children.set(name, child);
    }
    throw new Error("The ring is empty.");
  }
}
