import { type CancelSignal, onAbort } from "./cancellation.js";

/** Settles like `work`, or rejects with the signal's reason as soon as it aborts; the work then goes on without its caller. */
export function unlessAborted<T>(work: Promise<T>, signal: CancelSignal): Promise<T> {
  return new Promise<T>((resolve, reject) => {
    const stopListening = onAbort(signal, () => reject(signal.reason));
    work.then(resolve, reject).finally(stopListening);
  });
}
