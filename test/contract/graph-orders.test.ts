import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { Direction } from "../../src/graph/connections/direction.js";
import { listingOf } from "../../src/graph/connections/listing.js";
import { columnsOfOrder } from "../../src/graph/connections/order.js";
import { contractVersion, entities } from "../../src/upstream/wire/contract.js";
import type { Entity } from "../../src/upstream/wire/types.js";
import { graphLists } from "../graph/support/graph-lists.js";
import { loadContract } from "../support/openapi.js";
import { orders } from "./support/list-requests.js";

const contract = loadContract(contractVersion);
const leftOut = readFileSync("docs/left-out.md", "utf8");

describe.skipIf(contract === null)("the graph", () => {
  test.each(graphLists())("offers every order of $name that CloudTower has", ({ resource, orders: offered }) => {
    const listing = listingOf(resource);
    const columns = offered.map((field) => {
      return columnsOfOrder(listing.orders.ordering([{ field, direction: Direction.ASC }]))[0];
    });
    const inContract = contract === null ? [] : orders(contract, resource.entity);
    const sortable = new Set(inContract.map((order) => order.replace(/_(ASC|DESC)$/, "")));

    expect(new Set(columns).size).toBe(columns.length);
    expect([...sortable].filter((column) => !isHidden(resource.entity, column) && !columns.includes(column))).toEqual(
      [],
    );
    expect(columns.filter((column) => !sortable.has(column as string))).toEqual([]);
  });
});

/** Whether the graph cannot show objects by a column: it is left out of the schema, or JSON, which CloudTower cannot filter by. */
function isHidden(entity: Entity, column: string): boolean {
  const kind = (entities[entity].fields as Readonly<Record<string, string>>)[column] ?? "";
  return kind.startsWith("json ") || leftOut.includes(`\`${entity}.${column}\``) || CHANGED.has(`${entity}.${column}`);
}

/** The gateway changes the value when it reads a row, and a cursor has to contain CloudTower's. */
const CHANGED = new Set(["Task.error_message"]);
