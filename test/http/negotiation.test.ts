import { describe, expect, test } from "vitest";
import { acceptedTypes, compressionFor, languageFor, prefersHtml } from "../../src/http/messages/negotiation.js";

const JSON_TYPE = "application/json";
const GRAPHQL_TYPE = "application/graphql-response+json";

describe("Accept", () => {
  test.each([
    [undefined, JSON_TYPE],
    ["  ", JSON_TYPE],
    ["*/*", JSON_TYPE],
    ["application/*;q=0.1", JSON_TYPE],
    ["APPLICATION/JSON", JSON_TYPE],
    ["application/json; v=1", JSON_TYPE],
    [`${GRAPHQL_TYPE}, ${JSON_TYPE}`, GRAPHQL_TYPE],
    [`${JSON_TYPE};q=0.5, ${GRAPHQL_TYPE};q=0.9`, GRAPHQL_TYPE],
    [`${GRAPHQL_TYPE};q=0.5, */*`, JSON_TYPE],
    [`${GRAPHQL_TYPE};q=0`, undefined],
    ["application/json;q=nonsense", undefined],
    ["image/png", undefined],
  ])("%j gets %s", (accept, json) => {
    expect(acceptedTypes(accept).json).toBe(json);
  });

  test.each([
    ["text/event-stream", true],
    ["text/event-stream;q=0", false],
    ["*/*", false],
    ["text/*", false],
  ])("%j asks for events by name: %s", (accept, stream) => {
    expect(acceptedTypes(accept).stream).toBe(stream);
  });

  test.each([
    ["text/html, */*;q=0.8", true],
    ["text/html;q=0.2, */*", true],
    ["application/json, text/html;q=0.9", false],
    ["*/*", false],
    [undefined, false],
  ])("%j prefers HTML to what the API responds with by name: %s", (accept, prefers) => {
    expect(prefersHtml(accept)).toBe(prefers);
  });
});

test.each([
  ["gzip", "gzip"],
  ["gzip, br", "br"],
  ["br;q=0.5, gzip", "gzip"],
  ["*", "br"],
  ["br;q=0, *", "gzip"],
  ["*;q=0", undefined],
  ["identity", undefined],
  ["", undefined],
  [undefined, undefined],
])("Accept-Encoding %j gets %s", (header, encoding) => {
  expect(compressionFor(header)).toBe(encoding);
});

test.each([
  ["zh-Hans-CN, en", "zh-CN"],
  ["en, zh", "en-US"],
  ["zh;q=0.1, en-GB;q=0.2", "en-US"],
  ["zh;q=0", "en-US"],
  ["*", "en-US"],
  ["de", "en-US"],
  [undefined, "en-US"],
])("Accept-Language %j gets %s", (header, language) => {
  expect(languageFor(header)).toBe(language);
});

test.each([
  ["commas", ",,,"],
  ["an empty weight", ";q="],
  ["an open quote", 'a/b;x="'],
  ["16,000 backslashes", "\\".repeat(16_000)],
  ["4,000 ranges", "*/*,".repeat(4_000)],
  ["the name of a prototype", "__proto__;__proto__=1"],
])("a header of %s never throws", (_, header) => {
  for (const read of [acceptedTypes, prefersHtml, compressionFor, languageFor])
    expect(() => read(header)).not.toThrow();
});
