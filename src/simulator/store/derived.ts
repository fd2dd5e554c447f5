/** Counts that are computed from relations when a row is read, so that they are never stale. */
import { type EntityModel, isEntity } from "./model.js";
import type { Store, Stored } from "./store.js";

/** Computes one field of a row from the related rows that somebody sees. */
export type Derive = (row: Stored, sees: (row: Stored) => boolean) => number;

/** The computed fields of an entity: `vm_num` from `vms`, `running_vm_num` from the same by status, and so on. */
export function derivedFields(store: Store, entity: EntityModel): ReadonlyMap<string, Derive> {
  const derived = new Map<string, Derive>();
  for (const field of entity.fields.keys()) {
    const stem = /^(?:(running|stopped|suspended)_)?(.+)_num$/.exec(field);
    const many = stem?.[2] && plural(entity, stem[2]);
    if (!many) continue;
    const status = stem?.[1]?.toUpperCase();
    derived.set(field, (row, sees) => {
      const rows = related(store, row, many).filter(sees);
      return status === undefined ? rows.length : rows.filter((vm) => vm.values.status === status).length;
    });
  }
  for (const [field, derive] of special(store, entity)) derived.set(field, derive);
  return derived;
}

/** The rows at the other end of a to-many field that exist. */
export function related(store: Store, row: Stored, field: string): readonly Stored[] {
  const kind = store.model.entity(row.entity).fields.get(field)?.kind;
  if (kind?.is !== "many" || !isEntity(kind.target)) return [];
  const { target, by } = kind;
  if (by !== null) return [...store.referrers(target, by, row.id)];
  return (row.values[field] as readonly string[]).flatMap((id) => store.get(target, id) ?? []);
}

function plural(entity: EntityModel, stem: string): string | undefined {
  return [`${stem}s`, `${stem}es`, stem].find((name) => {
    const kind = entity.fields.get(name)?.kind;
    return kind?.is === "many" && isEntity(kind.target);
  });
}

function special(store: Store, entity: EntityModel): readonly (readonly [string, Derive])[] {
  switch (entity.name) {
    case "IscsiLun":
      return [["snapshot_num", (row) => store.referrers("IscsiLunSnapshot", "iscsi_lun", row.id).length]];
    case "NvmfNamespace":
      return [["snapshot_num", (row) => store.referrers("NvmfNamespaceSnapshot", "nvmf_namespace", row.id).length]];
    case "Datacenter":
      return ["hosts", "vms"].map((many) => {
        const derive: Derive = (row, sees) => {
          const clusters = related(store, row, "clusters");
          return clusters.flatMap((cluster) => related(store, cluster, many)).filter(sees).length;
        };
        return [`${many.slice(0, -1)}_num`, derive];
      });
    default:
      return [];
  }
}
