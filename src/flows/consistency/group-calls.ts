import type { UpstreamSession, WriteOptions } from "../../upstream/session.js";
import { WriteTargets } from "../../upstream/write-targets.js";
import { send, type WriteResponse } from "../writes/write-calls.js";

/** What snapshots of consistency groups are written with. */
export const GROUP_ENDPOINTS = {
  create: "create-consistency-snapshot-group",
  rollback: "rollback-consistency-snapshot-group",
  delete: "delete-consistency-snapshot-group",
} as const;

/** A snapshot of a consistency group to create. Group and name are its identity. */
export interface GroupSnapshotRequest {
  readonly groupId: string;
  readonly name: string;
}

/** Sends `create-consistency-snapshot-group` once. */
export function sendCreateGroupSnapshot(
  session: UpstreamSession,
  { groupId, name }: GroupSnapshotRequest,
  options?: WriteOptions,
): Promise<WriteResponse[]> {
  return send(session, GROUP_ENDPOINTS.create, [{ consistency_group_id: groupId, name }], options);
}

/** Sends `rollback-consistency-snapshot-group` once. It takes a filter, and rolls back to all that match: this one matches one snapshot. */
export function sendRollbackGroup(
  session: UpstreamSession,
  snapshotId: string,
  options?: WriteOptions,
): Promise<WriteResponse[]> {
  return send(session, GROUP_ENDPOINTS.rollback, { where: WriteTargets.of([snapshotId]).where }, options);
}

/** Sends `delete-consistency-snapshot-group` once. @param keepMemberSnapshots whether the members' own snapshots stay. */
export function sendDeleteGroupSnapshots(
  session: UpstreamSession,
  { targets, keepMemberSnapshots }: { readonly targets: WriteTargets; readonly keepMemberSnapshots: boolean },
  options?: WriteOptions,
): Promise<WriteResponse[]> {
  const data = { remain_volume_snapshot: keepMemberSnapshots };
  return send(session, GROUP_ENDPOINTS.delete, { where: targets.where, data }, options);
}
