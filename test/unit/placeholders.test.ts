import { expect, test } from "vitest";
import { withoutPlaceholders } from "../../src/upstream/placeholders.js";
import { embedded, entities, stubs } from "../../src/upstream/wire/contract.js";

const PLACEHOLDER = "placeholder-0d6d1a4e-8f57-4f6c-9c0e-3a8f6f0b4f11";
/** Text columns of the contract whose names end so are ids, and not the id of the row itself. */
const FOREIGN = /_(id|uuid)$/;

type Kinds = Readonly<Record<string, string>>;

/** An object with a placeholder in each id of the cluster, at any depth, and a text like one elsewhere. */
function sample(fields: Kinds): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(fields).map(([name, kind]) => {
      const [word, target = ""] = kind.replace("!", "").split(" ");
      if (word === "string") return [name, FOREIGN.test(name) ? PLACEHOLDER : `${PLACEHOLDER} of a user`];
      const table: Readonly<Record<string, Kinds>> = word === "json" ? embedded : stubs;
      const inner = table[target.replace(/[[\]]/g, "")];
      if (word === "list" || inner === undefined) return [name, 1];
      return [name, target.startsWith("[") || word === "many" ? [sample(inner), null] : sample(inner)];
    }),
  );
}

const ENDPOINTS = Object.entries(entities).map(
  ([entity, { path, fields }]) => [entity, `get-${path}`, fields] as const,
);

test.each(ENDPOINTS)(
  "no id in a row of %s is a placeholder, at any depth, and nothing else is changed",
  (_, endpoint, fields) => {
    const rows = [sample(fields), null, sample(fields)];
    const ids = JSON.stringify(rows).split(`"${PLACEHOLDER}"`).length - 1;

    const cleared = JSON.stringify(withoutPlaceholders(endpoint, structuredClone(rows)));

    expect(cleared).not.toContain(`"${PLACEHOLDER}"`);
    expect(cleared).toBe(JSON.stringify(rows).replaceAll(`"${PLACEHOLDER}"`, "null"));
    if ("local_id" in fields) expect(ids).toBeGreaterThan(0);
  },
);

test.each([null, {}, "placeholder-", 3, [1, "placeholder-", null, []]])(
  "leaves %j alone, which is no list of rows",
  (odd) => {
    expect(withoutPlaceholders("get-vms", structuredClone(odd))).toEqual(odd);
  },
);
