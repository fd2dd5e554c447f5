import { type GraphQLInputObjectType, getNamedType, isEnumType, isInputObjectType } from "graphql";
import { type Listing, listingOf } from "../../../../src/graph/connections/listing.js";
import { columnsShown } from "../../../../src/graph/model/column.js";
import type { ResourceClass } from "../../../../src/graph/model/resource.js";
import { type GraphList, graphLists } from "../../../graph/support/graph-lists.js";
import type { DocumentTower } from "./document-tower.js";
import type { StoredRow } from "./world.js";

/** A condition of a filter: its text, and what a CloudTower with the document should make of it. */
export interface Condition {
  readonly text: string;
  /** False if the document lacks a filter key or a value of an enum that the condition needs: then it is refused. */
  readonly isAllowed: boolean;
  holds(row: StoredRow): boolean;
}

/** CloudTower's column that the graph sorts by. */
export function orderColumn({ resource }: GraphList, order: string): string {
  const byName = [...columnsShown(resource)].map(([field, { name }]) => [screaming(field), name] as const);
  return new Map(byName).get(order) ?? order.toLowerCase();
}

/** Makes the conditions of lists, with values of a tower's rows. */
export class Conditions {
  private readonly ownOf = new Map<string, readonly Condition[]>();

  constructor(private readonly tower: DocumentTower) {}

  /** Every condition on a list: each operator of each field; across relations each field with one operator, in turn. */
  of(list: GraphList): Condition[] {
    const across = relationsIn(list.filter).flatMap(([name, input]) => this.across(list, name, input));
    return [...this.own(list.resource, list.filter), ...across];
  }

  /** Each operator of each plain field. */
  private own(resource: ResourceClass, filter: GraphQLInputObjectType): readonly Condition[] {
    let own = this.ownOf.get(resource.typename);
    if (own === undefined) {
      own = Object.values(filter.getFields()).flatMap(({ name, type }) => {
        const input = getNamedType(type);
        const isPlain = isInputObjectType(input) && "eq" in input.getFields();
        return isPlain ? this.onField(resource, name, input) : [];
      });
      this.ownOf.set(resource.typename, own);
    }
    return own;
  }

  private onField(resource: ResourceClass, name: string, input: GraphQLInputObjectType): Condition[] {
    const { entity } = resource;
    const shown = columnsShown(resource).get(name);
    const column = shown?.name ?? (name === "id" ? "id" : PLAIN[name]) ?? name;
    const keys = this.keys(entity);
    const isForeign = name !== "id" && /_(id|uuid)$/.test(column);
    const cleaned = (row: StoredRow) =>
      isForeign && String(row[column]).startsWith("placeholder-") ? { ...row, [column]: null } : row;
    const test = (row: StoredRow, key: string, value: unknown) =>
      this.tower.filters.matches(entity, cleaned(row), { [key]: value });
    const values = this.tower.world.of(entity).flatMap((row) => cleaned(row)[column] ?? []);
    const type = getNamedType(input.getFields().eq?.type);
    if (isEnumType(type)) {
      return type.getValues().flatMap((value, index) => {
        if (value.name === "UNKNOWN" || value.name === "NONE") return [];
        const [operator = "eq", list] = [["eq"], ["not"], ["in", true], ["notIn", true]][index % 4] as [string, true?];
        const upstream = upstreamEnum(listingOf(resource), name, value.name);
        const isAllowed = keys.has(column) && this.enumOf(entity, column).includes(upstream);
        const key = column + SUFFIXES[operator as keyof typeof SUFFIXES];
        const text = list ? `[${value.name}]` : value.name;
        return [
          {
            text: `{${name}: {${operator}: ${text}}}`,
            isAllowed,
            holds: (row: StoredRow) => test(row, key, list ? [upstream] : upstream),
          },
        ];
      });
    }
    return Object.keys(input.getFields()).map((operator, index) => {
      if (operator === "isNull") {
        return {
          text: `{${name}: {isNull: true}}`,
          isAllowed: keys.has(column),
          holds: (row) => (cleaned(row)[column] ?? null) === null,
        };
      }
      const value = values[index % Math.max(values.length, 1)] ?? SAMPLES[type?.name ?? ""];
      const suffix = SUFFIXES[operator as keyof typeof SUFFIXES];
      const isList = suffix.endsWith("_in");
      const literal = JSON.stringify(value);
      return {
        text: `{${name}: {${operator}: ${isList ? `[${literal}]` : literal}}}`,
        isAllowed: keys.has(column + suffix),
        holds: (row) => test(row, column + suffix, isList ? [value] : value),
      };
    });
  }

  private across({ resource }: GraphList, name: string, input: GraphQLInputObjectType): Condition[] {
    const { entity } = resource;
    const isMany = "some" in input.getFields();
    const column = relationColumn(listingOf(resource), name, isMany);
    const filter = isMany ? (getNamedType(input.getFields().some?.type) as GraphQLInputObjectType) : input;
    const target = graphLists().find((list) => list.filter === filter)?.resource as ResourceClass;
    const inner = this.own(target, filter).filter((_, index) => index % 7 === name.length % 7);
    const hasColumn = this.keys(entity).has(isMany ? `${column}_some` : column);
    const related = (row: StoredRow) =>
      [row[column] ?? []].flat().flatMap((id) => this.tower.world.find(id) ?? []) as StoredRow[];
    const isEmpty = (row: StoredRow) => related(row).length === 0;
    const none = isMany ? `{${name}: {isEmpty: true}}` : `{${name}: {isNull: true}}`;
    const conditions = inner.map(({ text, isAllowed, holds }, index): Condition => {
      const quantifier = ["some", "every", "none"][index % 3];
      return {
        text: isMany ? `{${name}: {${quantifier}: ${text}}}` : `{${name}: ${text}}`,
        isAllowed: hasColumn && isAllowed,
        holds(row) {
          const rows = related(row);
          if (!isMany || quantifier === "some") return rows.some(holds);
          return quantifier === "none" ? !rows.some(holds) : rows.every(holds);
        },
      };
    });
    return [...conditions, { text: none, isAllowed: hasColumn, holds: isEmpty }];
  }

  private keys(entity: string): ReadonlySet<string> {
    return new Set(
      Object.keys(this.tower.contract.document.components.schemas[`${entity}WhereInput`]?.properties ?? {}),
    );
  }

  private enumOf(entity: string, column: string): readonly string[] {
    const member = this.tower.shapes.of(entity).find(({ name }) => name === column);
    return member?.kind === "enum" ? member.values : [];
  }
}

/** Fields of a filter that no column shows unchanged. */
const PLAIN: Readonly<Record<string, string>> = { errorCode: "error_code", progress: "progress" };

const SAMPLES: Readonly<Record<string, unknown>> = {
  ...{ String: "a", ID: "a", Int: 7, Float: 7.5, BigInt: 7, Boolean: true },
  DateTime: "2026-05-01T00:00:00.000Z",
};

const SUFFIXES = {
  ...{ eq: "", not: "_not", in: "_in", notIn: "_not_in", lt: "_lt", lte: "_lte", gt: "_gt", gte: "_gte" },
  ...{ contains: "_contains", startsWith: "_starts_with", endsWith: "_ends_with" },
  ...{ notContains: "_not_contains", notStartsWith: "_not_starts_with", notEndsWith: "_not_ends_with" },
} as const;

function isAboutObjects(input: GraphQLInputObjectType): boolean {
  return "some" in input.getFields() || "isNull" in input.getFields();
}

function relationsIn(filter: GraphQLInputObjectType): [string, GraphQLInputObjectType][] {
  return Object.values(filter.getFields()).flatMap(({ name, type }) => {
    const input = getNamedType(type);
    // Others, such as `lease`, are made of several conditions.
    const isRelation = isInputObjectType(input) && !("eq" in input.getFields()) && isAboutObjects(input);
    return isRelation && !["and", "or", "not"].includes(name)
      ? [[name, input] as [string, GraphQLInputObjectType]]
      : [];
  });
}

/** CloudTower's column of a relation, from the filter that the gateway makes. */
function relationColumn({ filter }: Listing, name: string, isMany: boolean): string {
  const where = filter.toWhere({ [name]: isMany ? { isEmpty: true } : { isNull: true } }) as unknown as {
    AND: object[];
  };
  return (Object.keys(where.AND[0] ?? {})[0] ?? "").replace(/_none$/, "");
}

/** CloudTower's spelling of a value. */
function upstreamEnum({ filter }: Listing, name: string, value: string): string {
  return Object.values(filter.toWhere({ [name]: { eq: value } }) ?? {})[0] as unknown as string;
}

function screaming(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase();
}
