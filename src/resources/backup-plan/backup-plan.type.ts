import { ObjectType } from "type-graphql";
import { Listing } from "../../graph/connections/listing.js";
import { bytes, float, integer, time } from "../../graph/model/codec.js";
import { columnsOf, withArrival } from "../../graph/model/column.js";
import { Node } from "../../graph/model/node.js";
import { type PlanTimePoint, timePoint, timePoints, weekdays } from "../shared/plans/plan-time-point.type.js";
import { ScheduledPlan } from "../shared/plans/scheduled-plan.js";
import { type Reference, reference } from "../shared/reference.type.js";
import { BackupDelayOption, BackupPeriod } from "./backup-plan.enums.js";

const column = columnsOf("BackupPlan");

/** Source: `get-backup-plans`, or `get-backup-plans-without-executions` if CloudTower has it. */
@ObjectType("BackupPlan", {
  implements: Node,
  description: withArrival("A plan by which CloudTower's backup service makes restore points of VMs.", "BackupPlan"),
})
export class BackupPlan extends ScheduledPlan<"BackupPlan"> {
  static override readonly typename = "BackupPlan";
  static override readonly entity = "BackupPlan";

  @column("next_execute_time", time, "When the plan will next be executed.", { filter: true })
  readonly nextExecutionAt!: string | null;

  @column("full_period", BackupPeriod, "What `fullInterval` counts.", { filter: true })
  readonly fullPeriod!: string;

  @column("full_interval", integer, "Interval between full backups, in `fullPeriod`.", { filter: true })
  readonly fullInterval!: number | null;

  @column("full_time_point", timePoint, "When full backups are made.")
  readonly fullTimePoint!: PlanTimePoint | null;

  @column("incremental_period", BackupPeriod, "What `incrementalInterval` counts.", { filter: true })
  readonly incrementalPeriod!: string;

  @column("incremental_interval", integer, "Interval between incremental backups, in `incrementalPeriod`.", {
    filter: true,
  })
  readonly incrementalInterval!: number | null;

  @column("incremental_time_points", timePoints, "When incremental backups are made.")
  readonly incrementalTimePoints!: PlanTimePoint[];

  @column("incremental_weekdays", weekdays, "Days of the week on which incremental backups are made.")
  readonly incrementalWeekdays!: readonly string[];

  @column("backup_delay_option", BackupDelayOption.orNull, "What happens to a backup that takes longer than planned.")
  readonly delayOption!: string | null;

  @column("backup_service", reference, "The backup service that executes the plan.")
  readonly backupService!: Reference | null;

  @column("backup_store_repository", reference, "The repository that the data is written to.")
  readonly repository!: Reference | null;

  @column("backup_restore_point_count", integer, "Number of restore points of the plan.", { filter: true })
  readonly restorePointCount!: number | null;

  @column("backup_total_size", bytes, "Size of all backups, in bytes.", { filter: true })
  readonly totalSizeBytes!: number | null;

  @column("logical_size", bytes, "Logical size, in bytes.", { filter: true })
  readonly logicalSizeBytes!: number | null;

  @column("physical_size", bytes, "Space that the data uses, in bytes.", { filter: true })
  readonly physicalSizeBytes!: number | null;

  @column("valid_size_of_backup_object", bytes, "Size of the data of the VMs in the plan, in bytes.", { filter: true })
  readonly vmDataSizeBytes!: number | null;

  @column("valid_size_of_restore_point", bytes, "Size of the data in the restore points, in bytes.", { filter: true })
  readonly restorePointDataSizeBytes!: number | null;

  @column("compression_ratio", float, "How much compression saves, as CloudTower sends it.", { filter: true })
  readonly compressionRatio!: number | null;
}

/** Listing of backup plans. */
export const backupPlanList = new Listing(BackupPlan);
