import { Field, ObjectType } from "type-graphql";
import { text, texts } from "../../graph/model/codec.js";
import { columnsOfStub } from "../../graph/model/column.js";
import type { Stub } from "../../upstream/wire/types.js";
import { type Reference, reference } from "../shared/reference.type.js";

const column = columnsOfStub("VirtualPrivateCloudNic");

/** Source: a NIC's `vpc_nic`. */
@ObjectType("VpcNic", { description: "The connection of a VM's NIC to a virtual private cloud." })
export class VpcNic {
  constructor(private readonly row: Stub<"VirtualPrivateCloudNic">) {}

  @column("local_id", text, "Id within the cluster.")
  readonly localId!: string | null;

  @column("ip_addresses", texts, "IP addresses.")
  readonly ipAddresses!: readonly string[];

  @column("vpc", reference, "The virtual private cloud.")
  readonly vpc!: Reference | null;

  @column("vpc_subnet", reference, "The subnet of the virtual private cloud.")
  readonly subnet!: Reference | null;

  @column.reads("floating_ip")
  @Field(() => String, { nullable: true, description: "IP address at which the NIC can be reached from outside." })
  get floatingIp(): string | null {
    return text.fromUpstream(this.row.floating_ip?.external_ip);
  }
}
