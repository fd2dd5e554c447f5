import { ObjectType } from "type-graphql";
import { codec, integer, integers } from "../../../graph/model/codec.js";
import { columnsOfEmbedded } from "../../../graph/model/column.js";
import { objectList } from "../../../kernel/odd-values.js";
import type { Embedded } from "../../../upstream/wire/types.js";
import { Weekday } from "./plan.enums.js";

const column = columnsOfEmbedded("NestedBackupPlanTimePoint");

/** When a plan is executed, embedded in the plan's row. */
@ObjectType("PlanTimePoint", {
  description: "A time at which a plan is executed. CloudTower does not say in which time zone.",
})
export class PlanTimePoint {
  constructor(readonly row: Embedded<"NestedBackupPlanTimePoint">) {}

  @column("hour", integer, "Hour of the day.")
  readonly hour!: number | null;

  @column("minute", integer, "Minute of the hour.")
  readonly minute!: number | null;

  @column("weekday", Weekday.orNull, "Day of the week, for weekly plans.")
  readonly weekday!: string | null;

  @column("date", integer, "Day of the month, for monthly plans.")
  readonly dayOfMonth!: number | null;

  @column("date_position", integers, "Position of the day as CloudTower sends it; the API does not describe it.")
  readonly datePosition!: readonly number[];
}

/** One time. */
export const timePoint = codec<"json NestedBackupPlanTimePoint", PlanTimePoint | null>({
  graphqlType: () => PlanTimePoint,
  nullable: true,
  fromUpstream: (value) => objectList([value as object])?.map((row) => new PlanTimePoint(row))[0] ?? null,
});

/** Several times; empty for none. */
export const timePoints = codec<"json [NestedBackupPlanTimePoint]", PlanTimePoint[]>({
  graphqlType: () => [PlanTimePoint],
  nullable: false,
  fromUpstream: (value) => objectList(value as object[])?.map((row) => new PlanTimePoint(row)) ?? [],
});

/** Days of the week; empty for none. */
export const weekdays = codec<"list enum WeekdayTypeEnum", readonly string[]>({
  graphqlType: () => [Weekday.type],
  nullable: false,
  fromUpstream: (value) => (Array.isArray(value) ? value.map((day) => Weekday.fromUpstream(day)) : []),
});
