import { ErrorCode, TowerError } from "../../kernel/errors.js";
import { indexByKey } from "../../kernel/group.js";
import { readPage } from "../../upstream/reads.js";
import type { UpstreamSession } from "../../upstream/session.js";
import type { Row } from "../../upstream/wire/types.js";
import { readAll, readByKeys } from "../writes/object-rows.js";

/** Whether a group has a member. True also if the caller may not list LUNs or namespaces: CloudTower decides then. */
export async function mayHaveMembers(session: UpstreamSession, group: Row<"ConsistencyGroup">): Promise<boolean> {
  if (memberCount(group) > 0) return true;
  // The lists in a row may be null or empty although there are members.
  const page = { where: { consistency_group: { id: group.id } }, orderBy: "id_ASC", first: 1 } as const;
  const found = await Promise.all([
    anyOrForbidden(readPage(session, "IscsiLun", page)),
    anyOrForbidden(readPage(session, "NvmfNamespace", page)),
  ]);
  return found.includes(true);
}

/** Number of members that a group's row names. */
export function memberCount({ iscsi_luns: luns, namespaces }: Row<"ConsistencyGroup">): number {
  return (luns?.length ?? 0) + (namespaces?.length ?? 0);
}

/**
 * The VMs whose disks a rollback may change: those with a volume on a LUN that is in the group now, or that the snapshot has a part of, since
 * CloudTower does not say which of them it rolls back. Two rounds of calls. VMs that the caller may not see are not among them, nor are
 * servers that use LUNs or namespaces over the network.
 */
export async function vmsOnMembers(
  session: UpstreamSession,
  { groupId, snapshotId }: { readonly groupId: string; readonly snapshotId: string },
): Promise<Row<"Vm">[]> {
  const [luns, parts] = await Promise.all([
    readAll(session, "IscsiLun", { consistency_group: { id: groupId } }),
    readAll(session, "IscsiLunSnapshot", { consistency_group_snapshot: { id: snapshotId } }),
  ]);
  const lunIds = new Set([...luns.map(({ id }) => id), ...parts.flatMap((part) => part.iscsi_lun?.id ?? [])]);
  const vms = await readByKeys(session, "Vm", [...lunIds], (id_in) => ({
    vm_disks_some: { vm_volume: { lun: { id_in } } },
  }));
  return [...indexByKey(vms, ({ id }) => id).values()];
}

function anyOrForbidden(page: Promise<readonly unknown[]>): Promise<boolean> {
  return page.then(
    (rows) => rows.length > 0,
    (error: unknown) => {
      if (error instanceof TowerError && error.code === ErrorCode.Forbidden) return true;
      throw error;
    },
  );
}
