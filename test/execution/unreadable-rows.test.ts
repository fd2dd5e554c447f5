import { expect, test } from "vitest";
import { startGateway } from "../support/gateway.js";

interface Data {
  readonly vmSnapshots: { readonly nodes: readonly { readonly name: string }[] } | null;
}

test.each([
  ["a null among the frozen disks", [null]],
  ["a text in place of the frozen disks", "wrong"],
])("%s is an error of the field that reads them alone", async (_, value) => {
  const gateway = await startGateway({ spoilsAnswers: true });
  const [snapshot] = gateway.simulator.control.rows("VmSnapshot");
  gateway.simulator.control.patch("VmSnapshot", snapshot?.id as string, { vm_disks: value });

  const query = "{ vmSnapshots(first: 2) { nodes { name disks { lunSnapshot { name } } } } }";
  const { data, errors } = await gateway.query<Data>(query);

  expect(data?.vmSnapshots?.nodes[1]?.name).toBe("daily-2");
  expect(errors?.every(({ path }) => path?.slice(0, 4).join(".") === "vmSnapshots.nodes.0.disks")).toBe(true);
});
