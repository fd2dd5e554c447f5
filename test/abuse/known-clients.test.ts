import { pino } from "pino";
import { expect, test } from "vitest";
import { ApiClients } from "../../src/http/admission/api-clients.js";
import { forwardCallers, serviceCallers } from "../../src/http/admission/callers.js";
import { KnownClients } from "../../src/http/admission/known-clients.js";

const callerOf = forwardCallers();

test("a few clients at an address have shares of their own, and all others have one together", () => {
  const known = new KnownClients();
  const shares = Array.from(
    { length: 300 },
    (_, n) => known.ownerOf(callerOf(`token-${n}`, "192.0.2.1"), "192.0.2.1").share,
  );

  expect(new Set(shares).size).toBe(9);
  expect(shares.at(-1)).toBe("address 192.0.2.1");
  expect(known.ownerOf(callerOf("token", "192.0.2.2"), "192.0.2.2").share).not.toBe("address 192.0.2.2");
});

test("a client whose credential was accepted has a share of its own, whatever others at its address send", () => {
  const known = new KnownClients();
  for (let n = 0; n < 300; n += 1) known.ownerOf(callerOf(`token-${n}`, "192.0.2.1"), "192.0.2.1");
  const caller = callerOf("valid", "192.0.2.1");
  expect(known.ownerOf(caller, "192.0.2.1").share).toBe("address 192.0.2.1");

  known.accept(caller.client, "192.0.2.1");
  expect(known.ownerOf(caller, "192.0.2.1").share).toBe(caller.client);
});

test("the shares of clients that send nothing any longer become free", () => {
  let now = 0;
  const known = new KnownClients(() => now);
  for (let n = 0; n < 300; n += 1) known.ownerOf(callerOf(`token-${n}`, "192.0.2.1"), "192.0.2.1");
  now += 61_000;
  const caller = callerOf("later", "192.0.2.1");

  expect(known.ownerOf(caller, "192.0.2.1").share).toBe(caller.client);
});

test("valid API keys have shares of their own; wrong ones count as their address", () => {
  const known = new KnownClients();
  const keys = serviceCallers(new ApiClients({ keys: ["a-valid-key"], logger: pino({ level: "silent" }) }), {
    key: "service",
    token: () => "",
    renew: async () => undefined,
    accepted() {},
  });
  const shareOf = (key: string) => known.ownerOf(keys(key, "192.0.2.1"), "192.0.2.1").share;

  expect(shareOf("a-valid-key")).toMatch(/^key /);
  expect(new Set(Array.from({ length: 20 }, (_, n) => shareOf(`wrong-${n}`)))).toEqual(new Set(["address 192.0.2.1"]));
});
