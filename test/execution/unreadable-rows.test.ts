import { expect, test } from "vitest";
import { startGateway } from "../support/gateway.js";

interface Data {
  readonly vmSnapshots: { readonly nodes: readonly { readonly name: string; readonly disks: unknown }[] } | null;
}

test.each([
  ["a null among the frozen disks", [null]],
  ["a text in place of the frozen disks", "wrong"],
])("%s: the disks of that snapshot are unknown, and nothing else", async (_, value) => {
  const gateway = await startGateway({ spoilsAnswers: true });
  const [snapshot] = gateway.simulator.control.rows("VmSnapshot");
  gateway.simulator.control.patch("VmSnapshot", snapshot?.id as string, { vm_disks: value });

  const query = "{ vmSnapshots(first: 2) { nodes { name disks { lunSnapshot { name } } } } }";
  const data = await gateway.data<Data>(query);

  const nodes = data.vmSnapshots?.nodes ?? [];
  expect(nodes[0]?.disks).toBeNull();
  expect(nodes[1]).toMatchObject({ name: "daily-2", disks: expect.arrayContaining([expect.anything()]) });
});
