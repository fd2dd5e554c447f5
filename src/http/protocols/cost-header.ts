import type { IncomingMessage } from "node:http";
import { ErrorCode } from "../../kernel/errors.js";
import { refusal } from "../messages/refusal.js";

/**
 * What a client asks of its operation's cost with the header `X-TowerQL-Cost`: for `1` the calls to CloudTower (`extensions.upstream`),
 * for `plan` also what they read (`extensions.plan`).
 */
export type RequestedCost = "calls" | "plan" | undefined;

/** The cost that a request asks for. */
export function requestedCost({ headers }: IncomingMessage): RequestedCost {
  const value = headers["x-towerql-cost"];
  if (value === undefined) return undefined;
  return value === "plan" ? "plan" : "calls";
}

/** @throws Refusal UNAUTHENTICATED if a client without a credential asks for a plan, which names CloudTower's columns. */
export function assertMayAskCost(request: IncomingMessage): void {
  if (requestedCost(request) !== "plan" || request.headers.authorization) return;
  const message = "X-TowerQL-Cost: plan needs a credential. Send Authorization as well, or X-TowerQL-Cost: 1.";
  throw refusal(ErrorCode.Unauthenticated, message, { status: 401 });
}
