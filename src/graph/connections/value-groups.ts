import type { UpstreamSession } from "../../upstream/session.js";
import { endpointOf } from "../../upstream/wire/endpoints.js";
import type { Entity } from "../../upstream/wire/types.js";
import { Direction } from "./direction.js";

/**
 * A column with few values, an enum or a Boolean, as a criterion of an order.
 *
 * CloudTower does not say in which order it sorts enums, and has no operator for "after this value". So the order is the gateway's own:
 * rows are read value by value.
 */
export interface Grouping {
  /** Upstream field. */
  readonly field: string;
  readonly nullable: boolean;
  /** CloudTower's values in ascending order. */
  readonly values: readonly (string | boolean)[];
  /** Whether there may be values that the gateway does not know; they are one group after the known ones. */
  readonly isOpen: boolean;
  readonly direction: Direction;
}

/** Number of groups of rows with equal values of all groupings, at most. 1 without groupings. */
export function numberOfGroups(groupings: readonly Grouping[]): number {
  return groupings.reduce((product, grouping) => product * sizeOf(grouping), 1);
}

/** The conditions on the rows of each group, in the order of the groups. */
export function groupConditions(groupings: readonly Grouping[]): object[][] {
  return groupings.reduce<object[][]>(
    (groups, grouping) => groups.flatMap((group) => conditionsOf(grouping).map((condition) => [...group, condition])),
    [[]],
  );
}

/** Position of a row's group among the groups. @param readValue the row's value of each grouping's field. */
export function groupOf(
  groupings: readonly Grouping[],
  readValue: (grouping: Grouping, index: number) => unknown,
): number {
  return groupings.reduce(
    (rank, grouping, index) => rank * sizeOf(grouping) + rankIn(grouping, readValue(grouping, index)),
    0,
  );
}

/** Stands for all values that the gateway does not know, in a cursor: they are one group. */
const UNKNOWN_VALUE = "?";

/** A row's value as it is in a cursor. */
export function cursorValue({ isOpen, values }: Grouping, value: unknown): unknown {
  return value === null || !isOpen || values.includes(value as string) ? value : UNKNOWN_VALUE;
}

/** Whether a value from outside can be one of a grouping in a cursor. */
export function isCursorValue({ nullable, isOpen, values }: Grouping, value: unknown): boolean {
  if (value === null) return nullable;
  return values.includes(value as string | boolean) || (isOpen && value === UNKNOWN_VALUE);
}

/** The groupings without the values that CloudTower's version certainly lacks: it would refuse a filter that names them. */
export async function inVersion(
  session: UpstreamSession,
  entity: Entity,
  groupings: readonly Grouping[],
): Promise<readonly Grouping[]> {
  const isPresent = async (field: string, value: unknown) =>
    (await session.missing(endpointOf(entity), { where: { [field]: value } })) === undefined;
  return Promise.all(
    groupings.map(async (grouping) => {
      const present = await Promise.all(grouping.values.map((value) => isPresent(grouping.field, value)));
      return { ...grouping, values: grouping.values.filter((_, index) => present[index]) };
    }),
  );
}

function sizeOf({ values, isOpen, nullable }: Grouping): number {
  return values.length + (isOpen ? 1 : 0) + (nullable ? 1 : 0);
}

function conditionsOf({ field, values, isOpen, nullable, direction }: Grouping): object[] {
  const conditions: object[] = values.map((value) => ({ [field]: value }));
  if (isOpen) conditions.push({ [`${field}_not_in`]: values });
  if (nullable) conditions.push({ [field]: null });
  return direction === Direction.ASC ? conditions : conditions.reverse();
}

function rankIn(grouping: Grouping, value: unknown): number {
  const { values, isOpen, direction } = grouping;
  const size = sizeOf(grouping);
  const known = values.indexOf(value as string);
  const ascending = known >= 0 ? known : value === null || !isOpen ? size - 1 : values.length;
  return direction === Direction.ASC ? ascending : size - 1 - ascending;
}
