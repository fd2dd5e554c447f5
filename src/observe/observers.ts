import type { UpstreamObserver } from "../upstream/observer.js";
import { type OperationObserver, OperationRecord, type Transport } from "./operation-record.js";

/** One that is told something of what happens, or all of it. */
export type Observer = Partial<UpstreamObserver> & Partial<OperationObserver>;

/** Tells everything to several. */
export class Observers implements UpstreamObserver, OperationObserver {
  private readonly observers: Observer[] = [];

  add(observer: Observer): void {
    this.observers.push(observer);
  }

  /** An operation has come. */
  begin(transport: Transport, requestId: string): OperationRecord {
    return new OperationRecord(this, transport, requestId);
  }

  finished(operation: Parameters<OperationObserver["finished"]>[0]): void {
    for (const observer of this.observers) observer.finished?.(operation);
  }

  callEnded(call: Parameters<UpstreamObserver["callEnded"]>[0]): void {
    for (const observer of this.observers) observer.callEnded?.(call);
  }

  writeEnded(write: Parameters<UpstreamObserver["writeEnded"]>[0]): void {
    for (const observer of this.observers) observer.writeEnded?.(write);
  }

  circuitChanged(state: Parameters<UpstreamObserver["circuitChanged"]>[0]): void {
    for (const observer of this.observers) observer.circuitChanged?.(state);
  }
}
