import { describe, expect, test } from "vitest";
import { edgeQuery, edgesByType } from "./support/edge-queries.js";
import { siteOf, startWideWorld } from "./support/wide-world.js";

const PARENTS = 500;

describe.each(edgesByType())("from %s", (_, edges) => {
  test(`each edge costs the same calls for 1 object as for ${PARENTS}, and leads to the right ones`, async () => {
    const gateway = await startWideWorld(PARENTS);
    for (const edge of edges) {
      const name = `${edge.from.typename}.${edge.field}`;
      const { query, operations, found } = edgeQuery(edge);
      for (const n of [1, PARENTS]) {
        gateway.simulator.calls.clear();
        const answers = found(await gateway.data(query, { n }));

        const calls = gateway.simulator.calls.all.map(({ operation }) => operation).sort();
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
    for (const edge of edges) {
      if (edge.kind !== "fetched" || edge.stub === undefined) continue;
      const { query, operations, found } = edgeQuery(edge, { stubOnly: true });
      gateway.simulator.calls.clear();
      const answers = found(await gateway.data(query, { n: 2 }));

      const name = `${edge.from.typename}.${edge.field}`;
      expect(
        gateway.simulator.calls.all.map(({ operation }) => operation),
        name,
      ).toEqual(operations);
      for (const { from, to } of answers) expect(siteOf(to[0]?.id ?? ""), `${name} of ${from}`).toBe(siteOf(from));
    }
  });
});
