import { groupByKey } from "../../kernel/group.js";
import type { UpstreamSession } from "../../upstream/session.js";
import { readByKeys } from "../../upstream/sound-rows.js";
import type { Row } from "../../upstream/wire/types.js";

/** A key of a NIC that stays the same if CloudTower re-creates it: `<vm>:<MAC address>`, or `<vm>:<local id>` without an address. */
export function nicKey(row: Row<"VmNic">): string {
  return `${row.vm?.id ?? ""}:${row.mac_address?.toLowerCase() || row.local_id || row.id}`;
}

/** The NICs with these stable keys. One call for the NICs of all VMs in the keys. */
export async function findNics(session: UpstreamSession, keys: readonly string[]): Promise<Map<string, Row<"VmNic">>> {
  const vmIds = [...groupByKey(keys, (key) => key.split(":", 1)[0]).keys()];
  const rows = await readByKeys(session, "VmNic", vmIds, (ids) => ({ vm: { id_in: ids } }));
  const wanted = new Set(keys);
  return new Map(rows.map((row) => [nicKey(row), row] as const).filter(([key]) => wanted.has(key)));
}
