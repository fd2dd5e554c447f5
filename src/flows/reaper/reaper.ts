import type { Lease, Leases } from "../../coordination/coordination.js";
import { wait } from "../../kernel/backoff.js";
import { Cancellation } from "../../kernel/cancellation.js";
import { asError } from "../../kernel/errors.js";
import { chunk } from "../../kernel/group.js";
import type { UpstreamSession } from "../../upstream/session.js";
import { runWrites } from "../writes/run-writes.js";
import type { VmWrites } from "../writes/vm-writes.js";
import { expiredConditions, snapshotPage } from "./expired-page.js";
import { type Judged, judgeSnapshots, type Rules } from "./judge-snapshots.js";
import { ReapKind } from "./reap-kind.js";

/** What the reaper did, or would do, with one snapshot. */
export interface ReaperRecord {
  /** `kept`: something changed before the deletion was sent, or CloudTower refused it. `unknown`: it may have been deleted. */
  readonly action: "deleted" | "would delete" | "kept" | "unknown";
  readonly snapshotId: string;
  readonly name: string | null;
  readonly vmId: string | null;
  readonly owner: string | null;
  /** When the lease expired, as its label says. */
  readonly expires: string | null;
  /** How long ago this gateway first saw that, in seconds. */
  readonly seenSeconds: number;
  readonly taskId?: string | undefined;
  /** Codes of the errors that kept it. */
  readonly codes?: readonly string[];
}

/** Is notified of what the reaper does; must neither throw nor block. */
export interface ReaperObserver {
  reaped(record: ReaperRecord): void;
  /** A round failed; the next one tries again. Called for the first of several failures alone. */
  failed(error: Error): void;
}

/** Options for `Reaper`. */
export interface ReaperOptions {
  readonly mode: "report" | "delete";
  readonly rules: Rules;
  /** Opens a session of the gateway's own account for a round. */
  readonly open: (signal: Cancellation) => UpstreamSession;
  readonly vmWrites: VmWrites;
  /** One replica at a time reaps. */
  readonly leases: Leases;
  readonly observer: ReaperObserver;
  /** Time between rounds. @default 15 minutes */
  readonly everyMs?: number;
}

/** Snapshots that are judged together. */
const PAGE = 100;
/** Deletions in one call. */
const PER_CALL = 10;
/** Deletions in one round: what is left waits for the next. */
const PER_ROUND = 200;
/** Reports that are remembered, so that each is made once. */
const MAX_REPORTED = 100_000;

/**
 * Deletes snapshots that dead jobs left behind: those whose leases have expired, by rules that a label alone cannot meet (`judgeSnapshots`).
 *
 * The replica that reaps holds a lease for as long as it runs, so that it remembers its first looks; the others try in each round.
 */
export class Reaper {
  private readonly stopping = new Cancellation();
  private readonly reported = new Set<string>();
  private lease: Lease | undefined;
  private running: Promise<void> | undefined;
  private isFailing = false;

  constructor(private readonly options: ReaperOptions) {}

  /** Reaps in rounds until `stop`, the first after a pause. */
  start(): void {
    const { everyMs = 15 * 60_000 } = this.options;
    const loop = async () => {
      while (!this.stopping.aborted) {
        await wait(everyMs, this.stopping);
        await this.round();
      }
    };
    // The wait rejects when it is stopped.
    this.running = loop().catch(() => {});
  }

  /** Looks at all snapshots with expired leases once. Never rejects. */
  async round(): Promise<void> {
    try {
      if (!(await this.hasTurn())) return;
      await this.reap();
      this.isFailing = false;
    } catch (error) {
      if (this.stopping.aborted) return;
      if (!this.isFailing) this.options.observer.failed(asError(error));
      this.isFailing = true;
    }
  }

  /** Sends nothing more. Resolves when the round has ended; safe to call twice. */
  async stop(): Promise<void> {
    this.stopping.abort(new Error("The gateway is stopping."));
    await this.running;
    this.lease?.release();
    this.lease = undefined;
  }

  private async hasTurn(): Promise<boolean> {
    if (this.lease?.isSafe) return true;
    this.lease?.release();
    this.lease = undefined;
    this.lease = await this.options.leases.take("reaper");
    return this.lease !== undefined;
  }

  private async reap(): Promise<void> {
    const { open, rules, mode } = this.options;
    const session = open(this.stopping);
    const conditions = expiredConditions(rules);
    let left = PER_ROUND;
    for (let after: string | undefined, isLast = false; !isLast && !this.stopping.aborted; ) {
      const page = await snapshotPage(session, conditions, { after, first: PAGE });
      const due = (await judgeSnapshots(session, page.rows, rules)).filter(({ reasons }) => reasons.length === 0);
      if (mode === "report") for (const judged of due) this.report(judged);
      else {
        for (const some of chunk(due.slice(0, left), PER_CALL)) await this.delete(session, some);
        left -= due.length;
      }
      after = page.next;
      isLast = after === undefined || left <= 0;
    }
  }

  private report(judged: Judged): void {
    const key = `${judged.row.id} ${judged.lease.expires}`;
    if (this.reported.has(key)) return;
    this.reported.add(key);
    const [oldest] = this.reported;
    if (this.reported.size > MAX_REPORTED && oldest !== undefined) this.reported.delete(oldest);
    this.options.observer.reaped(recordOf(judged, "would delete"));
  }

  private async delete(session: UpstreamSession, due: readonly Judged[]): Promise<void> {
    const { vmWrites, rules, observer } = this.options;
    if (this.stopping.aborted || !this.lease?.isSafe) return;
    const kind = new ReapKind(vmWrites.users, rules);
    const items = due.map(({ row }) => ({ snapshotId: row.id, vmId: row.vm?.id ?? null }));
    const policy = { onLocked: "FAIL", maxWaitMs: 0 } as const;
    const outcomes = await runWrites(vmWrites, { session, kind, items, policy });
    for (const [index, judged] of due.entries()) {
      const outcome = outcomes.get(kind.key(items[index] as (typeof items)[number]));
      const codes = outcome?.errors.map(({ code }) => code) ?? ["WRITE_OUTCOME_UNKNOWN"];
      const isUnknown = codes.includes("WRITE_OUTCOME_UNKNOWN");
      const action = codes.length === 0 ? "deleted" : isUnknown ? "unknown" : "kept";
      if (action === "deleted") rules.looks.forget(judged.row.id);
      const taskId = outcome?.task?.cloudTowerId;
      observer.reaped({ ...recordOf(judged, action), taskId, ...(codes.length > 0 && { codes }) });
    }
  }
}

function recordOf({ row, lease, seenMs }: Judged, action: ReaperRecord["action"]): ReaperRecord {
  return {
    action,
    snapshotId: row.id,
    name: row.name ?? null,
    vmId: row.vm?.id ?? null,
    owner: lease.owners[0] ?? null,
    expires: lease.expires,
    seenSeconds: Math.floor((seenMs ?? 0) / 1000),
  };
}
