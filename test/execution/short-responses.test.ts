import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { expect, onTestFinished, test } from "vitest";
import { startSimulator } from "../../src/simulator/simulator.js";
import { startGateway } from "../support/gateway.js";

/**
 * A proxy to CloudTower that silently cuts responses to `maxDisks` disks, whatever `first` is.
 *
 * @param read is called when a list of disks has been read, before it is sent.
 */
async function startCuttingProxy(upstream: string, maxDisks: number, read = () => {}): Promise<string> {
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const { authorization = "" } = request.headers;
    const full = await fetch(new URL(request.url ?? "/", upstream), {
      method: "POST",
      headers: { "content-type": "application/json", authorization },
      body: Buffer.concat(chunks),
    });
    const rows = (await full.json()) as unknown[];
    const cut = request.url?.endsWith("/get-vm-disks") ? rows.slice(0, maxDisks) : rows;
    if (cut !== rows) read();
    response.writeHead(full.status, { "content-type": "application/json" }).end(JSON.stringify(cut));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => void server.close());
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/v2/api`;
}

test("a response with fewer disks than the VMs' rows name is read on until it is complete", async () => {
  const simulator = await startSimulator();
  onTestFinished(() => simulator.stop());
  const gateway = await startGateway({ env: { CLOUDTOWER_URL: await startCuttingProxy(simulator.url, 5) } });
  const disks = simulator.control.rows("VmDisk").length;

  const headers = { authorization: simulator.users[0]?.token ?? "" };
  const query = "{ vms(first: 100, includeRecycleBin: true) { nodes { disks { id } } } }";
  const { vms } = await gateway.data<{ vms: { nodes: { disks: object[] }[] } }>(query, undefined, headers);

  expect(vms.nodes.flatMap((vm) => vm.disks)).toHaveLength(disks);
});

test("disks that CloudTower replaces between two pages are not listed twice", async () => {
  const simulator = await startSimulator();
  onTestFinished(() => simulator.stop());
  const [vm] = simulator.control.rows("Vm").filter(({ name }) => name === "web-prod-01");
  let replaced = false;
  const url = await startCuttingProxy(simulator.url, 1_000, () => {
    if (!replaced) simulator.control.recreateDisks(String(vm?.id));
    replaced = true;
  });
  const gateway = await startGateway({ env: { CLOUDTOWER_URL: url, UPSTREAM_ROWS_PER_CALL: "4" } });

  const headers = { authorization: simulator.users[0]?.token ?? "" };
  const query = `{ vms(filter: { name: { in: ["web-prod-01", "legacy-billing"] } }) { nodes { disks { boot } } } }`;
  const { vms } = await gateway.data<{ vms: { nodes: { disks: { boot: number }[] }[] } }>(query, undefined, headers);

  expect(vms.nodes.map(({ disks }) => disks.map(({ boot }) => boot))).toEqual([
    [0, 1, 2],
    [0, 1, 2, 3],
  ]);
  expect(replaced).toBe(true);
});
