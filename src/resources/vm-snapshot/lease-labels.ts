/** Key of the label that names the owner of a snapshot's lease. */
export const OWNER_KEY = "towerql/owner";

/** Key of the label that tells when a snapshot's lease expires. */
export const EXPIRES_KEY = "towerql/expires";

/** Expiry times are multiples of this, in ms, so that few labels do for many snapshots. */
export const EXPIRY_STEP_MS = 15 * 60_000;

/** An expiry as CloudTower can compare it: text of fixed width, such as `2026-11-27T12:15Z`. */
const EXPIRY = /^\d{4}-\d\d-\d\dT\d\d:\d\dZ$/;

/** The value of an expiry label for a time in ms: the first step that is not before it. */
export function expiryLabel(timeMs: number): string {
  return labelText(Math.ceil(timeMs / EXPIRY_STEP_MS) * EXPIRY_STEP_MS);
}

/** A time in ms as the text of a label, cut to the minute. Compare labels with it as texts. */
export function labelText(timeMs: number): string {
  return `${new Date(timeMs).toISOString().slice(0, 16)}Z`;
}

/** The time of an expiry label, in ms; undefined if it is malformed. */
export function expiryMs(value: string | null | undefined): number | undefined {
  const timeMs = value && EXPIRY.test(value) ? Date.parse(value) : Number.NaN;
  return Number.isNaN(timeMs) ? undefined : timeMs;
}
