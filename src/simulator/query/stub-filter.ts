import { badRequest } from "../refusal.js";
import { describeValue, readValue } from "../store/check-value.js";
import type { Model } from "../store/model.js";
import type { Values } from "../store/store.js";
import { every, negate } from "./clause.js";
import { type Operator, operatorsOf } from "./operators.js";

/**
 * A filter across a relation to an entity that is not in the contract table, such as `{name: "nightly"}` on a backup plan. Compares
 * fields of the stub; other keys are refused, because the simulator has no such rows.
 */
export class StubFilter {
  private readonly test: Test;

  constructor(model: Model, target: string, where: unknown, path: string) {
    this.test = conjunction(model, target, where, path);
  }

  matches(stub: unknown): boolean {
    return stub !== null && stub !== undefined && this.test(stub as Values) === true;
  }

  /** Applies `some`, `every` or `none` to a list of stubs. */
  quantified(stubs: unknown, quantifier: string): boolean {
    const list = Array.isArray(stubs) ? stubs : [];
    if (quantifier === "every") return list.every((stub) => this.matches(stub));
    return list.some((stub) => this.matches(stub)) === (quantifier === "some");
  }
}

/** In SQL's three-valued logic: null is unknown. */
type Test = (stub: Values) => boolean | null;

function conjunction(model: Model, target: string, where: unknown, path: string): Test {
  if (where === null || typeof where !== "object" || Array.isArray(where)) {
    throw badRequest(`${path} must be an object, got ${describeValue(where)}`);
  }
  const tests = Object.entries(where).map(([key, value]) => condition(model, target, key, value, `${path}.${key}`));
  return (stub) => every(tests.map((test) => test(stub)));
}

function condition(model: Model, target: string, key: string, value: unknown, path: string): Test {
  if (key === "AND" || key === "OR" || key === "NOT") return combination(model, target, key, value, path);
  for (const field of model.stubFields(target)) {
    const operator = operatorsOf(field.kind).find(({ suffix }) => field.name + suffix === key);
    if (operator === undefined) continue;
    const single = operator.takesList || value === null ? value : readValue(field.kind, value, path);
    const operand = readOperand(operator, single, path);
    return (stub) => operator.compare(stub[field.name], operand);
  }
  const known = model.stubFields(target).map(({ name }) => name);
  throw badRequest(`${path} is not allowed: the simulator knows only these fields of ${target}: ${known.join(", ")}`);
}

function combination(model: Model, target: string, key: "AND" | "OR" | "NOT", value: unknown, path: string): Test {
  if (value === null) return () => true;
  if (!Array.isArray(value)) throw badRequest(`${path} must be an array, got ${describeValue(value)}`);
  const tests = value.map((part, index) => conjunction(model, target, part, `${path}[${index}]`));
  if (key === "AND") return (stub) => every(tests.map((test) => test(stub)));
  if (key === "NOT") return (stub) => every(tests.map((test) => negate(test(stub))));
  return (stub) => negate(every(tests.map((test) => negate(test(stub)))));
}

function readOperand(operator: Operator, value: unknown, path: string): unknown {
  if (!operator.takesList || value === null) return value;
  if (!Array.isArray(value)) throw badRequest(`${path} must be an array, got ${describeValue(value)}`);
  return new Set(value);
}
