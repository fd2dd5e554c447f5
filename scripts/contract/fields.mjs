/** The kinds of objects that the graph is made of, by the path of the endpoint `get-<path>` that lists them. */
export const paths = [
  ...["backup-plans", "backup-restore-points", "backup-target-executions"],
  ...["clusters", "consistency-group-snapshots", "consistency-groups", "datacenters", "deploys", "elf-images"],
  ...["elf-storage-policies", "hosts", "iscsi-lun-snapshots", "iscsi-luns", "iscsi-targets", "labels"],
  ...["nvmf-namespace-snapshots", "nvmf-namespaces", "replica-vms", "replication-plans"],
  ...["snapshot-groups", "snapshot-plan-tasks", "snapshot-plans", "tasks", "users", "vdses", "vlans"],
  ...["vm-disks", "vm-folders", "vm-nics", "vm-snapshots", "vm-volume-snapshots", "vm-volumes", "vms"],
];

/**
 * Fields and kinds of everything that rows of these lists consist of: entities, stubs, embedded objects, enums.
 *
 * @param documents all documents: a field is required only if each of them requires it that has it. @default the document alone
 */
export function readFields(document, documents = [document]) {
  const schemas = document.components.schemas;
  const embedded = new Set();
  const stubs = new Set();
  const enums = new Set();

  /** The kind of one field: `string!`, `int64`, `enum VmStatus!`, `one Cluster`, `many VmDisk`, `json NestedCpu!`, `list string!` ... */
  function kindOf(name, schema, where) {
    const filters = where ? Object.hasOwn(where, name) : false;
    if (schema.type === "array") {
      const item = refName(schema.items);
      if (item === undefined) return `list ${scalarKind(schema.items)}`;
      if (schemas[item].enum) return `list enum ${use(enums, item)}`;
      if (where && Object.hasOwn(where, `${name}_some`)) return `many ${use(stubs, item).slice("Nested".length)}`;
      return `json [${use(embedded, item)}]`;
    }
    const target = refName(schema);
    if (target === undefined) {
      if (schema.type === "object") return "json unknown";
      if (schema.type === "string" && where) return Object.hasOwn(where, `${name}_contains`) ? "string" : "date";
      return scalarKind(schema);
    }
    if (schemas[target].enum) return `enum ${use(enums, target)}`;
    return filters ? `one ${use(stubs, target).slice("Nested".length)}` : `json ${use(embedded, target)}`;
  }

  function fieldsOf(name) {
    const { properties, required = [] } = schemas[name];
    const where = schemas[`${name}WhereInput`]?.properties;
    return Object.fromEntries(
      Object.entries(properties).map(([field, schema]) => [
        field,
        kindOf(field, schema, where) + (required.includes(field) && !isOptionalSomewhere(name, field) ? "!" : ""),
      ]),
    );
  }

  function isOptionalSomewhere(name, field) {
    return documents.some(({ components }) => {
      const { properties = {}, required = [] } = components.schemas[name] ?? {};
      return Object.hasOwn(properties, field) && !required.includes(field);
    });
  }

  const entities = {};
  for (const path of paths) {
    const items = document.paths[`/get-${path}`]?.post.responses["200"].content["application/json"].schema.items;
    if (items !== undefined) entities[refName(items)] = { path, fields: fieldsOf(refName(items)) };
  }
  const stubTable = Object.fromEntries([...stubs].sort().map((name) => [name.slice("Nested".length), fieldsOf(name)]));
  const embeddedTable = {};
  for (const pending = [...embedded]; pending.length > 0; ) {
    const name = pending.pop();
    if (embeddedTable[name]) continue;
    const before = new Set(embedded);
    embeddedTable[name] = fieldsOf(name);
    pending.push(...[...embedded].filter((found) => !before.has(found)));
  }
  const enumTable = Object.fromEntries([...enums].sort().map((name) => [name, schemas[name].enum]));
  return { entities, stubs: stubTable, embedded: sorted(embeddedTable), enums: enumTable };
}

function refName(schema) {
  return (schema.$ref ?? schema.allOf?.[0]?.$ref)?.split("/").pop();
}

function scalarKind(schema) {
  if (schema.type === "integer") return schema.format;
  if (schema.type === "number") return "double";
  return schema.type;
}

function use(set, name) {
  set.add(name);
  return name;
}

function sorted(table) {
  return Object.fromEntries(Object.entries(table).sort(([a], [b]) => (a < b ? -1 : 1)));
}
