import { afterAll, describe, expect, test } from "vitest";
import { enumOf } from "../../src/graph/connections/define-enum.js";
import type { Codec } from "../../src/graph/model/codec.js";
import { columnsShown } from "../../src/graph/model/column.js";
import { once } from "../../src/kernel/once.js";
import { isForeignId, isPlaceholder } from "../../src/upstream/placeholders.js";
import { documentedVersions } from "../../src/upstream/wire/arrivals.js";
import { hasArrived, versionNumber } from "../../src/upstream/wire/versions.js";
import { contractOrSkip } from "../contract/support/document.js";
import { everything } from "../graph/support/everything.js";
import { graphLists } from "../graph/support/graph-lists.js";
import { plainEndpoint, relationQuery, relationsByType } from "../graph/support/relation-queries.js";
import { startDocumentTower, worldOf } from "./support/document/document-tower.js";
import { Conditions, orderColumn } from "./support/document/list-conditions.js";
import { relatedRows } from "./support/document/related.js";
import { order } from "./support/document/where.js";
import type { StoredRow } from "./support/document/world.js";
import { startOver } from "./support/odd-tower.js";

const LIMITS = {
  ...{ MAX_ALIASES: "1000", MAX_ROOT_FIELDS: "1000", MAX_DOCUMENT_TOKENS: "50000", MAX_FIELDS: "50000" },
  ...{ MAX_OPERATION_CALLS: "100000" },
};
/** Each version gets a part of the conditions and orders, unless ALL_CONDITIONS is set. */
const ALL = process.env.ALL_CONDITIONS !== undefined;
/** Operations of one request. */
const BATCH = 100;

describe.each(documentedVersions)("over a CloudTower made from the document of %s", (version) => {
  const contract = contractOrSkip(version);
  const counts = { values: 0, conditions: 0, refused: 0, orders: 0, relations: 0, calls: 0 };
  // Reads change nothing.
  const world = once(() => worldOf(contract, 5));
  const turn = documentedVersions.indexOf(version);
  const refusal = new RegExp(`^CloudTower ${version} has no \\w+\\.\\w+ \\(since .*\\)\\.$`);

  afterAll(() => {
    if (counts.values > 0) console.log(`compared as CloudTower ${version}: ${JSON.stringify(counts)}`);
  });

  async function start({ checksAnswers = false } = {}) {
    const { tower, url } = await startDocumentTower(contract, { world: world(), checksAnswers });
    const gateway = await startOver(url, LIMITS);
    return {
      tower,
      async send<D>(query: string, variables?: Record<string, unknown>) {
        return (await gateway.send(query, variables)) as {
          data: D | null;
          errors?: { path: [string]; message: string }[];
        };
      },
      verify() {
        counts.calls += tower.calls.length;
        expect([...tower.problems]).toEqual([]);
      },
    };
  }

  test("every column of every list shows what CloudTower sent, with one call", async () => {
    const { tower, send, verify } = await start({ checksAnswers: true });
    for (const { name, resource, wholeList } of graphLists()) {
      const rows = tower.world.of(resource.entity);
      const before = tower.calls.length;
      const { data, errors } = await send<Record<string, { nodes: Record<string, unknown>[] }>>(
        `{ ${name}(first: 50${wholeList}) { nodes { ${everything(resource.typename)} } } }`,
      );

      expect(errors, name).toBeUndefined();
      const calls = tower.calls.slice(before).filter(({ endpoint }) => endpoint !== "get-version");
      expect(calls).toHaveLength(lacks(version, resource.typename) ? 0 : 1);
      const nodes = data?.[name]?.nodes ?? [];
      expect(nodes.map(({ cloudTowerId }) => cloudTowerId).sort()).toEqual(rows.map(({ id }) => id).sort());
      for (const node of nodes) {
        const row = tower.world.find(node.cloudTowerId) as StoredRow;
        for (const [field, column] of columnsShown(resource)) {
          counts.values += 1;
          const summary = `${name}.${field} of ${JSON.stringify(row[column.name])}`;
          expect(
            shows(node[field], row[column.name], column.codec),
            `${summary} is ${JSON.stringify(node[field])}`,
          ).toBe(true);
        }
      }
    }
    verify();
  });

  test("every condition finds what it says, or is refused by name if the document lacks it", async () => {
    const { tower, send, verify } = await start();
    const conditions = new Conditions(tower);
    for (const list of graphLists().filter(({ resource }) => !lacks(version, resource.typename))) {
      const all = conditions.of(list).filter((_, at) => ALL || at % documentedVersions.length === turn);
      for (let from = 0; from < all.length; from += BATCH) {
        const batch = all.slice(from, from + BATCH);
        const fields = batch.map(
          ({ text }, at) => `a${at}: ${list.name}(filter: ${text}${list.wholeList}) { nodes { cloudTowerId } }`,
        );
        const { data, errors = [] } = await send<Record<string, { nodes: { cloudTowerId: string }[] } | null>>(
          `{ ${fields.join(" ")} }`,
        );
        for (const [at, { text, isAllowed, holds }] of batch.entries()) {
          const summary = `${list.name}(filter: ${text})`;
          counts.conditions += 1;
          if (!isAllowed) counts.refused += 1;
          const error = errors.find(({ path }) => path[0] === `a${at}`);
          if (isAllowed) expect(error?.message, summary).toBeUndefined();
          else expect(error?.message, summary).toMatch(refusal);
          const rows = isAllowed ? tower.world.of(list.resource.entity).filter(holds) : undefined;
          const found = data?.[`a${at}`]?.nodes.map(({ cloudTowerId }) => cloudTowerId);
          expect(found?.sort(), summary).toEqual(rows?.map(({ id }) => id).sort());
        }
      }
    }
    expect(tower.count("get-version")).toBe(counts.refused > 0 || isNewest(version) ? 1 : 0);
    verify();
  });

  test("every order gives each object once, sorted, over two pages", async () => {
    const { tower, send, verify } = await start();
    tower.nullsFirst = isNewest(version);
    for (const list of graphLists().filter(({ resource }) => !lacks(version, resource.typename))) {
      const { entity } = list.resource;
      const allowed = tower.contract.document.components.schemas[`${entity}OrderByInput`]?.enum ?? [];
      const both = list.orders.flatMap((field) => ["ASC", "DESC"].map((direction) => ({ field, direction })));
      const orders = both.filter((_, at) => ALL || at % 4 === turn % 4);
      const pages = async (after: (at: number) => string) => {
        const fields = orders.map(({ field, direction }, at) => {
          const orderBy = `{field: ${field}, direction: ${direction}}`;
          return `a${at}: ${list.name}(first: 3${after(at)}${list.wholeList}, orderBy: ${orderBy}) { nodes { cloudTowerId } pageInfo { endCursor } }`;
        });
        type Page = { nodes: { cloudTowerId: string }[]; pageInfo: { endCursor: string } };
        return send<Record<string, Page | null>>(`{ ${fields.join(" ")} }`);
      };
      const first = await pages(() => "");
      const second = await pages((at) => `, after: "${first.data?.[`a${at}`]?.pageInfo.endCursor ?? ""}"`);
      for (const [at, { field, direction }] of orders.entries()) {
        const column = orderColumn(list, field);
        counts.orders += 1;
        const summary = `${list.name} by ${field} ${direction}`;
        if (!allowed.includes(`${column}_${direction}`)) {
          expect(first.errors?.find(({ path }) => path[0] === `a${at}`)?.message, summary).toMatch(refusal);
          continue;
        }
        const ids = [first, second]
          .flatMap(({ data }) => data?.[`a${at}`]?.nodes ?? [])
          .map((node) => node.cloudTowerId);
        expect(ids, summary).toEqual(sorted(tower.world.of(entity), column, direction).map(({ id }) => id));
      }
    }
    verify();
  });

  test("every relation leads to the rows that name each other", async () => {
    const { tower, send, verify } = await start();
    for (const relation of relationsByType().flatMap(([, relations]) => relations)) {
      const name = `${relation.from.typename}.${relation.field}`;
      for (const stubOnly of relation.kind === "loaded" && relation.stub !== undefined ? [false, true] : [false]) {
        const { query, found, endpoints } = relationQuery(relation, { stubOnly });
        const before = tower.calls.length;
        const { data, errors } = await send(query.replace(/, filter: .*?}}/, ""), { n: 50 });

        expect(errors, name).toBeUndefined();
        const calls = tower.calls.slice(before).map(({ endpoint }) => plainEndpoint(endpoint));
        const isLabel = stubOnly && name.endsWith(".labels");
        const known = new Set([
          "get-version",
          ...endpoints,
          ...(isLabel && !hasWholeLabels(version) ? ["get-labels"] : []),
        ]);
        expect(
          calls.filter((endpoint) => !known.has(endpoint)),
          name,
        ).toEqual([]);
        const isOwnKind = relation.from === relation.to;
        if (relation.kind !== "connection" && !isOwnKind) expect(new Set(calls).size, name).toBe(calls.length);
        for (const { from, to } of found(data)) {
          const row = rowOf(tower.world.of(typeOf(from)), from);
          const expected = relatedRows(tower, relation, row);
          counts.relations += 1;
          expect(to, `${name} of ${from}`).toHaveLength(expected.length);
          const ids = to.flatMap(({ id }) =>
            id === undefined || /^(VmDisk|VmNic|StorageVolume):/.test(id) ? [] : [plainId(id)],
          );
          if (ids.length > 0) expect(ids.sort(), `${name} of ${from}`).toEqual(expected.map(({ id }) => id).sort());
        }
      }
    }
    expect(tower.count("get-version")).toBeLessThanOrEqual(1);
    verify();
  });
});

/** Whether a field shows a value of a row: the value itself in most cases; nothing for what CloudTower does not tell. */
function shows(shown: unknown, value: unknown, codec?: Codec): boolean {
  const ofEnum = codec && enumOf(codec);
  if (ofEnum !== undefined && value) return shown === ofEnum.fromUpstream(value);
  const isNone = shown === null || shown === "" || shown === "UNKNOWN" || (Array.isArray(shown) && shown.length === 0);
  if (value === null || value === undefined || value === "" || value === "UNKNOWN") return isNone;
  if (typeof value === "string" && value.startsWith("placeholder-")) return isNone;
  if (Array.isArray(value)) return Array.isArray(shown) && shown.length === value.length;
  if (value === "SUCCESSED") return shown === "SUCCEEDED";
  return typeof shown === "object" ? shown !== null : !isNone && (typeof value === "object" || shown === value);
}

function sorted(rows: readonly StoredRow[], column: string, direction: string): StoredRow[] {
  const sign = direction === "ASC" ? 1 : -1;
  const shown = (row: StoredRow) => {
    const value = row[column] ?? null;
    if (value === "UNKNOWN") return AFTER_THE_OTHERS;
    return isForeignId(column) && isPlaceholder(value) ? null : value;
  };
  return rows.toSorted((a, b) => {
    const [left, right] = [shown(a), shown(b)];
    if (left === null || right === null) {
      const nullsLast = Number(left === null) - Number(right === null);
      return sign * (nullsLast || (a.id < b.id ? -1 : 1));
    }
    return sign * (order(left, right) || (a.id < b.id ? -1 : 1));
  });
}

/** Whether the version has no list of a type: then it is empty, whatever the filter and the order. */
function lacks(version: string, typename: string): boolean {
  return hasArrived(versionNumber(version) as number, typename) === false;
}

/** Sorts after every value of an enum. */
const AFTER_THE_OTHERS = "zzz";

function isNewest(version: string): boolean {
  return version === documentedVersions.at(-1);
}

/** Whether stubs of labels have keys and values. */
function hasWholeLabels(version: string): boolean {
  return hasArrived(versionNumber(version) as number, "NestedLabel.key") === true;
}

function typeOf(id: string): string {
  return id.split(":")[0] ?? "";
}

function plainId(id: string): string {
  return id.split(":")[1] ?? id;
}

/** The row of a global id. Disks and NICs have ids made of their VM's and of what stays the same of them. */
function rowOf(rows: readonly StoredRow[], id: string): StoredRow {
  const [type, own, place, position] = id.split(":");
  const row = rows.find((each) => {
    if (type === "VmDisk") {
      const positions = [`k${each.key}`, `b${each.boot}`];
      return each.vm === own && (each.vm_volume === place || positions.includes(String(position)));
    }
    const address = String(each.mac_address || each.local_id || each.id).toLowerCase();
    if (type === "VmNic") return each.vm === own && id.endsWith(address);
    return each.id === own;
  });
  if (row === undefined) throw new Error(`no row of ${id}`);
  return row;
}
