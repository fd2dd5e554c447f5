import { randomUUID } from "node:crypto";
import type { Logger } from "pino";
import type { Leases } from "../../coordination/coordination.js";
import type { Credential } from "../../upstream/credentials/credential.js";
import type { Upstream } from "../../upstream/upstream.js";
import type { VmWrites } from "../writes/vm-writes.js";
import type { ExpiryLooks } from "./expiry-looks.js";
import { Reaper } from "./reaper.js";

/** What the reaper is made of. */
export interface ReaperParts {
  readonly mode: "report" | "delete";
  /** Beginning of the names of snapshots that may be deleted. @default any name */
  readonly namePrefix: string | undefined;
  readonly looks: ExpiryLooks;
  readonly upstream: Upstream;
  /** The gateway's own account. */
  readonly credential: Credential;
  readonly vmWrites: VmWrites;
  readonly leases: Leases;
  /** Gets a line for each snapshot that is deleted, or would be. */
  readonly logger: Logger;
}

/** The reaper of a gateway, which acts as its own account; call `start` to have it reap. */
export function createReaper(parts: ReaperParts): Reaper {
  const { mode, namePrefix, looks, upstream, credential, vmWrites, leases, logger } = parts;
  return new Reaper({
    ...{ mode, vmWrites, leases },
    rules: { looks, ...(namePrefix !== undefined && { namePrefix }) },
    open: (signal) =>
      upstream.open({
        ...{ credential, signal, client: "reaper", owner: "reaper" },
        ...{ language: "en-US", requestId: `reaper-${randomUUID()}` },
      }),
    observer: {
      reaped: (record) => logger.info({ reaper: record }, `reaper: ${record.action}`),
      failed: (err) => logger.warn({ err }, "the reaper cannot look at snapshots; it tries again every 15 minutes"),
    },
  });
}
