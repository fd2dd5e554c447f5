import { groupByKey } from "../../kernel/group.js";
import { readByKeys } from "../../upstream/reads.js";
import type { UpstreamSession } from "../../upstream/session.js";
import type { Row } from "../../upstream/wire/types.js";

/**
 * What stays of a disk when CloudTower re-creates it: `<vm>:<volume>` for a data disk, `<vm>:<bus>:k<key>` for a CD-ROM drive,
 * `<vm>:<bus>:b<boot>` where it has no key.
 */
export function diskKey(row: Row<"VmDisk">): string {
  const vm = row.vm?.id ?? "";
  if (row.type === "DISK" && row.vm_volume) return `${vm}:${row.vm_volume.id}`;
  const place = row.key === null || row.key === undefined ? `b${row.boot ?? 0}` : `k${row.key}`;
  return `${vm}:${row.bus ?? ""}:${place}`;
}

/** The disks behind stable keys: one call for the disks of all VMs that the keys name. */
export async function findDisks(
  session: UpstreamSession,
  keys: readonly string[],
): Promise<Map<string, Row<"VmDisk">>> {
  const vmIds = [...groupByKey(keys, (key) => key.split(":", 1)[0]).keys()];
  const rows = await readByKeys(session, "VmDisk", vmIds, (ids) => ({ vm: { id_in: ids } }));
  const wanted = new Set(keys);
  return new Map(rows.map((row) => [diskKey(row), row] as const).filter(([key]) => wanted.has(key)));
}
