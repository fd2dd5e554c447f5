import { Field, ObjectType } from "type-graphql";
import { Listing } from "../../graph/connections/listing.js";
import { boolean, integer, text, time } from "../../graph/model/codec.js";
import { columnsOf, columnsOfEmbedded, withArrival } from "../../graph/model/column.js";
import { Node } from "../../graph/model/node.js";
import type { Embedded } from "../../upstream/wire/types.js";
import { type PlanTimePoint, timePoints, weekdays } from "../shared/plans/plan-time-point.type.js";
import { ScheduledPlan } from "../shared/plans/scheduled-plan.js";
import { type Reference, reference } from "../shared/reference.type.js";
import { ResiliencyType } from "../shared/resilient.js";
import { StoragePolicy } from "../shared/storage-policy.js";
import { ReplicaNameRule, ReplicationPeriod, ReplicationPlanType } from "./replication-plan.enums.js";

const targetColumn = columnsOfEmbedded("NestedReplicationClusterDescriptor");

/** The cluster that a plan copies to, embedded in the plan's row. */
@ObjectType("ReplicationTarget", {
  description: "The cluster that a replication plan copies to; it may belong to another CloudTower.",
})
export class ReplicationTarget {
  constructor(readonly row: Embedded<"NestedReplicationClusterDescriptor">) {}

  @targetColumn("cluster_local_id", text, "`localId` of the cluster.")
  readonly clusterLocalId!: string | null;

  @targetColumn("cluster_name", text, "Name of the cluster.")
  readonly clusterName!: string | null;

  @targetColumn("tower_deploy_id", text, "Id of the CloudTower that manages the cluster.")
  readonly deploymentId!: string | null;
}

const column = columnsOf("ReplicationPlan");

/** Source: `get-replication-plans`, or `get-replication-plans-without-executions` if CloudTower has it. */
@ObjectType("ReplicationPlan", {
  implements: Node,
  description: withArrival("A plan by which CloudTower copies VMs to another cluster.", "ReplicationPlan"),
})
export class ReplicationPlan extends ScheduledPlan<"ReplicationPlan"> {
  static override readonly typename = "ReplicationPlan";
  static override readonly entity = "ReplicationPlan";

  @column("type", ReplicationPlanType, "What the plan copies.", { filter: true })
  readonly type!: string;

  @column("inbound", boolean, "Whether the plan copies to this CloudTower from another.", { filter: true })
  readonly inbound!: boolean | null;

  @column("period", ReplicationPeriod, "What `interval` counts.", { filter: true })
  readonly period!: string;

  @column("interval", integer, "Interval between executions, in `period`.", { filter: true })
  readonly interval!: number | null;

  @column("weekdays", weekdays, "Days of the week on which the plan is executed.")
  readonly weekdays!: readonly string[];

  @column("time_points", timePoints, "When the plan is executed.")
  readonly timePoints!: PlanTimePoint[];

  @column("next_execution_time", time, "When the plan will next be executed.", { filter: true })
  readonly nextExecutionAt!: string | null;

  @column("activation_timestamp", time, "When the plan takes effect.", { filter: true })
  readonly activeFrom!: string | null;

  @column("updatedAt", time, "When the plan was last changed.", { filter: true })
  readonly updatedAt!: string | null;

  @column("abort_window_unfinished", boolean, "Whether an execution is stopped when its time of the day is over.")
  readonly abortsUnfinished!: boolean | null;

  @column.reads("target_cluster_descriptor")
  @Field(() => ReplicationTarget, { nullable: true, description: "The cluster that the plan copies to." })
  get target(): ReplicationTarget | null {
    const row = this.row.target_cluster_descriptor;
    return row ? new ReplicationTarget(row) : null;
  }

  @column("external_cloudtower", reference, "The other CloudTower, if the target belongs to one.")
  readonly externalCloudTower!: Reference | null;

  @column.reads("target_replication_service")
  @Field(() => String, { nullable: true, description: "CloudTower's id of the replication service at the target." })
  get targetReplicationServiceId(): string | null {
    return this.row.target_replication_service?.id ?? null;
  }

  @column("replica_num", integer, "Number of copies of the data at the target.", { filter: true })
  readonly targetReplicaCount!: number | null;

  @column("storage_policy", StoragePolicy, "Storage policy of the replicas.", { filter: true })
  readonly storagePolicy!: string;

  @column("resiliency_type", ResiliencyType.orNull, "How the replicas' data survives the loss of a disk or a host.", {
    filter: true,
  })
  readonly resiliencyType!: string | null;

  @column("ec_k", integer, "Number of data blocks of the erasure coding (k).", { filter: true })
  readonly ecDataBlockCount!: number | null;

  @column("ec_m", integer, "Number of parity blocks of the erasure coding (m).", { filter: true })
  readonly ecParityBlockCount!: number | null;

  @column("thin_provision", boolean, "Whether the replicas' volumes are thin-provisioned.", { filter: true })
  readonly thinProvisioned!: boolean | null;

  @column("replica_name_rule", ReplicaNameRule, "How replicas are named.", { filter: true })
  readonly replicaNameRule!: string;

  @column("replica_name_setting", text, "The prefix or suffix of the replicas' names.")
  readonly replicaNameSetting!: string | null;

  @column("keep_mac_address", boolean, "Whether replicas keep the MAC addresses.", { filter: true })
  readonly keepsMacAddresses!: boolean | null;
}

/** Listing of replication plans. */
export const replicationPlanList = new Listing(ReplicationPlan);
