import { groupByKey } from "../../kernel/group.js";
import type { UpstreamSession } from "../../upstream/session.js";
import { readByKeys } from "../../upstream/sound-rows.js";
import type { Row } from "../../upstream/wire/types.js";
import { slotPosition } from "../shared/disk-slot.js";

/**
 * A key of a disk that stays the same if CloudTower re-creates it: `<vm>:<volume>` for a data disk, `<vm>:<slot>` for a CD-ROM drive.
 */
export function diskKey(row: Row<"VmDisk">): string {
  const vm = row.vm?.id ?? "";
  if (row.type === "DISK" && row.vm_volume) return `${vm}:${row.vm_volume.id}`;
  return `${vm}:${row.bus ?? ""}:${slotPosition(row) ?? "b0"}`;
}

/** The disks with these stable keys. One call for the disks of all VMs in the keys. */
export async function findDisks(
  session: UpstreamSession,
  keys: readonly string[],
): Promise<Map<string, Row<"VmDisk">>> {
  const vmIds = [...groupByKey(keys, (key) => key.split(":", 1)[0]).keys()];
  const rows = await readByKeys(session, "VmDisk", vmIds, (ids) => ({ vm: { id_in: ids } }));
  const wanted = new Set(keys);
  return new Map(rows.map((row) => [diskKey(row), row] as const).filter(([key]) => wanted.has(key)));
}
