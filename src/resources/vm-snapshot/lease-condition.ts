import { Field } from "type-graphql";
import type { ComposedCondition } from "../../graph/connections/filter.js";
import { inputClass } from "../../graph/connections/filter-operators.js";
import { DateTimeScalar } from "../../graph/model/scalars.js";
import { EXPIRES_KEY, labelText, OWNER_KEY } from "./lease-labels.js";

interface Condition {
  readonly owner?: string;
  readonly exists?: boolean;
  readonly expiresBefore?: string;
  readonly expiresAfter?: string;
}

const input = inputClass("VmSnapshotLeaseFilter", "Conditions on a snapshot's lease. All given conditions must hold.");
const declare = (name: keyof Condition, type: () => object, description: string) =>
  Field(type as never, { nullable: true, description })(input.prototype, name);
declare("owner", () => String, "One of its labels names this owner.");
declare("exists", () => Boolean, "True: it has a lease. False: it has none.");
declare(
  "expiresBefore",
  () => DateTimeScalar,
  "It has a lease, which ends before this time: of now, the expired ones. To the minute.",
);
declare("expiresAfter", () => DateTimeScalar, "It has a lease, which does not end before this time. To the minute.");

/** `VmSnapshotFilter.lease`: what the labels of leases say, in CloudTower's own conditions on labels. */
export const leaseCondition: ComposedCondition = {
  input,
  description: "By the snapshot's lease.",
  toClauses({ owner, exists, expiresBefore, expiresAfter }: Condition) {
    const clauses: object[] = [];
    if (owner !== undefined) clauses.push({ labels_some: { key: OWNER_KEY, value: owner } });
    if (exists !== undefined) clauses.push({ [exists ? "labels_some" : "labels_none"]: { key: EXPIRES_KEY } });
    if (expiresBefore !== undefined) clauses.push(...expired(Date.parse(expiresBefore)));
    if (expiresAfter !== undefined) {
      clauses.push({ labels_some: { key: EXPIRES_KEY, value_gte: labelText(Date.parse(expiresAfter)) } });
    }
    return clauses;
  },
};

/** CloudTower's conditions for leases that ended before a time in ms. */
export function expired(timeMs: number): readonly [object, object] {
  return [{ labels_some: { key: EXPIRES_KEY } }, { labels_none: notBefore(timeMs) }];
}

/** CloudTower's condition for a label of a lease that does not end before a time in ms. */
export function notBefore(timeMs: number) {
  return { key: EXPIRES_KEY, value_gte: labelText(timeMs) };
}
