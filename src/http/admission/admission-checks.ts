import { Kind, type OperationDefinitionNode } from "graphql";
import { ErrorCode } from "../../kernel/errors.js";
import { refusal } from "../messages/refusal.js";

/** @throws Refusal if the client has to wait. */
export function assertWithinRate(retryAfterSeconds: number): void {
  if (retryAfterSeconds === 0) return;
  throw refusal(ErrorCode.RateLimited, `Rate limit exceeded. Retry in ${retryAfterSeconds} s.`, {
    status: 429,
    headers: { "retry-after": String(retryAfterSeconds) },
    details: { retryAfterSeconds },
  });
}

/** Resolves when the rate limit of all replicas allows an operation and there is room for it; undefined if immediately. */
export function readyOf(
  shared: Promise<number> | undefined,
  room: Promise<void> | undefined,
): Promise<void> | undefined {
  return shared === undefined ? room : Promise.all([shared.then(assertWithinRate), room]).then(() => {});
}

/** Whether an operation reads only the schema, which needs no call to CloudTower. */
export function isIntrospection({ selectionSet }: OperationDefinitionNode): boolean {
  return selectionSet.selections.every(
    (selection) => selection.kind === Kind.FIELD && /^(__|_service$)/.test(selection.name.value),
  );
}
