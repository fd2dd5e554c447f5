import { expect, test } from "vitest";
import { startOver, startTower } from "./support/odd-tower.js";

test("a mutation that comes after the operation's deadline is not sent because of it, not because of another call", async () => {
  const { tower, url } = await startTower();
  const gateway = await startOver(url, { OPERATION_TIMEOUT_SECONDS: "2" });
  const [first, hanging] = [tower.addVm("a"), tower.addVm("b")];
  tower.intercept = (endpoint, body) => {
    const [item] = (body.data ?? []) as { vm_id?: string }[];
    return endpoint === "create-vm-snapshot" && item?.vm_id === hanging ? new Promise(() => {}) : undefined;
  };
  const create = (vmId: string, name: string) =>
    `createVmSnapshot(input: { vmId: "${vmId}", name: "${name}" }) { created errors { code } }`;

  const result = await gateway.send(
    `mutation { a: ${create(first, "s")} b: ${create(hanging, "s")} c: ${create(first, "t")} }`,
  );

  expect(result.data).toEqual({
    a: { created: true, errors: [] },
    b: { created: false, errors: [{ code: "WRITE_OUTCOME_UNKNOWN" }] },
    c: { created: false, errors: [{ code: "WRITE_NOT_SENT" }] },
  });
});
