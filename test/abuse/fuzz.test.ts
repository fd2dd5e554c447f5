import { buildClientSchema, getIntrospectionQuery, type IntrospectionQuery } from "graphql";
import { expect, test } from "vitest";
import { startGateway } from "../support/gateway.js";
import { generateOperation } from "./support/generate.js";
import { seeded } from "./support/seeded.js";

const INTERNAL =
  /node_modules|\.ts:|\.js:|at \w+ \(|127\.0\.0\.1|\/v2\/api|Cannot read|undefined is not|ECONN|RangeError|TypeError/;

test("executes 200 generated operations without an internal error", async () => {
  const gateway = await startGateway({ simulator: { vms: 5 } });
  const { data } = await gateway.query<IntrospectionQuery>(getIntrospectionQuery());
  const schema = buildClientSchema(data as IntrospectionQuery);
  const random = seeded(7);

  for (let i = 0; i < 200; i += 1) {
    const query = generateOperation(schema, random);
    const { errors = [] } = await gateway.query(query);
    for (const { message, extensions } of errors) {
      expect(message, query).not.toMatch(INTERNAL);
      expect(extensions?.code, `${query}\n${message}`).not.toBe("INTERNAL_SERVER_ERROR");
      expect(extensions?.code, `${query}\n${message}`).not.toBe("GRAPHQL_VALIDATION_FAILED");
    }
  }
}, 60_000);

test("refuses 400 broken documents with a code, a request id and nothing internal", async () => {
  const gateway = await startGateway({ simulator: { vms: 1 } });
  const whole =
    'query A($n: Int = 2) { vms(first: $n, filter: { name: { contains: "a" } }) { nodes { ...V } totalCount } } fragment V on Vm { id name disks { volume { name } } }';
  const random = seeded(11);
  const pieces = [
    "{",
    "}",
    "(",
    ")",
    "[",
    "]",
    "$",
    "...",
    '"',
    '"""',
    "!",
    "@skip",
    "\u0000",
    "\ud800",
    "😀",
    "#",
    "on",
    "null",
    "-1e999",
    "&",
    "\\u{110000}",
  ];

  for (let i = 0; i < 400; i += 1) {
    let text = whole;
    for (let cuts = 1 + random.below(4); cuts > 0; cuts -= 1) {
      const at = random.below(text.length);
      const piece = random.below(2) === 0 ? random.pick(pieces) : "";
      text = text.slice(0, at) + piece + text.slice(at + random.below(12));
    }
    const response = await gateway.post({ query: text });
    const body = await response.text();
    expect(response.status, text).toBeLessThan(500);
    expect(body, text).not.toMatch(INTERNAL);
    const { errors = [] } = JSON.parse(body) as { errors?: { extensions: { code?: string; requestId?: string } }[] };
    for (const { extensions } of errors) {
      expect(extensions.code, text).toMatch(/^[A-Z_]+$/);
      expect(extensions.code, text).not.toBe("INTERNAL_SERVER_ERROR");
      expect(extensions.requestId).toBeDefined();
    }
  }
}, 60_000);
