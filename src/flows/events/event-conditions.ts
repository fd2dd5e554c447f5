import { LRUCache } from "lru-cache";
import { Field } from "type-graphql";
import { IdFilter, inputClass, type OperatorInput, StringFilter } from "../../graph/connections/filter-operators.js";
import { badInput } from "../../kernel/errors.js";
import { cloudTowerId } from "../../kernel/text/global-id.js";

/** Whether a condition holds; undefined if that is not known. */
export type Verdict = boolean | undefined;

/** Evaluates a filter for a subject. */
type Test<S> = (subject: S) => Verdict;

/** Whether an event is delivered: also if a condition cannot be decided, since a reader rather learns too much than misses it. */
export type Accepts<S> = (subject: S) => boolean;

/** Value of a property: null for none, undefined if it is not known, several for a property that can have several at the same time. */
export type PropertyValue = string | null | undefined | readonly string[];

/** A property that events can be filtered by. */
export type Property<S> =
  | { readonly operators: OperatorInput; readonly typename?: string; readonly value: (subject: S) => PropertyValue }
  | { readonly object: ObjectCondition; readonly value: (subject: S) => ObjectValue }
  | { readonly list: ObjectCondition; readonly value: (subject: S) => readonly Named[] | null | undefined };

/** A related object in a row. */
export type Named = Readonly<Record<string, unknown>>;
/** Related objects, of which one has to fit; null for none, undefined if not known. */
export type ObjectValue = Named | readonly Named[] | null | undefined;

/** Maximum length of all compiled filters that are kept, as JSON. */
const MAX_KEPT_LENGTH = 1_000_000;
/** Maximum number of values in a list of a filter. */
const MAX_VALUES = 500;

const COMBINATORS = {
  and: "All of these must hold.",
  or: "At least one of these must hold.",
  not: "None of these may hold.",
};

/** Conditions on a related object, by what rows say of it. */
export class ObjectCondition {
  readonly input: new () => object;
  readonly listInput: new () => object;

  /** @param typename of the object's global ids. @param texts further properties, all of them texts. */
  constructor(
    name: string,
    readonly typename: string,
    texts: readonly string[],
  ) {
    this.input = inputClass(
      `${name}EventFilter`,
      `Conditions on the ${typename} of an event. All given conditions must hold.`,
    );
    Field(() => IdFilter.input, { nullable: true, description: "By id." })(this.input.prototype, "id");
    for (const text of texts) {
      Field(() => StringFilter.input, { nullable: true, description: `By \`${text}\`.` })(this.input.prototype, text);
    }
    this.listInput = inputClass(`${name}ListEventFilter`, `Conditions on the ${typename} objects of an event.`);
  }

  /** Declares the conditions on a list. Called by the filter that has one. */
  declareList(): new () => object {
    for (const [quantifier, text] of Object.entries(QUANTIFIERS)) {
      Field(() => this.input, { nullable: true, description: text })(this.listInput.prototype, quantifier);
    }
    return this.listInput;
  }
}

const QUANTIFIERS = { some: "At least one object matches.", none: "No object matches." };

/**
 * A filter of events: its input type, and its evaluation. The operators are those of the lists' filters, but they are evaluated by the
 * gateway: CloudTower cannot filter what it reports in more than one row.
 */
export class EventFilter<S> {
  readonly input: new () => object;
  private readonly compiled = new LRUCache<string, Accepts<S>>({
    maxSize: MAX_KEPT_LENGTH,
    sizeCalculation: (_, key) => key.length,
  });

  constructor(
    name: string,
    description: string,
    private readonly properties: Readonly<Record<string, Property<S>>>,
  ) {
    this.input = inputClass(name, `${description} All given conditions must hold.`);
    for (const [property, definition] of Object.entries(properties)) {
      const input =
        "operators" in definition
          ? definition.operators.input
          : "object" in definition
            ? definition.object.input
            : definition.list.declareList();
      Field(() => input, { nullable: true, description: `By \`${property}\`.` })(this.input.prototype, property);
    }
    for (const [combinator, text] of Object.entries(COMBINATORS)) {
      Field(() => [this.input], { nullable: true, description: text })(this.input.prototype, combinator);
    }
  }

  /** The same for equal filters, of which thousands of streams have one. @throws TowerError BAD_USER_INPUT for a value that cannot be compared with. */
  compile(filter: object | null | undefined): Accepts<S> {
    const key = JSON.stringify(filter ?? {});
    let accepts = this.compiled.get(key);
    if (accepts === undefined) {
      const test = this.testOfAll(filter);
      accepts = (subject) => test(subject) !== false;
      this.compiled.set(key, accepts);
    }
    return accepts;
  }

  private testOfAll(filter: object | null | undefined): Test<S> {
    const tests = Object.entries(filter ?? {}).map(([name, condition]) => this.testOf(name, condition));
    return (subject) => all(tests.map((test) => test(subject)));
  }

  private testOf(name: string, condition: unknown): Test<S> {
    if (name in COMBINATORS) {
      const tests = (condition as object[]).map((each) => this.testOfAll(each));
      const verdicts = (subject: S) => tests.map((test) => test(subject));
      if (name === "and") return (subject) => all(verdicts(subject));
      if (name === "or") return (subject) => any(verdicts(subject));
      return (subject) => opposite(any(verdicts(subject)));
    }
    const property = this.properties[name];
    if (property === undefined) throw badInput(`Events cannot be filtered by ${name}.`);
    if ("operators" in property) {
      const test = operatorTests(name, condition as object, property.typename);
      return (subject) => test(property.value(subject));
    }
    if ("object" in property) {
      const test = objectTest(property.object, condition as object);
      return (subject) => anyOf(property.value(subject), test);
    }
    const tests = Object.entries(condition as object).map(([quantifier, each]) => {
      const test = objectTest(property.list, each as object);
      return (objects: readonly Named[] | null | undefined) => {
        const some = anyOf(objects, test);
        return quantifier === "some" ? some : opposite(some);
      };
    });
    return (subject) => all(tests.map((test) => test(property.value(subject))));
  }
}

function objectTest({ typename }: ObjectCondition, condition: object): (object: Named | null) => Verdict {
  const tests = Object.entries(condition).map(([name, operators]) => {
    const test = operatorTests(name, operators as object, name === "id" ? typename : undefined);
    return (object: Named | null) => test(object === null ? null : textOf(object[name]));
  });
  return (object) => all(tests.map((test) => test(object)));
}

function textOf(value: unknown): string | null | undefined {
  return value === undefined ? undefined : typeof value === "string" ? value : null;
}

function anyOf(value: ObjectValue, test: (object: Named | null) => Verdict): Verdict {
  if (value === undefined) return undefined;
  const objects = Array.isArray(value) ? (value as readonly Named[]) : [value as Named | null];
  return any(objects.map(test));
}

/** @param typename of the ids that are compared; undefined if they are other texts. */
function operatorTests(
  field: string,
  operators: object,
  typename: string | undefined,
): (value: PropertyValue) => Verdict {
  const bare = (given: unknown) => (typename === undefined ? String(given) : cloudTowerId(typename, String(given)));
  const tests = Object.entries(operators).map(([operator, given]) => {
    if (operator === "isNull") return (value: PropertyValue) => known(value, (each) => (each === null) === given);
    if (Array.isArray(given) && given.length > MAX_VALUES) {
      throw badInput(`"${field}.${operator}" must have at most ${MAX_VALUES} values, got ${given.length}.`);
    }
    const expected = Array.isArray(given) ? new Set(given.map(bare)) : bare(given);
    const holds = COMPARISONS[operator];
    if (holds === undefined) throw badInput(`Events cannot be filtered with ${operator}.`);
    return (value: PropertyValue) => known(value, (each) => each !== null && holds(each, expected));
  });
  return (value) => all(tests.map((test) => test(value)));
}

/** Several values: one has to fit. */
function known(value: PropertyValue, holds: (value: string | null) => boolean): Verdict {
  if (value === undefined) return undefined;
  if (value === null || typeof value === "string") return holds(value);
  return value.length === 0 ? holds(null) : value.some(holds);
}

type Comparison = (value: string, expected: string | ReadonlySet<string>) => boolean;

const COMPARISONS: Readonly<Record<string, Comparison>> = {
  eq: (value, expected) => value === expected,
  not: (value, expected) => value !== expected,
  in: (value, expected) => (expected as ReadonlySet<string>).has(value),
  notIn: (value, expected) => !(expected as ReadonlySet<string>).has(value),
  lt: (value, expected) => value < (expected as string),
  lte: (value, expected) => value <= (expected as string),
  gt: (value, expected) => value > (expected as string),
  gte: (value, expected) => value >= (expected as string),
  contains: (value, expected) => value.includes(expected as string),
  notContains: (value, expected) => !value.includes(expected as string),
  startsWith: (value, expected) => value.startsWith(expected as string),
  notStartsWith: (value, expected) => !value.startsWith(expected as string),
  endsWith: (value, expected) => value.endsWith(expected as string),
  notEndsWith: (value, expected) => !value.endsWith(expected as string),
};

function all(verdicts: readonly Verdict[]): Verdict {
  return verdicts.includes(false) ? false : verdicts.includes(undefined) ? undefined : true;
}

function any(verdicts: readonly Verdict[]): Verdict {
  return verdicts.includes(true) ? true : verdicts.includes(undefined) ? undefined : false;
}

function opposite(verdict: Verdict): Verdict {
  return verdict === undefined ? undefined : !verdict;
}
