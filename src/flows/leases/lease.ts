import { EXPIRES_KEY, expiryMs, labelText, OWNER_KEY } from "../../resources/vm-snapshot/lease-labels.js";

/** A label as far as leases need it. */
export interface LeaseLabel {
  readonly id: string;
  readonly key: string;
  readonly value: string | null;
}

/** What the labels of a snapshot say about its lease. */
export interface LeaseState {
  /** The labels, of both keys. */
  readonly labels: readonly LeaseLabel[];
  /** Owners, each once. */
  readonly owners: readonly string[];
  /** Whether there is a lease: an expiry label. */
  readonly exists: boolean;
  /** Text of the latest expiry label; null if there is none, or if one of them is malformed: then it is not known. */
  readonly expires: string | null;
}

/** Reads the lease from a snapshot's labels; others are ignored. The latest expiry counts. */
export function leaseOf(all: readonly LeaseLabel[]): LeaseState {
  const labels = all.filter(({ key }) => key === OWNER_KEY || key === EXPIRES_KEY);
  const expiries = labels.filter(({ key }) => key === EXPIRES_KEY).map(({ value }) => value);
  const owners = labels.flatMap(({ key, value }) => (key === OWNER_KEY ? [value ?? ""] : []));
  const isKnown = expiries.length > 0 && expiries.every((value) => expiryMs(value) !== undefined);
  return {
    labels,
    owners: [...new Set(owners)],
    exists: expiries.length > 0,
    expires: isKnown ? (expiries as string[]).reduce((latest, one) => (one > latest ? one : latest)) : null,
  };
}

/** Whether a lease has expired at a time in ms; null if there is none, or if its expiry is not known. By the same rule as CloudTower's filter. */
export function isExpired({ expires }: LeaseState, nowMs: number): boolean | null {
  return expires === null ? null : expires < labelText(nowMs);
}
