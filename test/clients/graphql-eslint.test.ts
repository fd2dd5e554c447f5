import { readFileSync } from "node:fs";
import plugin from "@graphql-eslint/eslint-plugin";
import { ESLint } from "eslint";
import { buildSchema, GraphQLNonNull, isObjectType } from "graphql";
import { expect, test } from "vitest";

const SCHEMA = readFileSync("schema.graphql", "utf8");

/** The rules for schemas that Relay's specification stands behind, and those that keep a schema readable. */
const RULES = {
  "@graphql-eslint/relay-arguments": "error",
  "@graphql-eslint/relay-connection-types": "error",
  // Lists that are bounded by nature, such as the disks of a VM, are plain lists here, and connections have `nodes`.
  "@graphql-eslint/relay-edge-types": ["error", { listTypeCanWrapOnlyEdgeType: false }],
  "@graphql-eslint/relay-page-info": "error",
  "@graphql-eslint/require-description": [
    "error",
    {
      types: true,
      rootField: true,
      FieldDefinition: true,
      InputValueDefinition: true,
      EnumValueDefinition: true,
      DirectiveDefinition: true,
    },
  ],
  "@graphql-eslint/naming-convention": [
    "error",
    {
      types: "PascalCase",
      FieldDefinition: "camelCase",
      InputValueDefinition: "camelCase",
      EnumValueDefinition: "UPPER_CASE",
    },
  ],
  "@graphql-eslint/require-deprecation-reason": "error",
  "@graphql-eslint/no-unreachable-types": "error",
  "@graphql-eslint/unique-enum-value-names": "error",
  "@graphql-eslint/no-hashtag-description": "error",
} as const;

/** What the real ESLint says of a schema: line, rule and message. */
async function lint(schema: string): Promise<string[]> {
  const eslint = new ESLint({
    overrideConfigFile: true,
    overrideConfig: [
      {
        files: ["**/*.graphql"],
        languageOptions: { parser: plugin.parser, parserOptions: { graphQLConfig: { schema: "schema.graphql" } } },
        plugins: { "@graphql-eslint": plugin as never },
        rules: RULES as never,
      },
    ],
  });
  const results = await eslint.lintText(schema, { filePath: "schema.graphql" });
  return results.flatMap(({ messages }) =>
    messages.map(({ line, ruleId, message }) => `${line} ${ruleId}: ${message}`),
  );
}

test("graphql-eslint finds nothing against Relay's rules, and a description on everything", async () => {
  expect(await lint(SCHEMA)).toEqual([]);
});

test.each([
  ["relay-connection-types", (schema: string) => schema.replace(/(type VmConnection \{[^}]*?)edges: /, "$1items: ")],
  [
    "relay-edge-types",
    (schema: string) => schema.replace(/(type VmEdge \{[^}]*?)cursor: String!/, "$1cursor: PageInfo!"),
  ],
  ["relay-page-info", (schema: string) => schema.replace("hasNextPage: Boolean!", "hasNextPage: Boolean")],
  ["require-description", (schema: string) => schema.replace('"""A virtual machine."""', "")],
])("it would tell: %s is on its guard", async (rule, spoil) => {
  const findings = await lint(spoil(SCHEMA));

  expect(findings.join("\n")).toContain(`@graphql-eslint/${rule}: `);
});

test("each type with an id of its own is a Node, so that a cache can tell its objects apart", () => {
  const types = Object.values(buildSchema(SCHEMA).getTypeMap()).filter(isObjectType);
  const withId = types.filter((type) => type.getFields().id !== undefined);

  expect(withId.map((type) => [type.name, type.getInterfaces().map(String)])).toEqual(
    withId.map((type) => [type.name, ["Node"]]),
  );
  for (const type of withId) expect(type.getFields().id?.type, type.name).toBeInstanceOf(GraphQLNonNull);
});
