import {
  type DocumentNode,
  type FragmentDefinitionNode,
  type GraphQLNamedType,
  type GraphQLSchema,
  getNamedType,
  isInterfaceType,
  isObjectType,
  type SelectionSetNode,
} from "graphql";

/** Names of object types by the path of response keys, such as `vms.nodes.disks`; lists add nothing to a path. */
export type TypePaths = ReadonlyMap<string, string>;

/** Documents nest less deeply; fragments that contain themselves are invalid, and do not end. */
const MAX_DEPTH = 50;

/** What the document itself says about the types in its response. Abstract types are left out: only the response can tell. */
export function typePaths(schema: GraphQLSchema, document: DocumentNode): TypePaths {
  const paths = new Map<string, string>();
  const fragments = new Map<string, FragmentDefinitionNode>();
  for (const definition of document.definitions) {
    if (definition.kind === "FragmentDefinition") fragments.set(definition.name.value, definition);
  }

  function walk(parent: GraphQLNamedType | undefined, { selections }: SelectionSetNode, path: string, depth: number) {
    if (depth > MAX_DEPTH) return;
    for (const selection of selections) {
      if (selection.kind !== "Field") {
        const fragment = selection.kind === "InlineFragment" ? selection : fragments.get(selection.name.value);
        const condition = fragment?.typeCondition?.name.value;
        const type = condition === undefined ? parent : schema.getType(condition);
        if (fragment !== undefined) walk(type, fragment.selectionSet, path, depth + 1);
        continue;
      }
      if (selection.selectionSet === undefined) continue;
      const field =
        isObjectType(parent) || isInterfaceType(parent) ? parent.getFields()[selection.name.value] : undefined;
      const type = field && getNamedType(field.type);
      const key = (selection.alias ?? selection.name).value;
      const own = path === "" ? key : `${path}.${key}`;
      if (isObjectType(type)) paths.set(own, type.name);
      walk(type, selection.selectionSet, own, depth + 1);
    }
  }

  for (const definition of document.definitions) {
    if (definition.kind !== "OperationDefinition") continue;
    walk(schema.getRootType(definition.operation) ?? undefined, definition.selectionSet, "", 0);
  }
  return paths;
}
