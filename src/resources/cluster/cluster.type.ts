import { Field, Int, ObjectType } from "type-graphql";
import { Node } from "../../graph/node.js";
import { Resource } from "../../graph/resource.js";
import { BigIntScalar } from "../../graph/scalars.js";
import { textOrNull } from "../../graph/values.js";
import { ConnectState } from "./cluster.enums.js";

/** Source: `get-clusters`. */
@ObjectType("Cluster", { implements: Node, description: "A hyperconverged cluster." })
export class Cluster extends Resource<"Cluster"> {
  static override readonly typename = "Cluster";
  static override readonly entity = "Cluster";

  @Field(() => String, { description: "Name as shown to users." })
  get name(): string {
    return this.row.name ?? "";
  }

  @Field(() => String, { nullable: true, description: "Version of the cluster's software." })
  get version(): string | null {
    return textOrNull(this.row.version);
  }

  @Field(() => ConnectState.type, { description: "Whether CloudTower reaches the cluster." })
  get connectState(): string {
    return ConnectState.of(this.row.connect_state);
  }

  @Field(() => Int, { nullable: true, description: "Number of hosts." })
  get hostCount(): number | null {
    return this.row.host_num ?? null;
  }

  @Field(() => Int, { nullable: true, description: "Number of VMs." })
  get vmCount(): number | null {
    return this.row.vm_num ?? null;
  }

  @Field(() => BigIntScalar, { nullable: true, description: "Storage capacity, in bytes." })
  get totalDataCapacityBytes(): number | null {
    return this.row.total_data_capacity ?? null;
  }

  @Field(() => BigIntScalar, { nullable: true, description: "Storage in use, in bytes." })
  get usedDataSpaceBytes(): number | null {
    return this.row.used_data_space ?? null;
  }

  @Field(() => String, { nullable: true, description: "Virtual management address." })
  get managementVip(): string | null {
    return textOrNull(this.row.management_vip);
  }

  @Field(() => String, { nullable: true, description: "The cluster's own id." })
  get localId(): string | null {
    return textOrNull(this.row.local_id);
  }
}
