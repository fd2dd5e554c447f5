import { arrivals } from "./arrivals.js";

/** A version as a comparable number: 4.6.0 is 4_006_000. Undefined unless it is `major.minor[.patch]`. */
export function versionNumber(version: string): number | undefined {
  const parts = /^(\d{1,3})\.(\d{1,3})(?:\.(\d{1,3}))?$/.exec(version);
  if (parts === null) return undefined;
  return Number(parts[1]) * 1_000_000 + Number(parts[2]) * 1000 + Number(parts[3] ?? 0);
}

/**
 * Whether a version has something; undefined if nobody knows, because it arrived somewhere between two documented versions.
 *
 * @param version from `versionNumber`.
 * @param name as in the table of arrivals; what is not in the table has always existed.
 */
export function hasArrived(version: number, name: string): boolean | undefined {
  const span = spans.get(name);
  if (span === undefined || version >= span.presentFrom) return true;
  return version < span.absentBefore || version === span.absentAt ? false : undefined;
}

/** The version in which something arrived, for readers: `4.6`, or `4.8 at the latest`. Undefined for what has always existed. */
export function arrivedIn(name: string): string | undefined {
  const arrival = Object.hasOwn(arrivals, name) ? arrivals[name] : undefined;
  return arrival && (arrival.since ?? `${arrival.with.replace(/\.0$/, "")} at the latest`);
}

/**
 * Whether a version that tells its number can lack something. Older ones than `get-version` tell none, so what arrived no later than that
 * is never known to be missing.
 */
export function canBeKnownMissing(name: string): boolean {
  return (spans.get(name)?.presentFrom ?? 0) > (spans.get("/get-version")?.presentFrom ?? 0);
}

/** The name of what arrived last, the first of them if several did; undefined if all have always existed. */
export function laterOf(names: Iterable<string>): string | undefined {
  const late = [...names].filter((name) => spans.has(name));
  const since = (name: string) => spans.get(name)?.presentFrom ?? 0;
  return late.sort((a, b) => since(b) - since(a))[0];
}

interface Span {
  readonly absentBefore: number;
  readonly absentAt: number | undefined;
  readonly presentFrom: number;
}

const spans: ReadonlyMap<string, Span> = new Map(
  Object.entries(arrivals).map(([name, { without, with: present, since }]) => {
    const exact = since === undefined ? undefined : numberOf(since);
    const absentAt = without === undefined ? undefined : numberOf(without);
    return [name, { absentBefore: exact ?? absentAt ?? 0, absentAt, presentFrom: exact ?? numberOf(present) }];
  }),
);

function numberOf(version: string): number {
  const number = versionNumber(version);
  if (number === undefined) throw new Error(`the table of arrivals has the version ${version}`);
  return number;
}
