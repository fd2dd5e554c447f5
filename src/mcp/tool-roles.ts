import { ROLES, type Role, roleOf } from "../http/admission/roles.js";
import { refusal } from "../http/messages/refusal.js";
import { ErrorCode } from "../kernel/errors.js";
import type { Tool } from "./tool.js";

/** Whether a role suffices for what a tool writes. @param role undefined if CloudTower alone decides */
export function mayCall(role: Role | undefined, { mutation }: Tool): boolean {
  return role === undefined || mutation === undefined || ROLES.indexOf(role) >= ROLES.indexOf(roleOf(mutation));
}

/**
 * Checks the role before a tool runs: one that writes reads names from CloudTower first, which it must not do for a caller that may not write.
 *
 * @throws Refusal FORBIDDEN with the role that is needed.
 */
export function assertMayCall(role: Role | undefined, tool: Tool): void {
  if (mayCall(role, tool)) return;
  const needed = roleOf(tool.mutation ?? "");
  const message = `${tool.name} needs the role ${needed}, but this API key has the role ${role}. Ask the gateway's operator.`;
  throw refusal(ErrorCode.Forbidden, message);
}
