import { createHash } from "node:crypto";

/**
 * Names of keys: prefix, fingerprint of the CloudTower, kind, and a digest, which reveals nothing and is short.
 *
 * The fingerprint is in braces, so that a Cluster has all keys of a CloudTower on one node, and a script can use several of them.
 */
export class RedisKeys {
  private readonly start: string;

  constructor(prefix: string, fingerprint: string) {
    this.start = `${prefix}{${fingerprint}}:`;
  }

  /** The only key of its kind. */
  one(kind: "epoch" | "texts" | "text-order"): string {
    return `${this.start}${kind}`;
  }

  of(kind: "lease" | "request" | "intent" | "rate" | "log" | "claim", name: string): string {
    return `${this.start}${kind}:${createHash("sha256").update(name).digest("base64url")}`;
  }
}
