/** A caller in line. */
export interface Waiter {
  readonly grant: () => void;
  readonly reject: (error: unknown) => void;
}

interface Node {
  readonly waiter: Waiter;
  previous: Node | undefined;
  next: Node | undefined;
}

/**
 * Waiters of one owner, first come first served.
 *
 * Joining, leaving and taking from either end take constant time; a `Set` would step over all the waiters that left its front.
 */
export class WaitingLine {
  private first: Node | undefined;
  private last: Node | undefined;
  private count = 0;

  get length(): number {
    return this.count;
  }

  /** Adds a waiter at the end. @returns removes the waiter; call it at most once, and only while the waiter is in line. */
  join(waiter: Waiter): () => void {
    const node: Node = { waiter, previous: this.last, next: undefined };
    if (this.last === undefined) this.first = node;
    else this.last.next = node;
    this.last = node;
    this.count += 1;
    return () => this.unlink(node);
  }

  /** Removes the waiter that has waited longest. */
  takeOldest(): Waiter | undefined {
    if (this.first !== undefined) return this.unlink(this.first);
    return undefined;
  }

  /** Removes the waiter that came last. */
  takeNewest(): Waiter | undefined {
    if (this.last !== undefined) return this.unlink(this.last);
    return undefined;
  }

  private unlink({ waiter, previous, next }: Node): Waiter {
    if (previous === undefined) this.first = next;
    else previous.next = next;
    if (next === undefined) this.last = previous;
    else next.previous = previous;
    this.count -= 1;
    return waiter;
  }
}
