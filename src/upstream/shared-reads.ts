import { deadline } from "../kernel/deadline.js";

interface Flight {
  readonly answer: Promise<unknown>;
  readonly cancel: (reason: Error) => void;
  readers: number;
}

/**
 * Sends identical reads that are under way at the same time only once.
 *
 * The key must hold everything that the answer depends on: credential, language, operation and body. A reader that leaves does
 * not disturb the others; when the last one leaves the call is cancelled. After a write nobody joins a read that began before.
 */
export class SharedReads {
  private flights = new Map<string, Flight>();

  /** No read, with all its tries, lasts longer than `limitMs`, also where its readers have no deadline. */
  constructor(private readonly limitMs: number) {}

  /** Forgets what is under way: called when a write begins and again when it ends. */
  barrier(): void {
    this.flights = new Map();
  }

  /** The answer of `send`, or of the same read that is already under way. */
  read(key: string, signal: AbortSignal, send: (signal: AbortSignal) => Promise<unknown>): Promise<unknown> {
    if (signal.aborted) return Promise.reject(signal.reason);
    const flights = this.flights;
    const known = flights.get(key);
    if (known !== undefined) return join(known, signal);
    const limit = deadline(this.limitMs);
    const forget = () => {
      if (flights.get(key) === flight) flights.delete(key);
    };
    const answer = send(limit.signal).finally(() => {
      limit.dispose();
      forget();
    });
    const cancel = (reason: Error) => {
      forget();
      limit.cancel(reason);
    };
    const flight: Flight = { answer, cancel, readers: 0 };
    flights.set(key, flight);
    return join(flight, signal);
  }
}

function join(flight: Flight, signal: AbortSignal): Promise<unknown> {
  flight.readers += 1;
  return new Promise((resolve, reject) => {
    const leave = () => {
      reject(signal.reason);
      flight.readers -= 1;
      if (flight.readers === 0) flight.cancel(signal.reason);
    };
    const stay = () => signal.removeEventListener("abort", leave);
    signal.addEventListener("abort", leave, { once: true });
    flight.answer.then(
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
