import type { GraphQLLeafType } from "graphql";
import type { Budget } from "../../kernel/budget.js";
import type { TimeSlicer } from "../../kernel/turns/time-slicer.js";

/** Thrown when the result contains anything but plain values: graphql-js then completes the operation per the spec. */
export class Bailout extends Error {}

/** What completing the values of one operation uses. */
export interface OutputContext {
  readonly budget: Budget;
  readonly slicer: TimeSlicer;
}

/** Turns a field's value into its part of the response; returns a promise if it had to yield to the event loop. */
export type Complete = (value: unknown, context: OutputContext) => unknown;

/** One field of an object in the response. */
export interface OutputField {
  /** Name in the response: the field's alias, or its name. */
  readonly responseName: string;
  /** The field's value; throws Bailout if it has not been loaded. */
  readonly read: (source: object) => unknown;
  readonly complete: Complete;
}

/** Bytes around a field of JSON: quotes, colon, comma, and a short value. */
const FIELD_OVERHEAD_BYTES = 8;

/**
 * How the objects of one type at one position of an operation are written into the response.
 *
 * Compiled once into plain functions, so that objects whose relations are loaded already need no resolver call, path or promise for each
 * field. It covers the straight case alone, values that are there, no errors, no promises, and throws Bailout for anything else, so
 * that no rule of error handling is written twice. Keeps nothing of a request.
 */
export class OutputPlan {
  private readonly nameBytes: number;

  constructor(private readonly fields: readonly OutputField[]) {
    this.nameBytes = fields.reduce((sum, { responseName }) => sum + responseName.length + FIELD_OVERHEAD_BYTES, 0);
  }

  readonly complete: Complete = (value, context) => {
    if (value === null || value === undefined) return null;
    context.budget.spendObject(this.nameBytes);
    return this.completeFrom(0, plain(value) as object, {}, context);
  };

  private completeFrom(
    start: number,
    source: object,
    completed: Record<string, unknown>,
    context: OutputContext,
  ): unknown {
    const { fields } = this;
    for (let index = start; index < fields.length; index += 1) {
      const { responseName, read, complete } = fields[index] as OutputField;
      const result = complete(read(source), context);
      // No closure here: one that captures the loop's variables would cost an allocation for each field.
      if (result instanceof Promise) return this.completeAfter(result, index, source, completed, context);
      completed[responseName] = result;
    }
    return completed;
  }

  private async completeAfter(
    result: Promise<unknown>,
    index: number,
    source: object,
    completed: Record<string, unknown>,
    context: OutputContext,
  ): Promise<unknown> {
    completed[(this.fields[index] as OutputField).responseName] = await result;
    return this.completeFrom(index + 1, source, completed, context);
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
    return completed instanceof Promise ? completed.then(notNull) : notNull(completed);
  };
}

/** Completes a scalar or an enum; a text is charged by its length. */
export function completeLeaf(type: GraphQLLeafType): Complete {
  return (value, { budget }) => {
    if (value === null || value === undefined) return null;
    const completed = type.serialize(plain(value));
    if (typeof completed === "string") budget.spendBytes(completed.length);
    return completed;
  };
}

/** Completes a list, and yields to the event loop when its time slice is over. */
export function completeList(completeItem: Complete): Complete {
  return (value, context) => {
    if (value === null || value === undefined) return null;
    if (!Array.isArray(value)) throw new Bailout();
    return completeFrom(0, { values: value, completed: new Array(value.length), completeItem }, context);
  };
}

interface ListCompletion {
  readonly values: readonly unknown[];
  readonly completed: unknown[];
  readonly completeItem: Complete;
}

function completeFrom(start: number, list: ListCompletion, context: OutputContext): unknown[] | Promise<unknown[]> {
  const { values, completed, completeItem } = list;
  for (let index = start; index < values.length; index += 1) {
    const item = completeItem(values[index], context);
    if (item instanceof Promise) return completeAfterItem(item, index, list, context);
    completed[index] = item;
    if (context.slicer.isOverAfterStep()) return completeAfterYield(index + 1, list, context);
  }
  return completed;
}

async function completeAfterItem(item: Promise<unknown>, index: number, list: ListCompletion, context: OutputContext) {
  list.completed[index] = await item;
  return completeFrom(index + 1, list, context);
}

async function completeAfterYield(start: number, list: ListCompletion, context: OutputContext) {
  await context.slicer.yield();
  return completeFrom(start, list, context);
}

function notNull(completed: unknown): unknown {
  if (completed === null) throw new Bailout();
  return completed;
}
