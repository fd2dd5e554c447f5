import { Field } from "type-graphql";
import { badInput } from "../../kernel/errors.js";
import { cloudTowerId } from "../../kernel/global-id.js";
import { once } from "../../kernel/once.js";
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

/** Most values in one `in` list of a filter. */
const MAX_VALUES = 500;

/** Turns a value of the client into CloudTower's: ids lose their prefix, enums take the upstream spelling. */
type ToUpstream = (value: unknown) => unknown;

type FieldRule =
  | { readonly kind: "value"; readonly upstream: string; readonly toUpstream?: ToUpstream | undefined }
  | { readonly kind: "one"; readonly upstream: string; readonly filter: Filter }
  | { readonly kind: "many"; readonly upstream: string; readonly filter: Filter };

/** Options of a filter. */
export interface FilterOptions {
  /** False if CloudTower's ids do not last. @default true */
  readonly byId?: boolean;
  /** Conditions on columns that no field shows as they are: CloudTower's column by the name in the filter. */
  readonly filter?: Readonly<Record<string, string>>;
}

/**
 * The filter of one kind of object: an input type, and its translation into CloudTower's language.
 *
 * It has the columns that the class declares with `filter: true`. The operators of a column follow from its kind in the contract;
 * what CloudTower cannot express has no operator.
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
    this.input = inputClass(`${typename}Filter`, `Which ${typename} objects are wanted. All conditions must hold.`);
    const toUpstream: ToUpstream = (value) => cloudTowerId(typename, String(value));
    if (byId) this.addField("id", IdFilter.input, "By id.", { kind: "value", upstream: "id", toUpstream });
    for (const [name, column] of columnsShown(resource))
      if (column.filter) this.addValue(name, column.name, column.codec);
    for (const [name, column] of Object.entries(filter)) this.addValue(name, column);
    for (const [name, text] of Object.entries(COMBINATORS)) {
      Field(() => [this.input], { nullable: true, description: text })(this.input.prototype, name);
    }
  }

  /** Adds a condition on the object that a to-one relation leads to. */
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

  /** CloudTower's filter, or undefined where the client's says nothing. */
  toWhere(filter: object | null | undefined): Where<E> | undefined {
    if (filter === null || filter === undefined) return undefined;
    const where: Record<string, unknown> = {};
    const also: object[] = [];
    for (const [name, value] of Object.entries(filter)) {
      if (name in COMBINATORS) also.push(...this.combine(name as Combinator, value));
      else this.translate(name, value, where, also);
    }
    if (also.length > 0) where.AND = also;
    return Object.keys(where).length === 0 ? undefined : (where as Where<E>);
  }

  /** Adds `isNull`, with which the relation that leads to such an object can be said to lead nowhere. */
  private readonly allowNull = once(() => {
    const description = "Only below a relation, and alone there. True: it leads to no object. False: it leads to one.";
    Field(() => Boolean, { nullable: true, description })(this.input.prototype, IS_NULL);
  });

  /** The input type `{some, every, none}` over this filter; made when the first relation needs it. */
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

  /** `and` joins, `or` takes one of them, `not` drops each of them: every item its own clause, so that upstream cannot read it otherwise. */
  private combine(combinator: Combinator, value: unknown): object[] {
    if (value === null) return [];
    const items = (value as object[]).map((item) => this.toWhere(item));
    const given = items.filter((item) => item !== undefined);
    if (given.length < items.length || items.length === 0) {
      throw badInput(
        `expected at least one condition in each item of "${combinator}" in a ${this.typename}Filter, got none`,
      );
    }
    if (combinator === "and") return given;
    return combinator === "or" ? [{ OR: given }] : given.map((item) => ({ NOT: [item] }));
  }

  private translate(name: string, value: unknown, where: Record<string, unknown>, also: object[]): void {
    if (name === IS_NULL)
      throw badInput(`expected "isNull" of a ${this.typename} alone below a relation to one object, got it elsewhere`);
    const rule = this.rules.get(name);
    if (rule === undefined || value === null || value === undefined) return;
    if (rule.kind === "value") {
      this.translateOperators(name, rule.upstream, rule.toUpstream ?? ((given) => given), value as object, where);
    } else if (rule.kind === "one") {
      const nothing = nullCondition(value);
      const nested = nothing === undefined ? rule.filter.toWhere(value as object) : undefined;
      if (nested !== undefined) where[rule.upstream] = nested;
      if (nothing !== undefined) also.push(nothing ? { [rule.upstream]: null } : { NOT: [{ [rule.upstream]: null }] });
    } else {
      for (const [quantifier, condition] of Object.entries(value as object)) {
        // An empty condition says something here: `none: {}` is "has none at all".
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
      if (value === null) throw badInput(`expected a value for "${field}.${operator}", got null; use isNull`);
      const key = upstream + (isOperator(operator) ? operatorSuffix(operator) : value ? "" : "_not");
      if (key in where) throw badInput(`expected either "${operator}" or another condition on "${field}", got both`);
      where[key] = isOperator(operator) ? upstreamValue(field, operator, value, toUpstream) : null;
    }
  }
}

const IS_NULL = "isNull";

/** What `{isNull}` alone says; undefined for any other condition. */
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
  some: "At least one object is like this.",
  every: "All objects are like this, or there are none.",
  none: "No object is like this.",
};

function upstreamValue(field: string, operator: Operator, value: unknown, toUpstream: ToUpstream): unknown {
  if (!takesList(operator)) return toUpstream(value);
  const values = value as unknown[];
  if (values.length > MAX_VALUES) {
    throw badInput(`expected at most ${MAX_VALUES} values in "${field}.${operator}", got ${values.length}`);
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
