import { expect, test } from "vitest";
import { startGateway } from "../support/gateway.js";
import { codeOf, overWebSocket } from "../support/transports.js";

test("limits a client that spends too much, says when to retry, and does not affect other clients", async () => {
  const gateway = await startGateway({ env: { RATE_LIMIT_PER_SECOND: "1", RATE_LIMIT_BURST: "5" } });
  const [one, other] = gateway.simulator.users.map(({ token }) => token);
  const send = (authorization = "") => gateway.post({ query: "{ vms(first: 1) { totalCount } }" }, { authorization });
  const statuses: number[] = [];
  for (let i = 0; i < 6; i += 1) statuses.push((await send(one)).status);
  const refused = await send(one);

  expect(statuses.slice(0, 2)).toEqual([200, 200]);
  expect(refused.status).toBe(429);
  expect(Number(refused.headers.get("retry-after"))).toBeGreaterThan(0);
  expect(await refused.json()).toMatchObject({
    errors: [{ extensions: { code: "RATE_LIMITED", retryAfterSeconds: expect.any(Number) } }],
  });
  expect(codeOf(await overWebSocket(gateway, "{ vms { totalCount } }"))).toBe("RATE_LIMITED");
  expect((await send(other)).status).toBe(200);
});
