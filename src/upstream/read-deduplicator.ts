import { type CancelSignal, onAbort } from "../kernel/cancellation.js";
import { Deadline } from "../kernel/deadline.js";
import type { Columns } from "./columns.js";

/** Reads these columns of the response's rows; undefined for all. */
type ReadRows = (columns: Columns | undefined) => unknown;
type Send = (signal: CancelSignal, shape: (read: ReadRows) => unknown) => Promise<unknown>;

/** A read in flight. Its result and its cancellation are dropped when it ends. */
interface Flight {
  result: Promise<unknown> | undefined;
  cancel: ((reason: unknown) => void) | undefined;
  /** Columns that its readers need; undefined for all. */
  columns: Columns | undefined;
  /** Whether those columns of the response have been read. */
  shaped: boolean;
  readers: number;
}

/**
 * Deduplicates identical concurrent reads, but never across a write.
 *
 * The key must hold everything that the response depends on: credential, language, endpoint and body. Cancelling one reader does not
 * affect the others; the call is cancelled with the last.
 */
export class ReadDeduplicator {
  private flights = new Map<string, Flight>();

  /** @param limitMs maximum duration of a read with all its attempts, even if its readers have no deadline. */
  constructor(private readonly limitMs: number) {}

  /** Later reads do not join those in flight. Call it when a write begins and again when it ends. */
  barrier(): void {
    this.flights = new Map();
  }

  /**
   * Result of `send`, or of an identical read in flight.
   *
   * @param columns columns that this reader needs; undefined for all. The result holds what all its readers need.
   * @param send must have `shape` read the response.
   */
  read(key: string, signal: CancelSignal, columns: Columns | undefined, send: Send): Promise<unknown> {
    if (signal.aborted) return Promise.reject(signal.reason);
    const { flights } = this;
    const known = flights.get(key);
    if (known !== undefined && mayJoin(known, columns)) return join(known, signal);
    const limit = new Deadline(this.limitMs);
    const flight: Flight = { result: undefined, cancel: undefined, columns, shaped: false, readers: 0 };
    const forget = () => {
      if (flights.get(key) === flight) flights.delete(key);
    };
    flight.cancel = (reason) => {
      forget();
      limit.cancel(reason);
    };
    const shape = (read: ReadRows) => {
      flight.shaped = true;
      return read(flight.columns);
    };
    flight.result = send(limit.signal, shape).finally(() => {
      limit.dispose();
      forget();
      // A Map's outgrown tables keep their entries alive until the next full garbage collection: do not let them hold whole responses.
      flight.result = undefined;
      flight.cancel = undefined;
    });
    flights.set(key, flight);
    return join(flight, signal);
  }
}

/** Until the response arrives, the columns that are kept of it can still be widened. */
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
    const stopListening = onAbort(signal, () => {
      reject(signal.reason);
      flight.readers -= 1;
      if (flight.readers === 0) flight.cancel?.(signal.reason);
    });
    flight.result?.then(
      (response) => {
        stopListening();
        resolve(response);
      },
      (error: unknown) => {
        stopListening();
        reject(error);
      },
    );
  });
}
