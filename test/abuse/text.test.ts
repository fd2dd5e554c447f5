import { expect, test } from "vitest";
import { captureLog } from "../support/captured-log.js";
import { startGateway } from "../support/gateway.js";
import { everywhere } from "../support/transports.js";

test("messages that quote long text are cut between characters, on every transport and in the log", async () => {
  const log = captureLog();
  const gateway = await startGateway({ logger: log.logger });
  for (const start of ["", "a"]) {
    const query = `{ vms(first: "${start}${"😀".repeat(400)}") { totalCount } }`;
    for (const { errors } of Object.values(await everywhere(gateway, query))) {
      expect(errors?.[0]?.message).toContain("😀");
      expect(errors?.[0]?.message).not.toMatch(/\p{Surrogate}/u);
    }
  }
  expect(log.text()).toContain("😀");
  // JSON escapes a lone surrogate.
  expect(log.text()).not.toMatch(/\p{Surrogate}|\\ud[89a-f]/u);
});
