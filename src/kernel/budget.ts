import { ErrorCode, TowerError } from "./errors.js";

/** Maximum amounts that one operation may use, or one event of a subscription. */
export interface BudgetLimits {
  /** Calls to CloudTower. */
  readonly maxCalls: number;
  /** Rows of CloudTower's responses. */
  readonly maxRows: number;
  /** Objects in the result. */
  readonly maxObjects: number;
  /** Approximate size of the result, in bytes: its names and texts. */
  readonly maxResultBytes: number;
}

/** Maximum number of errors in a result: three failing relations of a full page. Each takes as long as many values. */
export const MAX_ERRORS = 3_000;

/** Amounts that were used. */
export interface Spending {
  readonly calls: number;
  readonly rows: number;
  readonly objects: number;
  readonly resultBytes: number;
}

/**
 * The budget of one operation, charged where the work is done.
 *
 * Each charge throws once a limit is passed, and from then on: an operation that has exceeded its budget does no more work. Lives as
 * long as the operation; a subscription renews it for each event.
 */
export class Budget {
  private calls = 0;
  private rows = 0;
  private objects = 0;
  private resultBytes = 0;
  private errors = 0;
  private error: TowerError | undefined;
  /** Spent on earlier events of a subscription. */
  private earlier: Spending = { calls: 0, rows: 0, objects: 0, resultBytes: 0 };
  /** Used without limits. */
  private unlimited: Budget | undefined;

  /** @param onExceeded is called once, when the first limit is passed. */
  constructor(
    private readonly limits: BudgetLimits = UNLIMITED,
    private readonly onExceeded: (error: TowerError) => void = () => {},
  ) {}

  get spent(): Spending {
    const { calls, rows, objects, resultBytes } = this;
    const more = this.unlimited;
    return { calls: calls + (more?.calls ?? 0), rows: rows + (more?.rows ?? 0), objects, resultBytes };
  }

  /** Spent altogether, on all events of a subscription. */
  get total(): Spending {
    return sum(this.earlier, this.spent);
  }

  /**
   * For calls that must not be cut off, such as a write and the reads about it: what is spent here counts as spent by the operation, but
   * not against its limits.
   */
  get withoutLimits(): Budget {
    if (this.limits === UNLIMITED) return this;
    this.unlimited ??= new Budget();
    return this.unlimited;
  }

  /** QUERY_TOO_EXPENSIVE once a limit was passed. */
  get exceeded(): TowerError | undefined {
    return this.error;
  }

  /** @throws TowerError QUERY_TOO_EXPENSIVE */
  spendCall(): void {
    if (this.error !== undefined) throw this.error;
    this.calls += 1;
    if (this.calls > this.limits.maxCalls) this.exceed("calls to CloudTower", this.limits.maxCalls);
  }

  /** @throws TowerError QUERY_TOO_EXPENSIVE */
  spendRows(count: number): void {
    this.rows += count;
    if (this.rows > this.limits.maxRows) this.exceed("rows of CloudTower", this.limits.maxRows);
  }

  /**
   * Charges an object of the result.
   *
   * @param nameBytes size of its field names.
   * @throws TowerError QUERY_TOO_EXPENSIVE
   */
  spendObject(nameBytes: number): void {
    this.objects += 1;
    if (this.objects > this.limits.maxObjects) this.exceed("objects", this.limits.maxObjects);
    this.spendBytes(nameBytes);
  }

  /** Charges text of the result. @throws TowerError QUERY_TOO_EXPENSIVE */
  spendBytes(count: number): void {
    this.resultBytes += count;
    if (this.resultBytes > this.limits.maxResultBytes) this.exceed("bytes of result", this.limits.maxResultBytes);
  }

  /** Charges an error of the result. @returns whether it may be reported: false once the budget is exceeded. */
  spendError(): boolean {
    if (this.error !== undefined) return false;
    this.errors += 1;
    if (this.errors <= MAX_ERRORS) return true;
    this.fail("errors", MAX_ERRORS);
    return false;
  }

  /** A budget with the same limits of which nothing is spent. */
  fresh(): Budget {
    return new Budget(this.limits);
  }

  /** Starts over, for the next event of a subscription. */
  renew(): void {
    this.earlier = this.total;
    this.calls = 0;
    this.rows = 0;
    this.objects = 0;
    this.resultBytes = 0;
    this.errors = 0;
    this.error = undefined;
    this.unlimited = undefined;
  }

  private exceed(what: string, limit: number): never {
    throw this.fail(what, limit);
  }

  private fail(what: string, limit: number): TowerError {
    if (this.error !== undefined) return this.error;
    const message = `The operation is too expensive: at most ${limit} ${what}. Request smaller pages or fewer fields.`;
    this.error = new TowerError(ErrorCode.QueryTooExpensive, message);
    this.onExceeded(this.error);
    return this.error;
  }
}

function sum(a: Spending, b: Spending): Spending {
  return {
    calls: a.calls + b.calls,
    rows: a.rows + b.rows,
    objects: a.objects + b.objects,
    resultBytes: a.resultBytes + b.resultBytes,
  };
}

const UNLIMITED: BudgetLimits = {
  maxCalls: Number.POSITIVE_INFINITY,
  maxRows: Number.POSITIVE_INFINITY,
  maxObjects: Number.POSITIVE_INFINITY,
  maxResultBytes: Number.POSITIVE_INFINITY,
};
