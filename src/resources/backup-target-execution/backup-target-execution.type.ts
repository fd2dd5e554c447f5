import { ObjectType } from "type-graphql";
import { defineEnum } from "../../graph/connections/define-enum.js";
import { Listing } from "../../graph/connections/listing.js";
import { bytes, integer, text, time } from "../../graph/model/codec.js";
import { columnsOf, withArrival } from "../../graph/model/column.js";
import { Node } from "../../graph/model/node.js";
import { Resource } from "../../graph/model/resource.js";
import { AsyncStatus } from "../shared/async-status.js";

/** Outcome of the backup of one VM. */
export const BackupExecutionStatus = defineEnum(
  "BackupExecutionStatus",
  "Outcome of the backup of one VM.",
  {
    PENDING: "It has not begun.",
    INITIALIZING: "It is being prepared.",
    RUNNING: "It is running.",
    PAUSED: "It is paused.",
    SUCCEEDED: "It succeeded.",
    FAILED: "It failed.",
    ABORTED: "It was stopped.",
  },
  { spelling: { SUCCEEDED: "SUCCESS" } },
);

/** What a backup of a VM reads. */
export const BackupExecutionType = defineEnum("BackupExecutionType", "What the backup of a VM reads.", {
  FULL: "All data.",
  INCREMENTAL: "What has changed since the previous backup.",
});

const column = columnsOf("BackupTargetExecution");

/** Source: `get-backup-target-executions`. */
@ObjectType("BackupTargetExecution", {
  implements: Node,
  description: withArrival("The backup of one VM by one execution of a backup plan.", "BackupTargetExecution"),
})
export class BackupTargetExecution extends Resource<"BackupTargetExecution"> {
  static override readonly typename = "BackupTargetExecution";
  static override readonly entity = "BackupTargetExecution";

  @column("type", BackupExecutionType, "What the backup reads.", { filter: true })
  readonly type!: string;

  @column("status", BackupExecutionStatus.orNull, "Outcome.", { filter: true })
  readonly status!: string | null;

  @column("executed_at", time, "When the backup was executed.", { filter: true })
  readonly executedAt!: string | null;

  @column("duration", integer, "How long the backup took. CloudTower does not say in which unit.", {
    filter: true,
  })
  readonly duration!: number | null;

  @column("retry_times", integer, "Number of retries.", { filter: true })
  readonly retryCount!: number | null;

  @column("read_bytes", bytes, "Data that was read, in bytes.", { filter: true })
  readonly readBytes!: number | null;

  @column("total_bytes", bytes, "Data to read, in bytes.", { filter: true })
  readonly totalBytes!: number | null;

  @column("backup_group", text, "The chain of backups that this one belongs to, by CloudTower's id.", { filter: true })
  readonly backupGroup!: string | null;

  @column("parent_backup", text, "The backup that this one builds on, by CloudTower's id.", { filter: true })
  readonly parentBackup!: string | null;

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

/** Listing of backups of single VMs. */
export const backupTargetExecutionList = new Listing(BackupTargetExecution);
