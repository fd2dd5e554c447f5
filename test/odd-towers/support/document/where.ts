import type { Member, Shapes } from "./shape.js";
import type { StoredRow, World } from "./world.js";

type Json = Readonly<Record<string, unknown>>;
/** As in SQL: a comparison with nothing is unknown. */
type Truth = boolean | null;

/** CloudTower's filters over a generated world. Requests have been checked against the document before. */
export class Filters {
  private readonly operators = new Map<string, { readonly member: Member; readonly operator: string }>();

  constructor(
    private readonly shapes: Shapes,
    private readonly world: World,
  ) {}

  /** Whether a row matches a filter. */
  matches(kind: string, row: StoredRow, where: Json | null | undefined): boolean {
    return this.truth(kind, row, where ?? {}) === true;
  }

  private truth(kind: string, row: StoredRow, where: Json): Truth {
    return and(Object.entries(where).map(([key, wanted]) => this.condition(kind, row, key, wanted)));
  }

  private condition(kind: string, row: StoredRow, key: string, wanted: unknown): Truth {
    if (key === "AND" || key === "OR" || key === "NOT") {
      const parts = ((wanted ?? []) as Json[]).map((part) => this.truth(kind, row, part));
      if (key === "AND") return and(parts);
      return key === "OR" ? or(parts) : and(parts.map(not));
    }
    const { member, operator } = this.parse(kind, key);
    const value = row[member.name] ?? null;
    if (member.kind === "one") {
      if (wanted === null) return value === null;
      const target = value === null ? undefined : this.world.find(value);
      return target !== undefined && this.matches(member.of, target, wanted as Json);
    }
    if (member.kind === "many") {
      const rows = ((value ?? []) as string[]).flatMap((id) => this.world.find(id) ?? []);
      const match = (target: StoredRow) => this.matches(member.of, target, wanted as Json);
      if (operator === "_some") return rows.some(match);
      return operator === "_none" ? !rows.some(match) : rows.every(match);
    }
    return compare(value, operator, wanted);
  }

  private parse(kind: string, key: string): { readonly member: Member; readonly operator: string } {
    const name = `${kind}.${key}`;
    let known = this.operators.get(name);
    if (known === undefined) {
      const fitting = this.shapes
        .of(kind)
        .filter((member) => key.startsWith(member.name) && OPERATORS.has(key.slice(member.name.length)));
      const member = fitting.sort((a, b) => b.name.length - a.name.length)[0];
      if (member === undefined) throw new Error(`no member of ${kind} has the filter ${key}`);
      known = { member, operator: key.slice(member.name.length) };
      this.operators.set(name, known);
    }
    return known;
  }
}

const TEXT = ["_contains", "_starts_with", "_ends_with"];
const OPERATORS = new Set([
  ...["", "_not", "_in", "_not_in", "_lt", "_lte", "_gt", "_gte", "_some", "_every", "_none"],
  ...TEXT,
  ...TEXT.map((operator) => `_not${operator}`),
]);

function compare(value: unknown, operator: string, wanted: unknown): Truth {
  if (operator.startsWith("_not")) {
    if (operator === "_not" && wanted === null) return value !== null;
    return not(compare(value, operator.slice("_not".length), wanted));
  }
  if (operator === "" && wanted === null) return value === null;
  if (value === null) return null;
  switch (operator) {
    case "":
      return value === wanted;
    case "_in":
      return (wanted as unknown[]).includes(value);
    case "_lt":
      return order(value, wanted) < 0;
    case "_lte":
      return order(value, wanted) <= 0;
    case "_gt":
      return order(value, wanted) > 0;
    case "_gte":
      return order(value, wanted) >= 0;
    case "_contains":
      return String(value).includes(String(wanted));
    case "_starts_with":
      return String(value).startsWith(String(wanted));
    default:
      return String(value).endsWith(String(wanted));
  }
}

/** Order of two values that are not null. Texts are sorted as a database with a collation does, not by their codes. */
export function order(a: unknown, b: unknown): number {
  if (typeof a === "string" && typeof b === "string") return collator.compare(a, b) || (a < b ? -1 : a > b ? 1 : 0);
  return Number(a) - Number(b);
}

const collator = new Intl.Collator("en");

function and(parts: readonly Truth[]): Truth {
  if (parts.includes(false)) return false;
  return parts.includes(null) ? null : true;
}

function or(parts: readonly Truth[]): Truth {
  if (parts.includes(true)) return true;
  return parts.includes(null) ? null : false;
}

function not(part: Truth): Truth {
  return part === null ? null : !part;
}
