import { GraphQLError, GraphQLScalarType, Kind } from "graphql";
import { GraphQLDateTime, GraphQLJSON } from "graphql-scalars";
import { quote } from "../../kernel/text/global-id.js";

/**
 * int64 as a JSON number.
 *
 * CloudTower itself sends int64 as JSON numbers, so nothing is lost here that had not been lost upstream; a fraction is cut.
 */
export const BigIntScalar = new GraphQLScalarType<number, number>({
  name: "BigInt",
  specifiedByURL: "https://www.rfc-editor.org/rfc/rfc8259#section-6",
  description:
    "An integer of up to 64 bits, as a JSON number. GraphQL's `Int` ends at 2^31 - 1, which is 2 GiB when it counts bytes.",
  serialize(value) {
    if (typeof value === "number" && Number.isFinite(value)) return Math.trunc(value);
    throw new GraphQLError(`expected an integer, got ${describe(value)}`);
  },
  parseValue(value) {
    if (typeof value === "number" && Number.isSafeInteger(value)) return value;
    throw new GraphQLError(`expected an integer between -(2^53 - 1) and 2^53 - 1, got ${describe(value)}`);
  },
  parseLiteral(node) {
    const value = node.kind === Kind.INT ? Number(node.value) : undefined;
    if (value !== undefined && Number.isSafeInteger(value)) return value;
    throw new GraphQLError("expected an integer between -(2^53 - 1) and 2^53 - 1", { nodes: node });
  },
});

/** A moment in time, as CloudTower writes it: RFC 3339 text. Output is passed through; input is checked. */
export const DateTimeScalar = new GraphQLScalarType<string, string>({
  name: "DateTime",
  specifiedByURL: "https://scalars.graphql.org/andimarek/date-time.html",
  description: 'A moment in time as RFC 3339 text in UTC, such as "2026-11-22T08:30:00.000Z".',
  serialize(value) {
    if (typeof value === "string") return value;
    throw new GraphQLError(`expected a time, got ${describe(value)}`);
  },
  parseValue(value) {
    return parseTime(value);
  },
  parseLiteral(node) {
    return parseTime(node.kind === Kind.STRING ? node.value : undefined);
  },
});

/** Free JSON. */
export const JsonScalar = GraphQLJSON;

function parseTime(value: unknown): string {
  try {
    return GraphQLDateTime.parseValue(value).toISOString();
  } catch {
    throw new GraphQLError(`expected a time such as "2026-11-22T08:30:00Z", got ${describe(value)}`);
  }
}

function describe(value: unknown): string {
  return typeof value === "string" ? quote(value) : String(value);
}
