import { Field, ObjectType } from "type-graphql";
import { textOrNull } from "../../graph/model/upstream-values.js";
import type { Stub } from "../../upstream/wire/types.js";
import { Reference, referenceTo } from "../shared/reference.type.js";

/** Source: a NIC's `vpc_nic`. */
@ObjectType("VpcNic", { description: "The place of a VM's NIC in a virtual private cloud." })
export class VpcNic {
  constructor(private readonly row: Stub<"VirtualPrivateCloudNic">) {}

  @Field(() => String, { nullable: true, description: "Id within the cluster." })
  get localId(): string | null {
    return textOrNull(this.row.local_id);
  }

  @Field(() => [String], { description: "IP addresses." })
  get ipAddresses(): readonly string[] {
    return this.row.ip_addresses ?? [];
  }

  @Field(() => Reference, { nullable: true, description: "The virtual private cloud." })
  get vpc(): Reference | null {
    return referenceTo(this.row.vpc);
  }

  @Field(() => Reference, { nullable: true, description: "The subnet of the virtual private cloud." })
  get subnet(): Reference | null {
    return referenceTo(this.row.vpc_subnet);
  }

  @Field(() => String, { nullable: true, description: "Address under which the NIC is reached from outside." })
  get floatingIp(): string | null {
    return textOrNull(this.row.floating_ip?.external_ip);
  }
}
