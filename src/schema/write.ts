import type { Context } from "../context.js";
import type { LockInput } from "../flows/writes/write-inputs.js";

/**
 * Runs a flow that writes. Extends the operation's deadline by the wait that the client requested, and resolves the result
 * with fresh loaders.
 */
export async function write<R>(
  context: Context,
  input: Partial<LockInput> & { readonly waitSeconds?: number },
  flow: () => Promise<R>,
): Promise<R> {
  const lockSeconds = input.onLocked === "WAIT" ? (input.maxWaitSeconds ?? 0) : 0;
  context.extendDeadline(((input.waitSeconds ?? 0) + lockSeconds) * 1000);
  try {
    return await flow();
  } finally {
    context.renew();
  }
}
