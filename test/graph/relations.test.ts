import { describe, expect, test } from "vitest";
import { edgeQuery, edgesByType } from "./support/relation-queries.js";
import { siteOf, startWideWorld } from "./support/wide-world.js";

const PARENTS = 500;

describe.each(edgesByType())("from %s", (_, edges) => {
  test(`each edge costs the same calls for 1 object as for ${PARENTS}, and leads to the right ones`, async () => {
    const gateway = await startWideWorld(PARENTS);
    for (const relation of edges) {
      const name = `${relation.from.typename}.${relation.field}`;
      const { query, operations, found } = edgeQuery(relation);
      for (const n of [1, PARENTS]) {
        gateway.simulator.calls.clear();
        const answers = found(await gateway.data(query, { n }));

        const calls = gateway.simulator.calls.all.map(({ endpoint }) => endpoint).sort();
        expect(calls, `${name} from ${n}`).toEqual(operations);
        expect(answers, `${name} from ${n}`).toHaveLength(n);
        for (const { from, to } of answers) {
          expect(to, `${name} of ${from}`).not.toHaveLength(0);
          for (const { id } of to) if (id !== undefined) expect(siteOf(id), `${name} of ${from}`).toBe(siteOf(from));
        }
      }
    }
  });

  test("what an edge's stub holds costs no call", async () => {
    const gateway = await startWideWorld(2);
    for (const relation of edges) {
      if (relation.kind !== "loaded" || relation.stub === undefined) continue;
      const { query, operations, found } = edgeQuery(relation, { stubOnly: true });
      gateway.simulator.calls.clear();
      const answers = found(await gateway.data(query, { n: 2 }));

      const name = `${relation.from.typename}.${relation.field}`;
      expect(
        gateway.simulator.calls.all.map(({ endpoint }) => endpoint),
        name,
      ).toEqual(operations);
      for (const { from, to } of answers) expect(siteOf(to[0]?.id ?? ""), `${name} of ${from}`).toBe(siteOf(from));
    }
  });
});
