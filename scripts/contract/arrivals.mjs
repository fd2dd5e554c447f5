import { compareVersions } from "./documents.mjs";
import { exactVersions } from "./exact-versions.mjs";
import { readFields } from "./fields.mjs";

/** Endpoints that the gateway and the simulator know, besides the lists. */
const endpoints = [
  ...["/login", "/get-version", "/resource-changes", "/create-vm-snapshot", "/delete-vm-snapshot", "/rollback-vm"],
  ...[
    "/rebuild-vm-from-snapshot",
    "/rebuild-vm-volume",
    "/add-vm-disk",
    "/remove-vm-disk",
    "/start-vm",
    "/poweroff-vm",
    "/shutdown-vm",
  ],
  "/create-iscsi-lun-snapshot",
  ...["/delete-iscsi-lun-snapshot", "/create-vm-volume-snapshot", "/delete-vm-volume-snapshot"],
  ...["/create-consistency-snapshot-group", "/rollback-consistency-snapshot-group"],
  "/delete-consistency-snapshot-group",
  ...["/get-backup-plans-without-executions", "/get-replication-plans-without-executions"],
];

/**
 * Everything that not all versions have, by name: a type (`VmVolumeSnapshot`), a field (`Vm.used_size`, `NestedLabel.key`), a value of
 * an enum (`NetworkType.ERSPAN`), an endpoint (`/resource-changes`). Filters and orders follow from fields, in every version.
 *
 * Each with the last document without it, the first with it, and the exact version if it is known.
 *
 * @throws if something was removed or changed its kind, or if an exact version contradicts the documents.
 */
export function readArrivals(documents, exact = exactVersions) {
  const tables = documents.map(namesOf);
  const newest = tables.at(-1);
  const arrivals = {};
  for (const [name, { kind, within }] of newest) {
    const first = tables.findIndex((table) => table.has(name));
    for (const [index, table] of tables.entries()) {
      const { version } = documents[index].info;
      const known = table.get(name);
      if (index >= first && known === undefined) throw new Error(`${name} was removed in ${version}`);
      // A newer version may require what an older one left open.
      if (known !== undefined && known.kind !== kind && `${known.kind}!` !== kind) {
        throw new Error(`${name} is ${known.kind} in ${version}, but ${kind} in the newest document`);
      }
    }
    // A member of a type that arrived in the same document arrived with it.
    const withType = within !== undefined && tables.findIndex((table) => table.has(within)) === first;
    if (first > 0 && !withType && kind !== "part") {
      arrivals[name] = { without: documents[first - 1].info.version, with: documents[first].info.version };
    }
  }
  for (const [index, table] of tables.entries()) {
    const lost = [...table.keys()].find((name) => !newest.has(name));
    if (lost !== undefined) throw new Error(`${lost} of ${documents[index].info.version} was removed later`);
  }
  for (const [since, names] of Object.entries(exact)) {
    for (const name of names) {
      if (!newest.has(name)) throw new Error(`exact-versions.mjs has ${name}, but the newest document does not`);
      const known = arrivals[name] ?? { with: documents[0].info.version };
      const contradicted =
        compareVersions(since, known.with) > 0 || (known.without && compareVersions(since, known.without) <= 0);
      if (contradicted) {
        throw new Error(`${name} arrived after ${known.without}, at the latest in ${known.with}, not in ${since}`);
      }
      arrivals[name] = { ...known, since };
    }
  }
  return Object.fromEntries(Object.entries(arrivals).sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** Names in a document, with their kinds; `within` is the type of a member. */
function namesOf(document) {
  const { entities, stubs, embedded, enums } = readFields(document);
  const names = new Map();
  const addType = (type, members, kind = "part") => {
    names.set(type, { kind });
    for (const [member, kind] of members) names.set(`${type}.${member}`, { kind, within: type });
  };
  for (const [type, { fields }] of Object.entries(entities)) addType(type, Object.entries(fields), "entity");
  for (const [target, fields] of Object.entries(stubs)) addType(`Nested${target}`, Object.entries(fields));
  for (const [type, fields] of Object.entries(embedded)) addType(type, Object.entries(fields));
  for (const [type, values] of Object.entries(enums))
    addType(
      type,
      values.map((value) => [value, "value"]),
    );
  const errorBody = document.components.schemas.ErrorBody.properties;
  addType(
    "ErrorBody",
    Object.keys(errorBody).map((field) => [field, "field"]),
  );
  for (const path of endpoints) if (document.paths[path]) names.set(path, { kind: "endpoint" });
  return names;
}
