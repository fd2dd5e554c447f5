import { TimeSlicer } from "./time-slicer.js";

/** Thrown when the result contains anything but plain, synchronous values: graphql-js then completes the operation per the spec. */
export class Bailout extends Error {}

/** Turns a field's value into its part of the response. */
export type Complete = (value: unknown, context: unknown) => unknown;

/** How values of a GraphQL type are completed, and those of its items if it is a list. */
export interface ValuePlan {
  readonly complete: Complete;
  readonly completeItem: Complete | undefined;
}

/** One field of an object in the response. */
export interface OutputField extends ValuePlan {
  /** Name in the response: the field's alias, or its name. */
  readonly responseName: string;
  /** The field's value; throws Bailout if it is not at hand. */
  readonly read: (source: object, context: unknown) => unknown;
}

/**
 * How the objects of one type at one position of an operation are written into the response.
 *
 * Compiled once into plain functions, so that objects whose relations are loaded already need no resolver call, path or promise for each
 * field. It covers the straight case alone, values that are there, no errors, no promises, and throws Bailout for anything else, so
 * that no rule of error handling is written twice. Keeps nothing of a request.
 */
export class OutputPlan {
  constructor(readonly fields: readonly OutputField[]) {}

  readonly complete: Complete = (value, context) => {
    if (value === null || value === undefined) return null;
    const source = plain(value) as object;
    const completed: Record<string, unknown> = {};
    for (const { responseName, read, complete } of this.fields) {
      completed[responseName] = complete(read(source, context), context);
    }
    return completed;
  };

  /** Like `complete`, for an object whose lists may be very long: yields to the event loop between their items. */
  async completeYielding(value: unknown, context: unknown): Promise<unknown> {
    if (value === null || value === undefined) return null;
    const source = plain(value) as object;
    const slicer = new TimeSlicer();
    const completed: Record<string, unknown> = {};
    for (const { responseName, read, complete, completeItem } of this.fields) {
      const values = read(source, context);
      completed[responseName] =
        completeItem !== undefined && Array.isArray(values)
          ? await completeItems(values, completeItem, context, slicer)
          : complete(values, context);
    }
    return completed;
  }
}

/** The value, unless it is an error, a promise or a method. */
export function plain(value: unknown): unknown {
  if (value instanceof Promise) {
    // graphql-js asks for it again and awaits that one; nothing awaits this one.
    value.catch(() => {});
    throw new Bailout();
  }
  if (typeof value === "function" || value instanceof Error || (value as { then?: unknown }).then !== undefined) {
    throw new Bailout();
  }
  return value;
}

/** Completes a value that must not be null. */
export function required(complete: Complete): Complete {
  return (value, context) => {
    const completed = complete(value, context);
    if (completed === null) throw new Bailout();
    return completed;
  };
}

/** Completes a list. */
export function completeList(completeItem: Complete): Complete {
  return (value, context) => {
    if (value === null || value === undefined) return null;
    if (!Array.isArray(value)) throw new Bailout();
    const completed: unknown[] = new Array(value.length);
    for (let index = 0; index < value.length; index += 1) completed[index] = completeItem(value[index], context);
    return completed;
  };
}

/** Completes a list, yielding to the event loop between its items. */
export async function completeItems(
  values: readonly unknown[],
  completeItem: Complete,
  context: unknown,
  slicer: TimeSlicer,
): Promise<unknown[]> {
  const completed: unknown[] = new Array(values.length);
  for (let index = 0; index < values.length; index += 1) {
    completed[index] = completeItem(values[index], context);
    if (slicer.isOver()) await slicer.yield();
  }
  return completed;
}
