import { Field } from "type-graphql";
import { badInput } from "../../kernel/errors.js";
import { once } from "../../kernel/once.js";
import { cloudTowerId } from "../../kernel/text/global-id.js";
import { entities } from "../../upstream/wire/contract.js";
import type { Entity, Where } from "../../upstream/wire/types.js";
import type { Codec } from "../model/codec.js";
import { columnsShown } from "../model/column.js";
import type { ResourceClass } from "../model/resource.js";
import { enumOf } from "./define-enum.js";
import {
  BigIntFilter,
  BooleanFilter,
  DateTimeFilter,
  FloatFilter,
  IdFilter,
  IntFilter,
  inputClass,
  isOperator,
  type Operator,
  operatorSuffix,
  StringFilter,
  takesList,
} from "./filter-operators.js";

/** Maximum number of values in a list of a filter. */
const MAX_VALUES = 500;

/** Converts a client's value into CloudTower's: removes the prefix of ids and uses the upstream spelling of enums. */
type ToUpstream = (value: unknown) => unknown;

type FieldRule =
  | { readonly kind: "value"; readonly upstream: string; readonly toUpstream?: ToUpstream | undefined }
  | { readonly kind: "one"; readonly upstream: string; readonly filter: Filter }
  | { readonly kind: "many"; readonly upstream: string; readonly filter: Filter };

/** Options of a filter. */
export interface FilterOptions {
  /** False if CloudTower's ids change. @default true */
  readonly byId?: boolean;
  /** Conditions on columns that no field shows unchanged: CloudTower's column by the name in the filter. */
  readonly filter?: Readonly<Record<string, string>>;
}

/**
 * The filter of a type: its input type, and the translation into CloudTower's filters.
 *
 * It has the columns that the class declares with `filter: true`. The operators of a column depend on its kind in the contract; there
 * are none that CloudTower cannot express.
 */
export class Filter<E extends Entity = Entity> {
  readonly input: new () => object;
  private readonly rules = new Map<string, FieldRule>();
  private readonly typename: string;

  constructor(
    private readonly resource: ResourceClass<E>,
    { byId = true, filter = {} }: FilterOptions = {},
  ) {
    const { typename } = resource;
    this.typename = typename;
    this.input = inputClass(`${typename}Filter`, `Conditions on ${typename} objects. All given conditions must hold.`);
    const toUpstream: ToUpstream = (value) => cloudTowerId(typename, String(value));
    if (byId) this.addField("id", IdFilter.input, "By id.", { kind: "value", upstream: "id", toUpstream });
    for (const [name, column] of columnsShown(resource))
      if (column.filter) this.addValue(name, column.name, column.codec);
    for (const [name, column] of Object.entries(filter)) this.addValue(name, column);
    for (const [name, text] of Object.entries(COMBINATORS)) {
      Field(() => [this.input], { nullable: true, description: text })(this.input.prototype, name);
    }
  }

  /** Adds conditions on the object that a to-one relation leads to. */
  addOne(name: string, upstream: string, filter: Filter, description: string): void {
    this.rules.set(name, { kind: "one", upstream, filter });
    filter.allowNull();
    Field(() => filter.input, { nullable: true, description })(this.input.prototype, name);
  }

  /** Adds conditions on the objects that a to-many relation leads to: `some`, `every`, `none`. */
  addMany(name: string, upstream: string, filter: Filter, description: string): void {
    this.rules.set(name, { kind: "many", upstream, filter });
    const quantified = filter.quantified();
    Field(() => quantified, { nullable: true, description })(this.input.prototype, name);
  }

  /** CloudTower's filter; undefined if the client's has no conditions. */
  toWhere(filter: object | null | undefined): Where<E> | undefined {
    if (filter === null || filter === undefined) return undefined;
    const where: Record<string, unknown> = {};
    const clauses: object[] = [];
    for (const [name, value] of Object.entries(filter)) {
      if (name in COMBINATORS) clauses.push(...this.combine(name as Combinator, value));
      else this.translate(name, value, where, clauses);
    }
    if (clauses.length > 0) where.AND = clauses;
    return Object.keys(where).length === 0 ? undefined : (where as Where<E>);
  }

  /** Adds `isNull`, a condition on a to-one relation to an object of this type. */
  private readonly allowNull = once(() => {
    const description =
      "Only as the sole condition on a to-one relation. True: there is no related object. False: there is one.";
    Field(() => Boolean, { nullable: true, description })(this.input.prototype, IS_NULL);
  });

  /** The input type `{some, every, none}` over this filter; created when a relation first needs it. */
  private readonly quantified = once(() => {
    const input = inputClass(`${this.typename}ListFilter`, `Conditions on a list of ${this.typename} objects.`);
    for (const [name, text] of Object.entries(QUANTIFIERS)) {
      Field(() => this.input, { nullable: true, description: text })(input.prototype, name);
    }
    return input;
  });

  private addField(name: string, input: new () => object, description: string, rule: FieldRule): void {
    this.rules.set(name, rule);
    Field(() => input, { nullable: true, description })(this.input.prototype, name);
  }

  private addValue(name: string, upstream: string, codec?: Codec): void {
    const description = `By \`${name}\`.`;
    const values = codec === undefined ? undefined : enumOf(codec);
    const { input } = values?.filter() ?? operatorsOf(this.resource.entity, upstream);
    const toUpstream: ToUpstream | undefined = values && ((value) => values.toUpstream(value));
    this.addField(name, input, description, { kind: "value", upstream, toUpstream });
  }

  /** Each item of `and`, `or` and `not` becomes a clause of its own, so that upstream cannot interpret it differently. */
  private combine(combinator: Combinator, value: unknown): object[] {
    if (value === null) return [];
    const items = (value as object[]).map((item) => this.toWhere(item));
    const given = items.filter((item) => item !== undefined);
    if (given.length < items.length || items.length === 0) {
      throw badInput(`Each item of "${combinator}" in a ${this.typename}Filter must have at least one condition.`);
    }
    if (combinator === "and") return given;
    return combinator === "or" ? [{ OR: given }] : given.map((item) => ({ NOT: [item] }));
  }

  private translate(name: string, value: unknown, where: Record<string, unknown>, clauses: object[]): void {
    if (name === IS_NULL)
      throw badInput(`"isNull" in a ${this.typename}Filter must be the only condition on a to-one relation.`);
    const rule = this.rules.get(name);
    if (rule === undefined || value === null || value === undefined) return;
    if (rule.kind === "value") {
      this.translateOperators(name, rule.upstream, rule.toUpstream ?? ((given) => given), value as object, where);
    } else if (rule.kind === "one") {
      const isNull = nullCondition(value);
      const nested = isNull === undefined ? rule.filter.toWhere(value as object) : undefined;
      if (nested !== undefined) where[rule.upstream] = nested;
      if (isNull !== undefined) clauses.push(isNull ? { [rule.upstream]: null } : { NOT: [{ [rule.upstream]: null }] });
    } else {
      for (const [quantifier, condition] of Object.entries(value as object)) {
        // An empty condition has a meaning here: `none: {}` matches objects that have none.
        if (condition !== null) where[`${rule.upstream}_${quantifier}`] = rule.filter.toWhere(condition) ?? {};
      }
    }
  }

  private translateOperators(
    field: string,
    upstream: string,
    toUpstream: ToUpstream,
    conditions: object,
    where: Record<string, unknown>,
  ): void {
    for (const [operator, value] of Object.entries(conditions)) {
      if (value === null) throw badInput(`"${field}.${operator}" must have a value, got null. Use isNull instead.`);
      const key = upstream + (isOperator(operator) ? operatorSuffix(operator) : value ? "" : "_not");
      if (key in where)
        throw badInput(
          `"${operator}" cannot be combined with the other conditions on "${field}". Move one of them into "and".`,
        );
      where[key] = isOperator(operator) ? upstreamValue(field, operator, value, toUpstream) : null;
    }
  }
}

const IS_NULL = "isNull";

/** The value of `isNull` if it is the only condition, else undefined. */
function nullCondition(value: unknown): boolean | undefined {
  const { [IS_NULL]: isNull, ...others } = value as { isNull?: boolean | null };
  return typeof isNull === "boolean" && Object.keys(others).length === 0 ? isNull : undefined;
}

const COMBINATORS = {
  and: "All of these must hold.",
  or: "At least one of these must hold.",
  not: "None of these may hold.",
};
type Combinator = keyof typeof COMBINATORS;

const QUANTIFIERS = {
  some: "At least one object matches.",
  every: "All objects match, or there are none.",
  none: "No object matches.",
};

function upstreamValue(field: string, operator: Operator, value: unknown, toUpstream: ToUpstream): unknown {
  if (!takesList(operator)) return toUpstream(value);
  const values = value as unknown[];
  if (values.length > MAX_VALUES) {
    throw badInput(`"${field}.${operator}" must have at most ${MAX_VALUES} values, got ${values.length}.`);
  }
  return values.map(toUpstream);
}

function operatorsOf(entity: Entity, field: string) {
  const kind = (entities[entity].fields as Record<string, string>)[field]?.replace("!", "");
  switch (kind) {
    case "string":
      return StringFilter;
    case "date":
      return DateTimeFilter;
    case "int32":
      return IntFilter;
    case "int64":
      return BigIntFilter;
    case "double":
      return FloatFilter;
    case "boolean":
      return BooleanFilter;
    default:
      throw new Error(`${entity}.${field} of kind ${kind} has no filter`);
  }
}
