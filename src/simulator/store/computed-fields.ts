import { type EntityModel, isEntity } from "./model.js";
import type { Store, StoredRow } from "./store.js";

/** Computes a field of a row from the related rows that the caller may see. */
export type ComputeField = (row: StoredRow, sees: (row: StoredRow) => boolean) => number;

/** Counts that are computed when a row is read: `vm_num` from `vms`, `running_vm_num` from those with the status, and so on. */
export function computedFields(store: Store, entity: EntityModel): ReadonlyMap<string, ComputeField> {
  const computed = new Map<string, ComputeField>();
  for (const field of entity.fields.keys()) {
    const stem = /^(?:(running|stopped|suspended)_)?(.+)_num$/.exec(field);
    const many = stem?.[2] && toManyField(entity, stem[2]);
    if (!many) continue;
    const status = stem?.[1]?.toUpperCase();
    computed.set(field, (row, sees) => {
      const rows = related(store, row, many).filter(sees);
      return status === undefined ? rows.length : rows.filter((vm) => vm.values.status === status).length;
    });
  }
  for (const [field, compute] of otherCounts(store, entity)) computed.set(field, compute);
  return computed;
}

/** Existing rows that a to-many field refers to. */
export function related(store: Store, row: StoredRow, field: string): readonly StoredRow[] {
  const kind = store.model.entity(row.entity).fields.get(field)?.kind;
  if (kind?.is !== "many" || !isEntity(kind.target)) return [];
  const { target, by } = kind;
  if (by !== null) return [...store.referrers(target, by, row.id)];
  return (row.values[field] as readonly string[]).flatMap((id) => store.get(target, id) ?? []);
}

function toManyField(entity: EntityModel, stem: string): string | undefined {
  return [`${stem}s`, `${stem}es`, stem].find((name) => {
    const kind = entity.fields.get(name)?.kind;
    return kind?.is === "many" && isEntity(kind.target);
  });
}

function otherCounts(store: Store, entity: EntityModel): readonly (readonly [string, ComputeField])[] {
  switch (entity.name) {
    case "IscsiLun":
      return [["snapshot_num", (row) => store.referrers("IscsiLunSnapshot", "iscsi_lun", row.id).length]];
    case "NvmfNamespace":
      return [["snapshot_num", (row) => store.referrers("NvmfNamespaceSnapshot", "nvmf_namespace", row.id).length]];
    case "Label": {
      const lists = [...entity.fields.values()].flatMap(({ name, kind }) => (kind.is === "many" ? [name] : []));
      return [
        [
          "total_num",
          (row, sees) => lists.reduce((sum, list) => sum + related(store, row, list).filter(sees).length, 0),
        ],
      ];
    }
    case "Datacenter":
      return ["hosts", "vms"].map((many) => {
        const compute: ComputeField = (row, sees) => {
          const clusters = related(store, row, "clusters");
          return clusters.flatMap((cluster) => related(store, cluster, many)).filter(sees).length;
        };
        return [`${many.slice(0, -1)}_num`, compute];
      });
    default:
      return [];
  }
}
