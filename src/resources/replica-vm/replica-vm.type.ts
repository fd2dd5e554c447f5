import { Field, ObjectType } from "type-graphql";
import { Listing } from "../../graph/connections/listing.js";
import { boolean, text, time } from "../../graph/model/codec.js";
import { columnsOf, columnsOfEmbedded, withArrival } from "../../graph/model/column.js";
import { Node } from "../../graph/model/node.js";
import { Resource } from "../../graph/model/resource.js";
import type { Embedded } from "../../upstream/wire/types.js";
import { AsyncStatus } from "../shared/async-status.js";
import { type Reference, reference } from "../shared/reference.type.js";
import { ReplicaState, ReplicationObjectType } from "./replica-vm.enums.js";

const partColumn = columnsOfEmbedded("NestedReplicationObjectDescriptor");

/** An object of a replication, by its ids within its cluster, embedded in the replica's row. */
@ObjectType("ReplicationObject", {
  description: "An object of a replication by its ids within its cluster, which may belong to another CloudTower.",
})
export class ReplicationObject {
  constructor(readonly row: Embedded<"NestedReplicationObjectDescriptor">) {}

  @partColumn("object_local_id", text, "`localId` of the object.")
  readonly localId!: string | null;

  @partColumn("object_name", text, "Name of the object.")
  readonly name!: string | null;

  @partColumn("parent_object_local_id", text, "`localId` of the object that it belongs to, such as a LUN's target.")
  readonly parentLocalId!: string | null;

  @partColumn("parent_object_name", text, "Name of the object that it belongs to.")
  readonly parentName!: string | null;

  @partColumn("zbs_volume_id", text, "Its ZBS volume.")
  readonly zbsVolumeId!: string | null;

  @partColumn("cluster_local_id", text, "`localId` of its cluster.")
  readonly clusterLocalId!: string | null;

  @partColumn("cluster_name", text, "Name of its cluster.")
  readonly clusterName!: string | null;

  @partColumn("tower_deploy_id", text, "Id of the CloudTower that manages its cluster.")
  readonly deploymentId!: string | null;
}

const column = columnsOf("ReplicaVm");

/** Source: `get-replica-vms`. */
@ObjectType("ReplicaVm", {
  implements: Node,
  description: withArrival("The copy of a VM, or of block storage, that a replication plan keeps.", "ReplicaVm"),
})
export class ReplicaVm extends Resource<"ReplicaVm"> {
  static override readonly typename = "ReplicaVm";
  static override readonly entity = "ReplicaVm";

  @column("type", ReplicationObjectType, "Kind of the object.", { filter: true })
  readonly type!: string;

  @column("state", ReplicaState, "State of the replica.", { filter: true })
  readonly state!: string;

  @column("createdAt", time, "When the replica was created.", { filter: true })
  readonly createdAt!: string | null;

  @column("updatedAt", time, "When CloudTower last changed the replica's row.", { filter: true })
  readonly updatedAt!: string | null;

  @column("inbound", boolean, "Whether the origin belongs to another CloudTower.", { filter: true })
  readonly inbound!: boolean | null;

  @column("origin_vm_name", text, "Name of the replicated VM; it stays when the VM is gone.", {
    filter: true,
  })
  readonly originVmName!: string | null;

  @column("origin_vm_local_id", text, "The replicated VM's id within its cluster.", { filter: true })
  readonly originVmLocalId!: string | null;

  @column("origin_vm_cluster_name", text, "Name of the replicated VM's cluster.", { filter: true })
  readonly originClusterName!: string | null;

  @column("origin_vm_cluster_local_id", text, "`localId` of the replicated VM's cluster.", { filter: true })
  readonly originClusterLocalId!: string | null;

  @column.reads("origin_object_descriptor")
  @Field(() => ReplicationObject, { nullable: true, description: "The replicated object." })
  get origin(): ReplicationObject | null {
    return objectOf(this.row.origin_object_descriptor);
  }

  @column.reads("object_descriptor")
  @Field(() => ReplicationObject, { nullable: true, description: "The replica as an object of its cluster." })
  get object(): ReplicationObject | null {
    return objectOf(this.row.object_descriptor);
  }

  @column.reads("failover_test_object_descriptor")
  @Field(() => ReplicationObject, { nullable: true, description: "The object of a failover test." })
  get failoverTestObject(): ReplicationObject | null {
    return objectOf(this.row.failover_test_object_descriptor);
  }

  @column("replication_group", text, "Group of the replication, by CloudTower's id.", { filter: true })
  readonly replicationGroup!: string | null;

  @column("replica_group", text, "Group of the replica, by CloudTower's id.", { filter: true })
  readonly replicaGroup!: string | null;

  @column("failover_test_replica_group", text, "Group of the failover test, by CloudTower's id.", { filter: true })
  readonly failoverTestReplicaGroup!: string | null;

  @column("targets_deletable", boolean, "Whether the objects at the target can be deleted.", { filter: true })
  readonly targetsDeletable!: boolean | null;

  @column("external_cloudtower", reference, "The other CloudTower, if one is involved.")
  readonly externalCloudTower!: Reference | null;

  @column.reads("replication_service")
  @Field(() => String, { nullable: true, description: "CloudTower's id of the replication service." })
  get replicationServiceId(): string | null {
    return this.row.replication_service?.id ?? null;
  }

  @column("entityAsyncStatus", AsyncStatus.orNull, "Change in progress; null if none.", { filter: true })
  readonly asyncStatus!: string | null;
}

function objectOf(row: Embedded<"NestedReplicationObjectDescriptor"> | null | undefined): ReplicationObject | null {
  return row ? new ReplicationObject(row) : null;
}

/** Listing of replicas. */
export const replicaVmList = new Listing(ReplicaVm);
