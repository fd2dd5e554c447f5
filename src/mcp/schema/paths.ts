import {
  type GraphQLNamedType,
  type GraphQLSchema,
  getNamedType,
  isAbstractType,
  isInputObjectType,
  isInterfaceType,
  isObjectType,
} from "graphql";

/** Fields of Query by which every object is reached, so that they explain none. */
const UNSPECIFIC: ReadonlySet<string> = new Set(["node", "nodes", "_entities", "_service"]);

/** Whether a type only carries a list, as each list has its own. */
export function isBoilerplate(typename: string): boolean {
  return /(Connection|Edge)$/.test(typename);
}

/**
 * How each type is reached from the root of a query, by its name: the shortest path, such as `vm.disks` or `vms(filter)`, and that of a
 * list of it, if there is one. In the order of their lengths.
 */
export function pathsInSchema(schema: GraphQLSchema): ReadonlyMap<string, readonly string[]> {
  const query = schema.getQueryType();
  const paths = new Map<string, string[]>();
  if (query == null) return paths;
  const queue: { readonly type: GraphQLNamedType; readonly path: string }[] = [];
  const reach = (type: GraphQLNamedType, path: string) => {
    if (paths.has(type.name)) return;
    paths.set(type.name, [path]);
    queue.push({ type, path });
  };
  reach(query, "");
  for (let step = queue.shift(); step !== undefined; step = queue.shift()) {
    for (const [next, path] of stepsFrom(step.type, step.path, schema)) reach(next, path);
  }
  for (const [name, field] of Object.entries(query.getFields())) {
    const connection = getNamedType(field.type);
    const nodes = isObjectType(connection) ? connection.getFields().nodes : undefined;
    const known = nodes && isBoilerplate(connection.name) ? paths.get(getNamedType(nodes.type).name) : undefined;
    if (known !== undefined && known[0] !== `${name}.nodes`) known.push(`${name}.nodes`);
  }
  return paths;
}

/** Where a type leads to. */
function stepsFrom(type: GraphQLNamedType, path: string, schema: GraphQLSchema): [GraphQLNamedType, string][] {
  const to = (name: string) => (path === "" ? name : `${path}.${name}`);
  const steps: [GraphQLNamedType, string][] = [];
  if (isObjectType(type) || isInterfaceType(type)) {
    for (const { name, type: result, args } of Object.values(type.getFields())) {
      if (path === "" && UNSPECIFIC.has(name)) continue;
      steps.push([getNamedType(result), to(name)]);
      for (const arg of args) steps.push([getNamedType(arg.type), `${to(name)}(${arg.name})`]);
    }
  }
  if (isInputObjectType(type)) {
    for (const { name, type: value } of Object.values(type.getFields())) steps.push([getNamedType(value), to(name)]);
  }
  if (isAbstractType(type)) {
    for (const possible of schema.getPossibleTypes(type)) steps.push([possible, `${path}(... on ${possible.name})`]);
  }
  return steps;
}
