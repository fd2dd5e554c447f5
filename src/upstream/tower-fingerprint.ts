import { createHash } from "node:crypto";

/**
 * A short text that tells CloudTowers apart without naming them.
 *
 * @param identity what is the same for all clients of one CloudTower, such as the origin of its configured URL.
 */
export function towerFingerprint(identity: string): string {
  return createHash("sha256").update(identity).digest("base64url").slice(0, 16);
}
