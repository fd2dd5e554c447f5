import { Field } from "type-graphql";
import { badInput, type TowerError } from "../../kernel/errors.js";
import { once } from "../../kernel/once.js";
import { cloudTowerId } from "../../kernel/text/global-id.js";
import { isForeignId, isPlaceholder, PLACEHOLDER_PREFIX } from "../../upstream/placeholders.js";
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

interface ValueRule {
  readonly kind: "value";
  readonly upstream: string;
  readonly toUpstream?: ToUpstream | undefined;
  /** Whether a value can be a placeholder, which counts as none. @default false */
  readonly isForeignId?: boolean;
}

type FieldRule =
  | ValueRule
  | { readonly kind: "one"; readonly upstream: string; readonly filter: Filter }
  | { readonly kind: "many"; readonly upstream: string; readonly filter: Filter }
  | { readonly kind: "composed"; readonly toClauses: ComposedCondition["toClauses"] };

/** A column of CloudTower's with values that are not the client's. */
export interface ColumnOfFilter {
  readonly column: string;
  readonly toUpstream: ToUpstream;
  /** What the client's values are. */
  readonly description: string;
}

/** A condition that is about no column or relation of its own. */
export interface ComposedCondition {
  /** Its input type; each of its fields is a condition, and all given ones must hold. */
  readonly input: new () => object;
  readonly description: string;
  /** CloudTower's conditions; all must hold. @throws TowerError BAD_USER_INPUT */
  toClauses(value: object): readonly object[];
}

/** Options of a filter. */
export interface FilterOptions {
  /** False if CloudTower's ids change. @default true */
  readonly byId?: boolean;
  /** Conditions on columns that no field shows unchanged: CloudTower's column by the name in the filter. */
  readonly filter?: Readonly<Record<string, string | ColumnOfFilter>>;
  /** Composed conditions, by their names in the filter. */
  readonly composed?: Readonly<Record<string, ComposedCondition>>;
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
  /** Translations of filters that are still in use: a variable may be used in many places. */
  private readonly translated = new WeakMap<object, Where<E>>();
  private readonly typename: string;

  constructor(
    private readonly resource: ResourceClass<E>,
    { byId = true, filter = {}, composed = {} }: FilterOptions = {},
  ) {
    const { typename } = resource;
    this.typename = typename;
    this.input = inputClass(`${typename}Filter`, `Conditions on ${typename} objects. All given conditions must hold.`);
    const toUpstream: ToUpstream = (value) => cloudTowerId(typename, String(value));
    if (byId) this.addField("id", IdFilter.input, "By id.", { kind: "value", upstream: "id", toUpstream });
    for (const [name, column] of columnsShown(resource))
      if (column.filter) this.addValue(name, column.name, column.codec);
    for (const [name, column] of Object.entries(filter)) {
      if (typeof column === "string") this.addValue(name, column);
      else this.addConverted(name, column);
    }
    for (const [name, { input, description, toClauses }] of Object.entries(composed)) {
      this.addField(name, input, description, { kind: "composed", toClauses });
    }
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

  /** Adds conditions on the objects that a to-many relation leads to: `some`, `every`, `none`, `isEmpty`. */
  addMany(name: string, upstream: string, filter: Filter, description: string): void {
    this.rules.set(name, { kind: "many", upstream, filter });
    const quantified = filter.quantified();
    Field(() => quantified, { nullable: true, description })(this.input.prototype, name);
  }

  /**
   * CloudTower's filter; undefined if there is none. The same object is translated once; it must not change.
   *
   * @throws TowerError BAD_USER_INPUT for a filter that CloudTower cannot express, or that would lose a condition.
   */
  toWhere(filter: object | null | undefined): Where<E> | undefined {
    return filter === null || filter === undefined ? undefined : this.whereOf(filter);
  }

  private whereOf(filter: object): Where<E> {
    const known = this.translated.get(filter);
    if (known !== undefined) return known;
    const where = this.translation(filter);
    this.translated.set(filter, where);
    return where;
  }

  private translation(filter: object): Where<E> {
    const where: Record<string, unknown> = {};
    const clauses: object[] = [];
    for (const [name, value] of Object.entries(filter)) {
      if (name in COMBINATORS) clauses.push(...this.combine(name as Combinator, value));
      else this.translate(name, value, where, clauses);
    }
    if (clauses.length > 0) where.AND = clauses;
    if (Object.keys(where).length === 0) throw this.withoutCondition();
    return where as Where<E>;
  }

  private withoutCondition(): TowerError {
    return badInput(`A ${this.typename}Filter must have at least one condition.`);
  }

  /** Adds `isNull`, a condition on a to-one relation to an object of this type. */
  private readonly allowNull = once(() => {
    const description =
      "Only as the sole condition on a to-one relation. True: there is no related object. False: there is one.";
    Field(() => Boolean, { nullable: true, description })(this.input.prototype, IS_NULL);
  });

  /** The input type `{some, every, none, isEmpty}` over this filter; created when a relation first needs it. */
  private readonly quantified = once(() => {
    const input = inputClass(`${this.typename}ListFilter`, `Conditions on a list of ${this.typename} objects.`);
    for (const [name, text] of Object.entries(QUANTIFIERS)) {
      Field(() => this.input, { nullable: true, description: text })(input.prototype, name);
    }
    const description = "True: the list has no objects. False: it has at least one.";
    Field(() => Boolean, { nullable: true, description })(input.prototype, IS_EMPTY);
    return input;
  });

  private addField(name: string, input: new () => object, description: string, rule: FieldRule): void {
    this.rules.set(name, rule);
    Field(() => input, { nullable: true, description })(this.input.prototype, name);
  }

  private addConverted(name: string, { column, toUpstream, description }: ColumnOfFilter): void {
    const { input } = operatorsOf(this.resource.entity, column);
    this.addField(name, input, description, { kind: "value", upstream: column, toUpstream });
  }

  private addValue(name: string, upstream: string, codec?: Codec): void {
    const description = `By \`${name}\`.`;
    const values = codec === undefined ? undefined : enumOf(codec);
    const { input } = values?.filter() ?? operatorsOf(this.resource.entity, upstream);
    const toUpstream: ToUpstream | undefined = values && ((value) => values.toUpstream(value));
    const foreignId = input === StringFilter.input && isForeignId(upstream);
    this.addField(name, input, description, { kind: "value", upstream, toUpstream, isForeignId: foreignId });
  }

  /** Each item of `and`, `or` and `not` becomes a clause of its own, so that upstream cannot interpret it differently. */
  private combine(combinator: Combinator, value: unknown): object[] {
    const items = ((value ?? []) as object[]).map((item) => this.whereOf(item));
    if (items.length === 0) throw this.withoutCondition();
    if (combinator === "and") return items;
    return combinator === "or" ? [{ OR: items }] : items.map((item) => ({ NOT: [item] }));
  }

  private translate(name: string, value: unknown, where: Record<string, unknown>, clauses: object[]): void {
    if (name === IS_NULL)
      throw badInput(`"isNull" in a ${this.typename}Filter must be the only condition on a to-one relation.`);
    const rule = this.rules.get(name);
    const conditions = Object.entries(value ?? {});
    if (rule === undefined || conditions.length === 0 || conditions.some(([, condition]) => condition == null)) {
      throw this.withoutCondition();
    }
    if (rule.kind === "value") this.translateOperators(name, rule, conditions, { where, clauses });
    else if (rule.kind === "composed") clauses.push(...rule.toClauses(value as object));
    else if (rule.kind === "one") {
      const isNull = nullCondition(value);
      if (isNull === undefined) where[rule.upstream] = rule.filter.whereOf(value as object);
      else clauses.push(isNull ? { [rule.upstream]: null } : { NOT: [{ [rule.upstream]: null }] });
    } else {
      for (const [quantifier, condition] of conditions) {
        if (quantifier === IS_EMPTY) clauses.push({ [`${rule.upstream}_${condition ? "none" : "some"}`]: {} });
        else where[`${rule.upstream}_${quantifier}`] = rule.filter.whereOf(condition as object);
      }
    }
  }

  private translateOperators(
    field: string,
    { upstream, toUpstream = (given) => given, isForeignId = false }: ValueRule,
    conditions: readonly [string, unknown][],
    { where, clauses }: { readonly where: Record<string, unknown>; readonly clauses: object[] },
  ): void {
    for (const [operator, value] of conditions) {
      if (operator === "in" && (value as unknown[]).length === 0) {
        clauses.push(NOTHING);
        continue;
      }
      if (isForeignId && operator === IS_NULL && value === true) {
        clauses.push({ OR: [{ [upstream]: null }, { [`${upstream}_starts_with`]: PLACEHOLDER_PREFIX }] });
        continue;
      }
      const key = upstream + (isOperator(operator) ? operatorSuffix(operator) : value ? "" : "_not");
      if (key in where)
        throw badInput(
          `"${operator}" cannot be combined with the other conditions on "${field}". Move one of them into "and".`,
        );
      where[key] = isOperator(operator) ? upstreamValue(field, operator, value, toUpstream) : null;
    }
    if (isForeignId && conditions.some(matchesPlaceholders)) {
      clauses.push({ [`${upstream}_not_starts_with`]: PLACEHOLDER_PREFIX });
    }
  }
}

/** Whether CloudTower could match a placeholder with this condition on an id, as far as it is not about having a value. */
function matchesPlaceholders([operator, value]: readonly [string, unknown]): boolean {
  if (operator === IS_NULL) return value === false;
  if (operator === "eq") return isPlaceholder(value);
  return operator !== "in" || (value as unknown[]).some(isPlaceholder);
}

/** Matches nothing, as `in` does with an empty list: no object has this id. */
const NOTHING = { id: "none" };

const IS_NULL = "isNull";
const IS_EMPTY = "isEmpty";

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
