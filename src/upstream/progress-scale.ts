/** The columns of a task's row that its progress is read from; CloudTower may send any value in them. */
interface ProgressRow {
  readonly id?: unknown;
  readonly status?: unknown;
  readonly progress?: unknown;
  readonly steps?: unknown;
}

/** Number of finished tasks after which the scale is settled. */
const SAMPLE_SIZE = 32;
/** Minimum time between two requests for finished tasks to learn from. */
const SAMPLE_PAUSE_MS = 60_000;

/**
 * Whether this CloudTower counts the progress of tasks from 0 to 1 or in percent. The contract does not say, and a value such as 0.7 does
 * not tell. Tasks that have succeeded do: they are at 1 or at 100.
 *
 * Until it is known, progress is rather shown too low than too high. Lives as long as the process.
 */
export class ProgressScale {
  /** `progress` of finished tasks, by id. A single odd row must not decide. */
  private readonly finished = new Map<string, 1 | 100>();
  private balance = 0;
  private isUnsure = false;
  private lastSampleAt = Number.NEGATIVE_INFINITY;

  /** Learns from the rows of a response. */
  learn(rows: readonly ProgressRow[]): void {
    if (this.finished.size >= SAMPLE_SIZE) return;
    for (const { id, status, progress } of rows) {
      if (status !== "SUCCESSED" || typeof id !== "string" || (progress !== 1 && progress !== 100)) continue;
      if (this.finished.size >= SAMPLE_SIZE || this.finished.has(id)) continue;
      this.finished.set(id, progress);
      this.balance += progress === 1 ? 1 : -1;
    }
  }

  /** Progress of a task, 0 to 1; 0 if its row has no usable value. */
  fractionOf({ progress, steps }: ProgressRow): number {
    if (typeof progress !== "number" || !Number.isFinite(progress) || progress <= 0) return 0;
    const asPercent = Math.min(1, progress / 100);
    if (progress > 1 || this.balance < 0) return asPercent;
    if (this.balance > 0) return progress;
    this.isUnsure = true;
    return Math.max(asPercent, Math.min(progress, leastStep(steps)));
  }

  /** CloudTower's value of a progress from 0 to 1; undefined while the scale is not known. */
  valueOf(fraction: number): number | undefined {
    if (this.balance === 0) return undefined;
    // Without the last digits, which the multiplication makes up.
    return this.balance > 0 ? fraction : Number((fraction * 100).toPrecision(12));
  }

  /** Whether to read some finished tasks to learn from: progress was shown without knowing the scale. True at most once a minute. */
  needsSample(now: number): boolean {
    if (!this.isUnsure || this.balance !== 0 || now - this.lastSampleAt < SAMPLE_PAUSE_MS) return false;
    this.lastSampleAt = now;
    return true;
  }
}

/** A progress from 0 to 1 in a filter. It becomes CloudTower's value when the filter is sent. */
export class ProgressFraction {
  constructor(private readonly fraction: number) {}

  toJSON(): number {
    return this.fraction;
  }
}

/** Progress of the step that is the furthest behind; 0 if the steps do not tell. */
function leastStep(steps: unknown): number {
  if (!Array.isArray(steps) || steps.length === 0) return 0;
  return Math.min(...steps.map((step: unknown) => fractionOfStep((step ?? {}) as Record<string, unknown>)));
}

function fractionOfStep({ current, total, finished }: Record<string, unknown>): number {
  if (finished === true) return 1;
  if (typeof current !== "number" || typeof total !== "number" || !(total > 0) || !(current > 0)) return 0;
  return Math.min(1, current / total);
}
