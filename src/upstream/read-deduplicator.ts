import type { CancelSignal } from "../kernel/cancellation.js";
import { Deadline } from "../kernel/deadline.js";
import type { Columns } from "./columns.js";

type Send = (signal: CancelSignal, shape: (answer: unknown) => unknown) => Promise<unknown>;

/** A read under way, and how to end it; both are let go when it ends. */
interface Flight {
  answer: Promise<unknown> | undefined;
  cancel: ((reason: unknown) => void) | undefined;
  /** What its readers want of the rows; undefined for all. */
  columns: Columns | undefined;
  /** Whether the answer is there: then it holds those columns and no others. */
  shaped: boolean;
  readers: number;
}

/**
 * Sends identical reads that are under way at the same time only once.
 *
 * The key must hold everything that the answer depends on: credential, language, operation and body. A reader that leaves does
 * not disturb the others; when the last one leaves the call is cancelled. After a write nobody joins a read that began before.
 */
export class ReadDeduplicator {
  private flights = new Map<string, Flight>();

  /** No read, with all its tries, lasts longer than `limitMs`, also where its readers have no deadline. */
  constructor(private readonly limitMs: number) {}

  /** Forgets what is under way: called when a write begins and again when it ends. */
  barrier(): void {
    this.flights = new Map();
  }

  /**
   * The answer of `send`, or of the same read that is already under way.
   *
   * @param columns what the reader wants of the rows; undefined for all. The answer holds what all its readers want.
   * @param send must hand the parsed answer to `shape`.
   */
  read(key: string, signal: CancelSignal, columns: Columns | undefined, send: Send): Promise<unknown> {
    if (signal.aborted) return Promise.reject(signal.reason);
    const { flights } = this;
    const known = flights.get(key);
    if (known !== undefined && mayJoin(known, columns)) return join(known, signal);
    const limit = new Deadline(this.limitMs);
    const flight: Flight = { answer: undefined, cancel: undefined, columns, shaped: false, readers: 0 };
    const forget = () => {
      if (flights.get(key) === flight) flights.delete(key);
    };
    flight.cancel = (reason) => {
      forget();
      limit.cancel(reason);
    };
    const shape = (answer: unknown) => {
      flight.shaped = true;
      return flight.columns === undefined ? answer : flight.columns.pick(answer);
    };
    flight.answer = send(limit.signal, shape).finally(() => {
      limit.dispose();
      forget();
      // A Map's outgrown tables hold on to what was in them until the next full garbage collection: not to whole answers.
      flight.answer = undefined;
      flight.cancel = undefined;
    });
    flights.set(key, flight);
    return join(flight, signal);
  }
}

/** Before the answer is there, what is kept of it can still be widened. */
function mayJoin(flight: Flight, wanted: Columns | undefined): boolean {
  const { columns, shaped } = flight;
  if (columns === undefined || (wanted !== undefined && columns.includes(wanted))) return true;
  if (shaped) return false;
  flight.columns = wanted && columns.union(wanted);
  return true;
}

function join(flight: Flight, signal: CancelSignal): Promise<unknown> {
  flight.readers += 1;
  return new Promise((resolve, reject) => {
    const leave = () => {
      reject(signal.reason);
      flight.readers -= 1;
      if (flight.readers === 0) flight.cancel?.(signal.reason);
    };
    const stay = () => signal.removeEventListener("abort", leave);
    signal.addEventListener("abort", leave, { once: true });
    flight.answer?.then(
      (answer) => {
        stay();
        resolve(answer);
      },
      (error: unknown) => {
        stay();
        reject(error);
      },
    );
  });
}
