import type { Entity } from "../../upstream/wire/types.js";
import { badRequest } from "../refusal.js";
import { describeValue, readValue } from "../store/check-value.js";
import { type EntityModel, type Field, isEntity, type Kind } from "../store/model.js";
import type { Renderer } from "../store/renderer.js";
import { idsIn, type StoredRow } from "../store/store.js";
import type { Viewer } from "../store/viewer.js";
import { all, type Clause, every, negate, union } from "./clause.js";
import { invalidKeyReason } from "./invalid-key.js";
import { type Operator, operatorsOf } from "./operators.js";
import { StubFilter } from "./stub-filter.js";

/**
 * CloudTower's filter language for one caller. Rows that the caller may not see do not match, at any depth.
 *
 * Filters are evaluated from the inside out: a nested filter selects rows, and the outer one looks them up in the index of the
 * reference. So the cost of `{vm: {id_in: [...]}}` depends on the rows found, not on the size of the inventory.
 */
export class Filter {
  constructor(
    readonly renderer: Renderer,
    readonly viewer: Viewer,
  ) {}

  /** Visible rows that match, in no particular order. Throws a 400 that names the key if the contract does not have it. */
  select(entity: Entity, where: unknown, path = "where"): StoredRow[] {
    const store = this.renderer.store;
    const clauses = this.clauses(store.model.entity(entity), where, path);
    const candidateSets = clauses
      .flatMap(({ candidates }) => (candidates ? [candidates] : []))
      .sort((a, b) => a.length - b.length);
    const rows: StoredRow[] = [];
    for (const row of candidateSets[0] ?? store.table(entity).values()) {
      if (this.viewer.sees(row) && clauses.every((clause) => clause.test(row) === true)) rows.push(row);
    }
    return rows;
  }

  private clauses(entity: EntityModel, where: unknown, path: string): Clause[] {
    if (where === null || where === undefined) return [];
    if (typeof where !== "object" || Array.isArray(where)) {
      throw badRequest(`${path} must be an object, got ${describeValue(where)}`);
    }
    return Object.entries(where).flatMap(([key, value]) => this.clause(entity, key, value, `${path}.${key}`));
  }

  private clause(entity: EntityModel, key: string, value: unknown, path: string): Clause[] {
    if (key === "AND" || key === "OR" || key === "NOT") return this.combination(entity, key, value, path);
    const field = entity.fields.get(key);
    if (field?.kind.is === "one") return [this.toOne(entity, field, field.kind.target, value, path)];
    const scalar = this.scalarOf(entity, key);
    if (scalar) return [this.scalar(entity, scalar.field, scalar.operator, value, path)];
    const many = /^(.+)_(some|every|none)$/.exec(key);
    const list = many && entity.fields.get(many[1] ?? "");
    if (list?.kind.is === "many") return [this.toMany(entity, list, list.kind, many?.[2] ?? "", value, path)];
    throw badRequest(`${path} is not allowed: ${invalidKeyReason(entity, key)}`);
  }

  private combination(entity: EntityModel, key: "AND" | "OR" | "NOT", value: unknown, path: string): Clause[] {
    if (value === null) return [];
    if (!Array.isArray(value)) throw badRequest(`${path} must be an array, got ${describeValue(value)}`);
    const parts = value.map((part, index) => {
      if (part === null) throw badRequest(`${path}[${index}] must be an object, got null`);
      return this.clauses(entity, part, `${path}[${index}]`);
    });
    if (key === "AND") return parts.flat();
    const tests = parts.map(all);
    if (key === "NOT") return [{ test: (row) => every(tests.map((test) => negate(test(row)))) }];
    const candidateSets = parts.map((clauses) => clauses.find((clause) => clause.candidates)?.candidates);
    const test = (row: StoredRow) => negate(every(tests.map((one) => negate(one(row)))));
    return candidateSets.every((candidates) => candidates !== undefined)
      ? [{ test, candidates: union(candidateSets) }]
      : [{ test }];
  }

  private scalarOf(entity: EntityModel, key: string): { field: Field; operator: Operator } | undefined {
    // A field name can itself end like an operator: try every split, longest name first.
    for (let end = key.length; end > 0; end = key.lastIndexOf("_", end - 1)) {
      const field = entity.fields.get(key.slice(0, end));
      const operator = field && operatorsOf(field.kind).find(({ suffix }) => suffix === key.slice(end));
      if (field && operator) return { field, operator };
    }
    return undefined;
  }

  private scalar(entity: EntityModel, field: Field, operator: Operator, value: unknown, path: string): Clause {
    const read = this.renderer.reader(entity, field.name, this.viewer);
    if (operator.takesList) {
      if (value !== null && !Array.isArray(value))
        throw badRequest(`${path} must be an array, got ${describeValue(value)}`);
      const items = value?.map((item, index) => {
        if (item === null) throw badRequest(`${path}[${index}] must not be null`);
        return readValue(field.kind, item, `${path}[${index}]`);
      });
      const wanted = items ? new Set(items) : null;
      const test = (row: StoredRow) => operator.compare(read(row), wanted);
      return wanted && operator.suffix === "_in" && indexed(field.kind)
        ? { test, candidates: union([...wanted].map((item) => this.equal(entity, field, item))) }
        : { test };
    }
    const operand = value === null ? null : readValue(field.kind, value, path);
    const test = (row: StoredRow) => operator.compare(read(row), operand);
    return operator.suffix === "" && indexed(field.kind)
      ? { test, candidates: this.equal(entity, field, operand) }
      : { test };
  }

  private equal(entity: EntityModel, field: Field, value: unknown): readonly StoredRow[] {
    const { store } = this.renderer;
    if (field.name !== "id") return store.equal(entity.name, field.name, value);
    const row = store.get(entity.name, value);
    return row ? [row] : [];
  }

  private toOne(entity: EntityModel, field: Field, target: string, value: unknown, path: string): Clause {
    if (value === null) return { test: (row) => row.values[field.name] === null };
    if (!isEntity(target)) {
      const filter = new StubFilter(this.renderer.store.model, target, value, path);
      return { test: (row) => filter.matches(row.values[field.name]) };
    }
    const matches = this.select(target, value ?? undefined, path);
    const ids = new Set<unknown>(matches.map((row) => row.id));
    const { store } = this.renderer;
    return {
      test: (row) => ids.has(row.values[field.name]),
      candidates: union(matches.map((row) => store.referrers(entity.name, field.name, row.id))),
    };
  }

  private toMany(
    entity: EntityModel,
    field: Field,
    kind: Extract<Kind, { is: "many" }>,
    quantifier: string,
    value: unknown,
    path: string,
  ): Clause {
    // As everywhere, a comparison with null matches nothing.
    if (value === null) return { test: () => null, candidates: [] };
    const { target } = kind;
    if (!isEntity(target)) {
      const filter = new StubFilter(this.renderer.store.model, target, value, path);
      return { test: (row) => filter.quantified(row.values[field.name], quantifier) };
    }
    const { store } = this.renderer;
    const matches = new Set(this.select(target, value, path));
    const relatedTo = (row: StoredRow): readonly StoredRow[] => {
      const ends =
        kind.by !== null
          ? [...store.referrers(target, kind.by, row.id)]
          : idsIn(row.values[field.name]).flatMap((id) => store.get(target, id) ?? []);
      return ends.filter((end) => this.viewer.sees(end));
    };
    if (quantifier === "every") return { test: (row) => relatedTo(row).every((related) => matches.has(related)) };
    const owners = new Set<StoredRow>();
    for (const match of matches) {
      const found =
        kind.by !== null
          ? idsIn(match.values[kind.by]).flatMap((id) => store.get(entity.name, id) ?? [])
          : store.referrers(entity.name, field.name, match.id);
      for (const owner of found) owners.add(owner);
    }
    return quantifier === "some"
      ? { test: (row) => owners.has(row), candidates: [...owners] }
      : { test: (row) => !owners.has(row) };
  }
}

function indexed(kind: Kind): boolean {
  return kind.is === "scalar" && kind.type === "string";
}
