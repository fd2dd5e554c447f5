interface Flight {
  readonly answer: Promise<unknown>;
  readonly controller: AbortController;
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

  /** Forgets what is under way: called when a write begins and again when it ends. */
  barrier(): void {
    this.flights = new Map();
  }

  /** The answer of `send`, or of the same read that is already under way. */
  read(key: string, signal: AbortSignal, send: (signal: AbortSignal) => Promise<unknown>): Promise<unknown> {
    if (signal.aborted) return Promise.reject(signal.reason);
    const flights = this.flights;
    let flight = flights.get(key);
    if (flight === undefined) {
      const controller = new AbortController();
      const answer = send(controller.signal).finally(() => {
        if (flights.get(key) === flight) flights.delete(key);
      });
      flight = { answer, controller, readers: 0 };
      flights.set(key, flight);
    }
    return this.join(flight, signal, () => flights.delete(key));
  }

  private async join(flight: Flight, signal: AbortSignal, forget: () => void): Promise<unknown> {
    flight.readers += 1;
    return new Promise((resolve, reject) => {
      const leave = () => {
        reject(signal.reason);
        flight.readers -= 1;
        if (flight.readers > 0) return;
        forget();
        flight.controller.abort(signal.reason);
      };
      signal.addEventListener("abort", leave, { once: true });
      flight.answer.then(resolve, reject).finally(() => signal.removeEventListener("abort", leave));
    });
  }
}
