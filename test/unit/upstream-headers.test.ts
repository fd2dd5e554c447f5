import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { ConfigError, loadConfig } from "../../src/config.js";

const parse = (value: string) => loadConfig({ UPSTREAM_HEADERS: value }).upstreamHeaders;

test("reads pairs of names and values, from a file by lines", () => {
  expect(parse("external-cloudtower-id: cl-1 , X-Bypass-Whitelist:yes,")).toEqual({
    "external-cloudtower-id": "cl-1",
    "x-bypass-whitelist": "yes",
  });
  expect(parse("x-a: b:c d=e")).toEqual({ "x-a": "b:c d=e" });
  const folder = mkdtempSync(join(tmpdir(), "towerql-headers-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  writeFileSync(join(folder, "headers"), "x-a: 1\r\nx-b: 2\n");
  expect(loadConfig({ UPSTREAM_HEADERS_FILE: join(folder, "headers") }).upstreamHeaders).toEqual({
    "x-a": "1",
    "x-b": "2",
  });
  expect(loadConfig({}).upstreamHeaders).toBeUndefined();
});

const RESERVED =
  "accept accept-encoding authorization connection content-encoding content-language content-length content-type cookie expect " +
  "host if-none-match keep-alive proxy-authorization proxy-connection range te trailer transfer-encoding upgrade x-request-id";

test.each(RESERVED.split(" "))("refuses %s, in any case, and shows no value", (name) => {
  for (const spelled of [name, name.toUpperCase()]) {
    expect(() => parse(`x-a: fine, ${spelled}: hunter2`)).toThrow(ConfigError);
    expect(() => parse(`x-a: fine, ${spelled}: hunter2`)).toThrow(
      `UPSTREAM_HEADERS must be further headers, without ${name}, which HTTP or the gateway itself sets.`,
    );
  }
});

test.each([
  ["no value", "x-a:", "headers such as"],
  ["no name", ": hunter2", "headers such as"],
  ["no colon", "hunter2", "headers such as"],
  ["a comma in a value", "x-a: hunter2, hunter3", "headers such as"],
  ["a control character", "x-a: hunter2\u0000b", "headers such as"],
  ["a character beyond ASCII", "x-a: hunter2é", "headers such as"],
  ["a space in a name", "x a: hunter2", "headers such as"],
  ["a name twice", "x-a: hunter2\nX-A: b", "headers of different names, not x-a twice"],
  ["too much", `x-a: hunter2${"x".repeat(4096)}`, "at most 4096 characters long, got 4106"],
])("refuses %s, in one line that shows no value", (_, value, reason) => {
  expect(() => parse(value)).toThrow(`UPSTREAM_HEADERS must be ${reason}`);
  expect(() => parse(value)).toThrow(/^((?!hunter2)[^\n])+$/);
});
