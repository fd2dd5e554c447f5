import { ObjectType } from "type-graphql";
import { defineEnum } from "../../graph/connections/define-enum.js";
import { Listing } from "../../graph/connections/listing.js";
import { boolean, bytes, float, text, time } from "../../graph/model/codec.js";
import { columnsOf, withArrival } from "../../graph/model/column.js";
import { Node } from "../../graph/model/node.js";
import { Resource } from "../../graph/model/resource.js";
import { AsyncStatus } from "../shared/async-status.js";
import { Consistency } from "../shared/consistency.js";
import { RestorePointCreation } from "../shared/plans/plan.enums.js";

/** What the backup of a restore point read. */
export const BackupRestorePointType = defineEnum(
  "BackupRestorePointType",
  "What the backup that made a restore point read. Either kind restores the whole VM.",
  { FULL: "All data.", INCREMENTAL: "What had changed since the previous restore point." },
);

const column = columnsOf("BackupRestorePoint");

/** Source: `get-backup-restore-points`. */
@ObjectType("BackupRestorePoint", {
  implements: Node,
  description: withArrival("A VM as a backup plan has stored it.", "BackupRestorePoint"),
})
export class BackupRestorePoint extends Resource<"BackupRestorePoint"> {
  static override readonly typename = "BackupRestorePoint";
  static override readonly entity = "BackupRestorePoint";

  @column("local_created_at", time, "When the restore point was made.", { filter: true })
  readonly createdAt!: string | null;

  @column("type", BackupRestorePointType.orNull, "What the backup read.", { filter: true })
  readonly type!: string | null;

  @column("creation", RestorePointCreation.orNull, "How the restore point came to be.", { filter: true })
  readonly creation!: string | null;

  @column("snapshot_consistent_type", Consistency.orNull, "Consistency of the data.", { filter: true })
  readonly consistency!: string | null;

  @column("size", bytes, "Size, in bytes.", { filter: true })
  readonly sizeBytes!: number | null;

  @column("logical_size", bytes, "Logical size, in bytes.", { filter: true })
  readonly logicalSizeBytes!: number | null;

  @column("physical_size", bytes, "Space that the data uses, in bytes.", { filter: true })
  readonly physicalSizeBytes!: number | null;

  @column("valid_size", bytes, "`valid_size` as CloudTower sends it, in bytes; the API does not describe it.")
  readonly validSizeBytes!: number | null;

  @column("valid_capacity", bytes, "`valid_capacity` as CloudTower sends it, in bytes; the API does not describe it.")
  readonly validCapacityBytes!: number | null;

  @column("compressed", boolean, "Whether the data is compressed.", { filter: true })
  readonly compressed!: boolean | null;

  @column("compression_ratio", float, "How much compression saves, as CloudTower sends it.", { filter: true })
  readonly compressionRatio!: number | null;

  @column("parent_restore_point", text, "The restore point that this one builds on, by CloudTower's id.", {
    filter: true,
  })
  readonly parentRestorePoint!: string | null;

  @column("vm_name", text, "Name that the VM had; it stays when the VM is gone.", { filter: true })
  readonly vmName!: string | null;

  @column("vm_local_id", text, "The VM's id within its cluster; it stays when the VM is gone.", { filter: true })
  readonly vmLocalId!: string | null;

  @column("cluster_local_id", text, "`localId` of the VM's cluster.", { filter: true })
  readonly clusterLocalId!: string | null;

  @column("local_id", text, "Id within the backup service.", { filter: true })
  readonly localId!: string | null;

  @column("entityAsyncStatus", AsyncStatus.orNull, "Change in progress; null if none.", { filter: true })
  readonly asyncStatus!: string | null;
}

/** Listing of restore points. */
export const backupRestorePointList = new Listing(BackupRestorePoint);
