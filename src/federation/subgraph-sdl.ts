import {
  type ConstDirectiveNode,
  type FieldDefinitionNode,
  type GraphQLSchema,
  Kind,
  type ObjectTypeDefinitionNode,
  parse,
  print,
  printSchema,
} from "graphql";

/** The oldest version of Federation with all directives that are used, so that every composition of Federation 2 knows it. */
const LINK = `extend schema @link(url: "https://specs.apollo.dev/federation/v2.0", import: ["@key", "@shareable", "@inaccessible"])`;

/** Fields of Query that each subgraph may have for itself: a supergraph cannot have one of them. */
const OWN_LOOKUPS: ReadonlySet<string> = new Set(["node", "nodes"]);

/**
 * A schema as text for the composition of a supergraph: each entity has its key, `PageInfo` may be defined by other subgraphs too, and
 * `node` and `nodes`, which find only this subgraph's objects, are hidden.
 *
 * @param entities names of the types with the key `id`.
 */
export function subgraphSdl(schema: GraphQLSchema, entities: ReadonlySet<string>): string {
  const document = parse(printSchema(schema), { noLocation: true });
  const query = schema.getQueryType()?.name;
  const definitions = document.definitions.map((definition) => {
    if (definition.kind !== Kind.OBJECT_TYPE_DEFINITION) return definition;
    const { name } = definition;
    if (entities.has(name.value)) return marked(definition, KEY);
    if (name.value === "PageInfo") return marked(definition, SHAREABLE);
    return name.value === query ? { ...definition, fields: definition.fields?.map(hidden) } : definition;
  });
  return `${LINK}\n\n${print({ ...document, definitions })}\n`;
}

const [KEY, SHAREABLE, INACCESSIBLE] = ['@key(fields: "id")', "@shareable", "@inaccessible"].map(directive) as [
  ConstDirectiveNode,
  ConstDirectiveNode,
  ConstDirectiveNode,
];

function directive(text: string): ConstDirectiveNode {
  const [definition] = parse(`type T ${text}`, { noLocation: true }).definitions;
  return (definition as ObjectTypeDefinitionNode).directives?.[0] as ConstDirectiveNode;
}

function hidden(field: FieldDefinitionNode): FieldDefinitionNode {
  return OWN_LOOKUPS.has(field.name.value) ? marked(field, INACCESSIBLE) : field;
}

function marked<N extends ObjectTypeDefinitionNode | FieldDefinitionNode>(node: N, mark: ConstDirectiveNode): N {
  return { ...node, directives: [...(node.directives ?? []), mark] };
}
