import DataLoader from "dataloader";
import type { Entity, Row, Where } from "../../src/upstream/wire/types.js";
import { IDS_PER_CALL, type UpstreamPool } from "../upstream-pool.js";

/** GraphQL context of one request. */
export interface BaselineContext {
  readonly token: string;
  readonly upstream: UpstreamPool;
  readonly loaders: ReturnType<typeof createLoaders>;
}

/** Creates the loaders of one request: a DataLoader for each relation. */
export function createLoaders(upstream: UpstreamPool, token: string) {
  const disksByVm = new DataLoader<string, Row<"VmDisk">[]>(
    async (vmIds) => {
      const rows = await upstream.list("VmDisk", token, { where: { vm: { id_in: vmIds } }, orderBy: "boot_ASC" });
      const groups = new Map<string, Row<"VmDisk">[]>(vmIds.map((id) => [id, []]));
      for (const row of rows) groups.get(row.vm?.id ?? "")?.push(row);
      return vmIds.map((id) => groups.get(id) ?? []);
    },
    { maxBatchSize: IDS_PER_CALL },
  );

  const byKey = <E extends Entity>(
    entity: E,
    toWhere: (keys: readonly string[]) => Where<E>,
    keyOf: (row: Row<E>) => unknown = (row) => row.id,
  ) =>
    new DataLoader<string, Row<E> | null>(
      async (keys) => {
        const rows = await upstream.list(entity, token, { where: toWhere(keys) });
        const found = new Map(rows.map((row) => [keyOf(row), row]));
        return keys.map((key) => found.get(key) ?? null);
      },
      { maxBatchSize: IDS_PER_CALL },
    );

  return {
    disksByVm,
    vmById: byKey("Vm", (ids) => ({ id_in: ids })),
    volumeById: byKey("VmVolume", (ids) => ({ id_in: ids })),
    lunById: byKey("IscsiLun", (ids) => ({ id_in: ids })),
    lunSnapshotByName: byKey(
      "IscsiLunSnapshot",
      (names) => ({ name_in: names }),
      (row) => row.name,
    ),
  };
}
