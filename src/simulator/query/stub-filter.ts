/** Filters across relations to kinds that CloudTower cannot list: only what their stub carries can be compared. */

import { badRequest } from "../refusal.js";
import { stubFields } from "../store/model.js";
import type { Values } from "../store/store.js";
import { checkValue, describe } from "../store/values.js";
import { type Operator, operatorsOf } from "./operators.js";

/** A filter on stubs, such as `{name: "nightly"}` on a backup plan. Other keys are refused: the simulator holds no such rows. */
export class StubFilter {
  private readonly tests: readonly ((stub: Values) => boolean)[];

  constructor(target: string, where: unknown, path: string) {
    if (where === null || typeof where !== "object" || Array.isArray(where)) {
      throw badRequest(`${path} must be an object, got ${describe(where)}`);
    }
    this.tests = Object.entries(where).map(([key, value]) => test(target, key, value, `${path}.${key}`));
  }

  matches(stub: unknown): boolean {
    return stub !== null && stub !== undefined && this.tests.every((holds) => holds(stub as Values));
  }

  /** `some`, `every` or `none` of a list of stubs. */
  quantified(stubs: unknown, quantifier: string): boolean {
    const list = Array.isArray(stubs) ? stubs : [];
    if (quantifier === "every") return list.every((stub) => this.matches(stub));
    return list.some((stub) => this.matches(stub)) === (quantifier === "some");
  }
}

function test(target: string, key: string, value: unknown, path: string): (stub: Values) => boolean {
  for (const field of stubFields(target)) {
    const operator = operatorsOf(field.kind).find(({ suffix }) => field.name + suffix === key);
    if (operator === undefined) continue;
    const wanted = operand(operator, value, path);
    if (!operator.takesList && value !== null) checkValue(field.kind, value, path);
    return (stub) => operator.compare(stub[field.name], wanted) === true;
  }
  const known = stubFields(target).map(({ name }) => name);
  throw badRequest(`${path} is not allowed: of ${target} this simulator knows only ${known.join(", ")}`);
}

function operand(operator: Operator, value: unknown, path: string): unknown {
  if (!operator.takesList || value === null) return value;
  if (!Array.isArray(value)) throw badRequest(`${path} must be an array, got ${describe(value)}`);
  return new Set(value);
}
