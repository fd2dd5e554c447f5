import { badRequest } from "../refusal.js";
import { describeValue, readValue } from "../store/check-value.js";
import type { Model } from "../store/model.js";
import type { Values } from "../store/store.js";
import { type Operator, operatorsOf } from "./operators.js";

/**
 * A filter across a relation to an entity that CloudTower cannot list, such as `{name: "nightly"}` on a backup plan. Compares fields
 * of the stub; other keys are refused, because the simulator has no such rows.
 */
export class StubFilter {
  private readonly tests: readonly ((stub: Values) => boolean)[];

  constructor(model: Model, target: string, where: unknown, path: string) {
    if (where === null || typeof where !== "object" || Array.isArray(where)) {
      throw badRequest(`${path} must be an object, got ${describeValue(where)}`);
    }
    this.tests = Object.entries(where).map(([key, value]) => test(model, target, key, value, `${path}.${key}`));
  }

  matches(stub: unknown): boolean {
    return stub !== null && stub !== undefined && this.tests.every((holds) => holds(stub as Values));
  }

  /** Applies `some`, `every` or `none` to a list of stubs. */
  quantified(stubs: unknown, quantifier: string): boolean {
    const list = Array.isArray(stubs) ? stubs : [];
    if (quantifier === "every") return list.every((stub) => this.matches(stub));
    return list.some((stub) => this.matches(stub)) === (quantifier === "some");
  }
}

function test(model: Model, target: string, key: string, value: unknown, path: string): (stub: Values) => boolean {
  for (const field of model.stubFields(target)) {
    const operator = operatorsOf(field.kind).find(({ suffix }) => field.name + suffix === key);
    if (operator === undefined) continue;
    const single = operator.takesList || value === null ? value : readValue(field.kind, value, path);
    const operand = readOperand(operator, single, path);
    return (stub) => operator.compare(stub[field.name], operand) === true;
  }
  const known = model.stubFields(target).map(({ name }) => name);
  throw badRequest(`${path} is not allowed: the simulator knows only these fields of ${target}: ${known.join(", ")}`);
}

function readOperand(operator: Operator, value: unknown, path: string): unknown {
  if (!operator.takesList || value === null) return value;
  if (!Array.isArray(value)) throw badRequest(`${path} must be an array, got ${describeValue(value)}`);
  return new Set(value);
}
