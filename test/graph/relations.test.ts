import { describe, expect, test } from "vitest";
import { siteOf, startManySites } from "./support/many-sites.js";
import { plainEndpoint, relationQuery, relationsByType } from "./support/relation-queries.js";

const PARENTS = 200;

describe.each(relationsByType())("from %s", (_, relations) => {
  test(`each relation takes the same calls for 1 object as for ${PARENTS}, and leads to the right objects`, async () => {
    const gateway = await startManySites(PARENTS);
    for (const relation of relations) {
      const name = `${relation.from.typename}.${relation.field}`;
      const { query, endpoints, found } = relationQuery(relation);
      for (const n of [1, PARENTS]) {
        gateway.simulator.calls.clear();
        const results = found(await gateway.data(query, { n }));

        const calls = gateway.simulator.calls.all.map(({ endpoint }) => plainEndpoint(endpoint)).sort();
        expect(calls, `${name} from ${n}`).toEqual(endpoints);
        expect(results, `${name} from ${n}`).toHaveLength(n);
        for (const { from, to } of results) {
          expect(to, `${name} of ${from}`).not.toHaveLength(0);
          for (const { id } of to) if (id !== undefined) expect(siteOf(id), `${name} of ${from}`).toBe(siteOf(from));
        }
      }
    }
  });

  test("fields in the stub of a relation cost no call", async () => {
    const gateway = await startManySites(2);
    for (const relation of relations) {
      if (relation.kind !== "loaded" || relation.stub === undefined) continue;
      const { query, endpoints, found } = relationQuery(relation, { stubOnly: true });
      gateway.simulator.calls.clear();
      const results = found(await gateway.data(query, { n: 2 }));

      const name = `${relation.from.typename}.${relation.field}`;
      expect(
        gateway.simulator.calls.all.map(({ endpoint }) => plainEndpoint(endpoint)),
        name,
      ).toEqual(endpoints);
      for (const { from, to } of results) expect(siteOf(to[0]?.id ?? ""), `${name} of ${from}`).toBe(siteOf(from));
    }
  });
});
