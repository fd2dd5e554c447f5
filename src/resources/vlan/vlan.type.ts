import { Field, Float, Int, ObjectType } from "type-graphql";
import { Node } from "../../graph/model/node.js";
import { Resource } from "../../graph/model/resource.js";
import { textOrNull } from "../../graph/model/upstream-values.js";
import { AsyncStatus } from "../shared/async-status.js";
import { NetworkType } from "../shared/network.enums.js";
import { Reference, referenceTo } from "../shared/reference.type.js";
import { VlanMode } from "./vlan.enums.js";

/** Source: `get-vlans`. */
@ObjectType("Vlan", { implements: Node, description: "A virtual network that NICs of VMs are in." })
export class Vlan extends Resource<"Vlan"> {
  static override readonly typename = "Vlan";
  static override readonly entity = "Vlan";

  @Field(() => String, { description: "Name of the network." })
  get name(): string {
    return this.row.name ?? "";
  }

  @Field(() => NetworkType.type, { description: "What the network is for." })
  get type(): string {
    return NetworkType.fromUpstream(this.row.type);
  }

  @Field(() => VlanMode.type, { nullable: true, description: "How frames are marked." })
  get modeType(): string | null {
    return VlanMode.fromUpstreamOrNull(this.row.mode_type);
  }

  @Field(() => Int, { nullable: true, description: "VLAN number." })
  get vlanId(): number | null {
    return this.row.vlan_id ?? null;
  }

  @Field(() => [String], { description: "VLAN numbers of a trunk." })
  get networkIds(): readonly string[] {
    return this.row.network_ids ?? [];
  }

  @Field(() => Reference, { nullable: true, description: "The virtual switch." })
  get virtualSwitch(): Reference | null {
    return referenceTo(this.row.vds);
  }

  @Field(() => String, { nullable: true, description: "Gateway of the network." })
  get gatewayIp(): string | null {
    return textOrNull(this.row.gateway_ip);
  }

  @Field(() => String, { nullable: true, description: "Mask of the gateway's address." })
  get gatewaySubnetMask(): string | null {
    return textOrNull(this.row.gateway_subnetmask);
  }

  @Field(() => String, { nullable: true, description: "Mask of the network." })
  get subnetMask(): string | null {
    return textOrNull(this.row.subnetmask);
  }

  @Field(() => Float, {
    nullable: true,
    description: "Bandwidth that is kept for the network, as CloudTower tells it; the contract names no unit.",
  })
  get qosMinBandwidth(): number | null {
    return this.row.qos_min_bandwidth ?? null;
  }

  @Field(() => Float, {
    nullable: true,
    description: "Limit of the bandwidth, as CloudTower tells it; the contract names no unit.",
  })
  get qosMaxBandwidth(): number | null {
    return this.row.qos_max_bandwidth ?? null;
  }

  @Field(() => Float, { nullable: true, description: "Burst, as CloudTower tells it; the contract names no unit." })
  get qosBurst(): number | null {
    return this.row.qos_burst ?? null;
  }

  @Field(() => Int, { nullable: true, description: "Priority among the networks." })
  get qosPriority(): number | null {
    return this.row.qos_priority ?? null;
  }

  @Field(() => String, { nullable: true, description: "The network's id within its cluster." })
  get localId(): string | null {
    return textOrNull(this.row.local_id);
  }

  @Field(() => AsyncStatus.type, {
    nullable: true,
    description: "What a running task is doing to it; null when none is.",
  })
  get asyncStatus(): string | null {
    return AsyncStatus.fromUpstreamOrNull(this.row.entityAsyncStatus);
  }
}
