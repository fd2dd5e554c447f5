import { readFileSync } from "node:fs";
import plugin from "@graphql-eslint/eslint-plugin";
import { ESLint } from "eslint";
import { buildSchema, GraphQLNonNull, isObjectType } from "graphql";
import { expect, test } from "vitest";

const SCHEMA = readFileSync("schema.graphql", "utf8");

/** Rules from Relay's specification, and rules for readable schemas. */
const RULES = {
  "@graphql-eslint/relay-arguments": "error",
  "@graphql-eslint/relay-connection-types": "error",
  // Lists that are always short, such as the disks of a VM, are plain lists, and connections have `nodes`.
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

/** Findings of the real ESLint for a schema: line, rule and message. */
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

test("graphql-eslint finds no violation of Relay's rules and no missing description", async () => {
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
])("the rule %s finds a violation", async (rule, damage) => {
  const findings = await lint(damage(SCHEMA));

  expect(findings.join("\n")).toContain(`@graphql-eslint/${rule}: `);
});

test("each type with an id is a Node, so that a cache can identify its objects", () => {
  const types = Object.values(buildSchema(SCHEMA).getTypeMap()).filter(isObjectType);
  // The id of an event is for dropping what comes again: no query looks it up.
  const withId = types.filter((type) => type.getFields().id !== undefined && !type.name.endsWith("Event"));

  expect(withId.map((type) => [type.name, type.getInterfaces().map(String)])).toEqual(
    withId.map((type) => [type.name, ["Node"]]),
  );
  for (const type of withId) expect(type.getFields().id?.type, type.name).toBeInstanceOf(GraphQLNonNull);
});
