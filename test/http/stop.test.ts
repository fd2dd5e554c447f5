import { once } from "node:events";
import { expect, test } from "vitest";
import { startGateway } from "../support/gateway.js";
import { hold } from "../support/hold.js";
import { rawConnection } from "../support/raw-connection.js";

test("a gateway that stops closes connections that have sent nothing, and waits for running queries alone", async () => {
  const gateway = await startGateway();
  const unused = rawConnection(gateway.url);
  await once(unused.socket, "connect");
  const { released, release } = hold();
  gateway.simulator.faults.add({ operation: "get-vms", times: 1, effect: { kind: "hold", until: released } });
  const response = gateway.query("{ vms(first: 1) { nodes { __typename } } }");
  await gateway.simulator.calls.next("get-vms");

  const stopped = gateway.app.stop();
  await unused.closed;
  release();

  // Otherwise both would have been closed together.
  expect(await response).toEqual({ data: { vms: { nodes: [{ __typename: "Vm" }] } } });
  await stopped;
});
