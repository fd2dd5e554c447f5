import { expect, test } from "vitest";
import { startGateway } from "../support/gateway.js";

interface Rows {
  vms: { nodes: { cloudTowerId: string; disks: { volume: { cloudTowerId: string } | null }[] }[]; totalCount: number };
}

test("600 interleaved requests of three users never mix up their responses", async () => {
  const gateway = await startGateway({ simulator: { vms: 30 } });
  const { users, control, faults, calls } = gateway.simulator;
  // Each sees something different: the administrator all clusters, the operator one; the third token is unknown to CloudTower.
  const tokens = [gateway.token, users[1]?.token, "an-unknown-token"] as const;
  const query =
    "{ vms(first: 100, includeRecycleBin: true) { totalCount nodes { cloudTowerId disks(type: DISK) { volume { cloudTowerId } } } } }";
  const seen = await Promise.all(tokens.map((authorization) => gateway.query<Rows>(query, {}, as(authorization))));
  const [all, some, none] = seen.map(({ data, errors }) => JSON.stringify({ data, codes: codesOf(errors) }));
  expect(seen[0]?.data?.vms.nodes).toHaveLength(control.rows("Vm").length);
  expect(seen[1]?.data?.vms.nodes.length).toBeLessThan(control.rows("Vm").length);
  expect(none).toContain("UNAUTHENTICATED");
  expect(new Set([all, some, none]).size).toBe(3);

  // Responses overtake each other.
  faults.add({ chance: 0.3, latencyMs: 15 });
  faults.add({ chance: 0.3, latencyMs: 3 });
  calls.clear();
  const mixed = await Promise.all(
    Array.from({ length: 600 }, async (_, n) => {
      const { data, errors } = await gateway.query<Rows>(query, {}, as(tokens[n % 3]));
      return JSON.stringify({ data, codes: codesOf(errors) }) === [all, some, none][n % 3];
    }),
  );

  expect(mixed.filter((right) => right)).toHaveLength(600);
  expect(new Set(calls.all.map((call) => call.token))).toEqual(new Set(tokens));
}, 60_000);

function as(authorization: string | undefined): Record<string, string> {
  return { authorization: authorization ?? "" };
}

function codesOf(errors: readonly { extensions?: Record<string, unknown> }[] = []): unknown[] {
  return errors.map((error) => error.extensions?.code);
}
