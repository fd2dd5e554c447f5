import { startSimulator } from "../../../src/simulator/simulator.js";
import { captureLog } from "../../support/captured-log.js";
import { HOUR_MS, type Leasing, startLeasing } from "./leases.js";

/** A gateway in service mode whose reaper is run by the test, and a snapshot that it would delete. */
export interface Reaping extends Leasing {
  /** The older snapshot, and a newer one of the same VM. */
  readonly victim: string;
  readonly newer: string;
  readonly vm: string;
  /** Gives both leases of the same owner that have expired, at another time with each call. */
  expireBoth(): void;
  /** Lets the gateway's monotonic clock pass. */
  pass(hours: number): void;
  round(): Promise<void>;
  /** Lines of the reaper: action and snapshot. */
  audit(): { action: string; snapshotId: string; codes?: string[] }[];
  warnings(): string[];
  exists(id: string): boolean;
}

/** @param mode value of REAPER. */
export async function startReaping(
  mode: "report" | "delete" | "off",
  env: Record<string, string> = {},
): Promise<Reaping> {
  const tower = await startSimulator({ vms: 1 });
  // The administrator's token, which tests send, is an API key of the gateway.
  const token = tower.users[0]?.token ?? "";
  await tower.stop();
  let monotonicMs = 0;
  let expiredHours = 30;
  const log = captureLog();
  const gateway = await startLeasing({
    spoilsAnswers: true,
    logger: log.logger,
    leaseClock: () => monotonicMs,
    env: {
      ...{ AUTH_MODE: "service", API_KEYS: token, CLOUDTOWER_TOKEN: token },
      ...{ REAPER: mode, REAPER_NAME_PREFIX: mode === "delete" ? "daily-" : "" },
      ...env,
    },
  });
  const { control } = gateway.simulator;
  const vm = gateway.vmId("数据库主节点");
  const owned = control.rows("VmSnapshot", { vm: { id: vm } }).filter(({ snapshot_group }) => snapshot_group === null);
  const [victim = "", newer = ""] = owned
    .sort((a, b) => (String(a.local_created_at) < String(b.local_created_at) ? -1 : 1))
    .map(({ id }) => String(id));
  return {
    ...gateway,
    ...{ victim, newer, vm },
    expireBoth() {
      expiredHours += 1;
      for (const id of [victim, newer]) {
        gateway.setLease(id, { owners: ["nightly"], expiresMs: -expiredHours * HOUR_MS });
      }
    },
    pass(hours) {
      monotonicMs += hours * HOUR_MS;
    },
    async round() {
      await gateway.app.reaper?.round();
      gateway.simulator.advance(60_000);
    },
    audit: () => log.lines.flatMap(({ reaper }) => (reaper === undefined ? [] : [reaper as never])),
    warnings: () => log.lines.filter(({ level }) => Number(level) >= 40).map(({ msg }) => String(msg)),
    exists: (id) => control.row("VmSnapshot", id) !== undefined,
  };
}
