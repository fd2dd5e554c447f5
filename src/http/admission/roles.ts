import { type FragmentDefinitionNode, Kind, type SelectionSetNode } from "graphql";
import { ErrorCode } from "../../kernel/errors.js";
import type { ValidatedOperation } from "../limits/document-gate.js";
import { refusal } from "../messages/refusal.js";

/** Roles of clients in service mode; each may do what the ones before it may. */
export const ROLES = ["read", "snapshot", "backup", "admin"] as const;
export type Role = (typeof ROLES)[number];

/** The role that each mutation needs. One without an entry needs `admin`. */
export const MUTATION_ROLES: Readonly<Record<string, Role>> = {
  createVmSnapshot: "snapshot",
  createVmSnapshots: "snapshot",
  createConsistencyGroupSnapshot: "snapshot",
  renewSnapshotLeases: "snapshot",
  releaseSnapshotLeases: "snapshot",
  deleteVmSnapshots: "backup",
  rollbackVm: "backup",
  rebuildVmFromSnapshot: "backup",
  rollbackConsistencyGroup: "backup",
  deleteConsistencyGroupSnapshots: "backup",
  restoreDisk: "backup",
  startVm: "backup",
  powerOffVm: "backup",
  deleteExpiredSnapshots: "admin",
  enableWebhook: "admin",
  replayWebhook: "admin",
  testWebhook: "admin",
};

/** The role that a mutation needs. */
export function roleOf(mutation: string): Role {
  return Object.hasOwn(MUTATION_ROLES, mutation) ? (MUTATION_ROLES[mutation] as Role) : "admin";
}

/**
 * Checks that a role suffices for all mutations of an operation, also for those in fragments or under directives, before any of them runs.
 *
 * @throws Refusal FORBIDDEN with the role that is needed.
 */
export function assertRoleSuffices(role: Role, { operation, fragments }: ValidatedOperation): void {
  if (operation.operation !== "mutation") return;
  for (const mutation of rootFields(operation.selectionSet, fragments)) {
    const needed = roleOf(mutation);
    if (ROLES.indexOf(role) >= ROLES.indexOf(needed)) continue;
    const message = `${mutation} needs the role ${needed}, but this API key has the role ${role}. Ask the gateway's operator.`;
    throw refusal(ErrorCode.Forbidden, message);
  }
}

/** Names of the fields at the root of an operation. */
function rootFields(
  { selections }: SelectionSetNode,
  fragments: ReadonlyMap<string, FragmentDefinitionNode>,
): readonly string[] {
  return selections.flatMap((selection) => {
    if (selection.kind === Kind.FIELD) return selection.name.value.startsWith("__") ? [] : selection.name.value;
    if (selection.kind === Kind.INLINE_FRAGMENT) return rootFields(selection.selectionSet, fragments);
    const fragment = fragments.get(selection.name.value);
    return fragment === undefined ? [] : rootFields(fragment.selectionSet, fragments);
  });
}
