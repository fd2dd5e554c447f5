import { Field, Float, ID, Int, ObjectType } from "type-graphql";
import { Node } from "../../graph/model/node.js";
import { Resource } from "../../graph/model/resource.js";
import { textOrNull } from "../../graph/model/upstream-values.js";
import { globalId } from "../../kernel/global-id.js";
import { Reference, referenceTo } from "../shared/reference.type.js";
import { VmNicModel } from "../shared/vm-configuration.enums.js";
import { nicKey } from "./nic-key.js";
import { VmNicType } from "./vm-nic.enums.js";
import { VpcNic } from "./vpc-nic.type.js";

/** Source: `get-vm-nics`. */
@ObjectType("VmNic", { implements: Node, description: "A network interface of a VM." })
export class VmNic extends Resource<"VmNic"> {
  static override readonly typename = "VmNic";
  static override readonly entity = "VmNic";

  @Field(() => ID, {
    description:
      "Global id, made of stable keys: VM and MAC address, else the local id. It survives CloudTower's habit of re-creating NICs.",
  })
  override get id(): string {
    return globalId("VmNic", nicKey(this.row));
  }

  @Field(() => String, {
    description: "CloudTower's id of the NIC. It changes with every update of the VM: do not keep it.",
  })
  override get cloudTowerId(): string {
    return this.row.id;
  }

  @Field(() => VmNicType.type, { nullable: true, description: "What the NIC is attached to." })
  get type(): string | null {
    return VmNicType.fromUpstreamOrNull(this.row.type);
  }

  @Field(() => VmNicModel.type, { nullable: true, description: "What the guest sees of the NIC." })
  get model(): string | null {
    return VmNicModel.fromUpstreamOrNull(this.row.model);
  }

  @Field(() => Int, { nullable: true, description: "Place among the VM's NICs; they are listed by it." })
  get order(): number | null {
    return this.row.order ?? null;
  }

  @Field(() => Boolean, { nullable: true, description: "Whether the NIC is switched on." })
  get enabled(): boolean | null {
    return this.row.enabled ?? null;
  }

  @Field(() => Boolean, { nullable: true, description: "Whether the NIC mirrors traffic." })
  get mirror(): boolean | null {
    return this.row.mirror ?? null;
  }

  @Field(() => String, { nullable: true, description: "MAC address." })
  get macAddress(): string | null {
    return textOrNull(this.row.mac_address);
  }

  @Field(() => String, { nullable: true, description: "IP address." })
  get ipAddress(): string | null {
    return textOrNull(this.row.ip_address);
  }

  @Field(() => String, { nullable: true, description: "Mask of the IP address." })
  get subnetMask(): string | null {
    return textOrNull(this.row.subnet_mask);
  }

  @Field(() => String, { nullable: true, description: "Gateway of the IP address." })
  get gateway(): string | null {
    return textOrNull(this.row.gateway);
  }

  @Field(() => String, { nullable: true, description: "Id of the port on the virtual switch." })
  get interfaceId(): string | null {
    return textOrNull(this.row.interface_id);
  }

  @Field(() => String, { nullable: true, description: "The NIC's id within its cluster." })
  get localId(): string | null {
    return textOrNull(this.row.local_id);
  }

  @Field(() => Boolean, { nullable: true, description: "Whether incoming traffic is limited." })
  get ingressRateLimitEnabled(): boolean | null {
    return this.row.ingress_rate_limit_enabled ?? null;
  }

  @Field(() => Float, { nullable: true, description: "Limit of incoming traffic, in bits per second." })
  get ingressRateLimitBitsPerSecond(): number | null {
    return this.row.ingress_rate_limit_max_rate_in_bitps ?? null;
  }

  @Field(() => Float, { nullable: true, description: "Burst of incoming traffic, in bits." })
  get ingressRateLimitBurstBits(): number | null {
    return this.row.ingress_rate_limit_burst_in_bit ?? null;
  }

  @Field(() => Boolean, { nullable: true, description: "Whether outgoing traffic is limited." })
  get egressRateLimitEnabled(): boolean | null {
    return this.row.egress_rate_limit_enabled ?? null;
  }

  @Field(() => Float, { nullable: true, description: "Limit of outgoing traffic, in bits per second." })
  get egressRateLimitBitsPerSecond(): number | null {
    return this.row.egress_rate_limit_max_rate_in_bitps ?? null;
  }

  @Field(() => Float, { nullable: true, description: "Burst of outgoing traffic, in bits." })
  get egressRateLimitBurstBits(): number | null {
    return this.row.egress_rate_limit_burst_in_bit ?? null;
  }

  @Field(() => Reference, { nullable: true, description: "The NIC of the host that is passed through." })
  get hostNic(): Reference | null {
    return referenceTo(this.row.nic);
  }

  @Field(() => VpcNic, { nullable: true, description: "The NIC's place in a virtual private cloud." })
  get vpcNic(): VpcNic | null {
    return this.row.vpc_nic ? new VpcNic(this.row.vpc_nic) : null;
  }
}
