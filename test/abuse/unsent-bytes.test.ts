import { expect, test } from "vitest";
import { UnsentBytes } from "../../src/http/slow-readers/unsent-bytes.js";
import { seeded } from "./support/seeded.js";

const KIB = 1024;

test("all connections of a client together may hold the limit, and then the next that adds is dropped", () => {
  const unsent = new UnsentBytes(32 * KIB, 1_000 * KIB);
  const connections = Array.from({ length: 10 }, () => ({}));
  const accepted = connections.map((connection) => unsent.record(connection, "a", 8 * KIB));

  expect(accepted.indexOf(false)).toBe(5);
  expect(unsent.record({}, "b", 8 * KIB)).toBe(true);
});

test("a single response may be larger, and a connection that holds less than before is not dropped", () => {
  const unsent = new UnsentBytes(32 * KIB, 1_000 * KIB);
  const connection = {};

  expect(unsent.record(connection, "a", 60 * KIB)).toBe(true);
  expect(unsent.record(connection, "a", 50 * KIB)).toBe(true);
  expect(unsent.record(connection, "a", 51 * KIB)).toBe(false);
});

test("above the total, connections with more than 64 KiB are dropped, whoever they belong to", () => {
  const unsent = new UnsentBytes(1_000 * KIB, 200 * KIB);
  expect(unsent.record({}, "a", 150 * KIB)).toBe(true);

  expect(unsent.record({}, "b", 100 * KIB)).toBe(false);
  expect(unsent.record({}, "b", 10 * KIB)).toBe(true);
});

test("whatever is recorded and forgotten, nothing is counted for clients without connections", () => {
  const random = seeded(3);
  const unsent = new UnsentBytes(1_000_000 * KIB, 1_000_000 * KIB);
  const held = new Map<object, { client: string; bytes: number }>();
  const connections = Array.from({ length: 20 }, () => ({}));
  for (let step = 0; step < 5_000; step += 1) {
    const connection = random.pick(connections);
    const client = `client ${random.below(4)}`;
    const bytes = random.below(3) * KIB;
    if (random.below(4) === 0) {
      unsent.forget(connection);
      held.delete(connection);
    } else {
      unsent.record(connection, client, bytes);
      held.set(connection, { client, bytes });
    }
    const sum = [...held.values()]
      .filter((entry) => entry.client === client)
      .reduce((total, entry) => total + entry.bytes, 0);
    expect(unsent.heldFor(client)).toBe(sum);
  }
});
