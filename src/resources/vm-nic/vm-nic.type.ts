import { Field, ID, ObjectType } from "type-graphql";
import { Listing } from "../../graph/connections/listing.js";
import { boolean, float, integer, text, texts } from "../../graph/model/codec.js";
import { columnsOf, withArrival } from "../../graph/model/column.js";
import { Node } from "../../graph/model/node.js";
import { Resource } from "../../graph/model/resource.js";
import { globalId } from "../../kernel/text/global-id.js";
import { type Reference, reference } from "../shared/reference.type.js";
import { VmNicModel } from "../shared/vm-configuration.enums.js";
import { nicKey } from "./nic-key.js";
import { VmNicType } from "./vm-nic.enums.js";
import { VpcNic } from "./vpc-nic.type.js";

const column = columnsOf("VmNic");

/** Source: `get-vm-nics`. */
@ObjectType("VmNic", { implements: Node, description: "A network interface of a VM." })
export class VmNic extends Resource<"VmNic"> {
  static override readonly typename = "VmNic";
  static override readonly entity = "VmNic";

  @column.reads("id", "vm", "mac_address", "local_id")
  @Field(() => ID, {
    description:
      "Global id, made of stable keys: VM and MAC address, or the local id if there is none. It stays the same when CloudTower re-creates the NIC.",
  })
  override get id(): string {
    return globalId("VmNic", nicKey(this.row));
  }

  @column.reads("id")
  @Field(() => String, {
    description: "CloudTower's id of the NIC. It changes with every update of the VM; do not store it.",
  })
  override get cloudTowerId(): string {
    return this.row.id;
  }

  @column("type", VmNicType.orNull, "What the NIC is connected to.", { filter: true })
  readonly type!: string | null;

  @column("model", VmNicModel.orNull, "NIC model that the guest sees.", { filter: true })
  readonly model!: string | null;

  @column("order", integer, "Position among the VM's NICs; NICs are listed in this order.", {
    filter: true,
  })
  readonly order!: number | null;

  @column("enabled", boolean, "Whether the NIC is enabled.", { filter: true })
  readonly enabled!: boolean | null;

  @column("mirror", boolean, "Whether the NIC mirrors traffic.", { filter: true })
  readonly mirror!: boolean | null;

  @column("mac_address", text, "MAC address.", { filter: true })
  readonly macAddress!: string | null;

  @column("ip_address", text, "IP address.", { filter: true })
  readonly ipAddress!: string | null;

  @column("guest_info_ip_addresses", texts, "IP addresses of the NIC, as reported by the guest tools.")
  readonly guestIpAddresses!: readonly string[];

  @column("guest_info_ip_addresses_v6", texts, "IPv6 addresses of the NIC, as reported by the guest tools.")
  readonly guestIpv6Addresses!: readonly string[];

  @column("dpi_enabled", boolean, "Whether the NIC's traffic is inspected (deep packet inspection).", { filter: true })
  readonly dpiEnabled!: boolean | null;

  @column("subnet_mask", text, "Subnet mask.")
  readonly subnetMask!: string | null;

  @column("gateway", text, "IP address of the gateway.", { filter: true })
  readonly gateway!: string | null;

  @column("interface_id", text, "Id of the port on the virtual switch.", { filter: true })
  readonly interfaceId!: string | null;

  @column("local_id", text, "The NIC's id within its cluster.", { filter: true })
  readonly localId!: string | null;

  @column("ingress_rate_limit_enabled", boolean, "Whether incoming traffic is limited.")
  readonly ingressRateLimitEnabled!: boolean | null;

  @column("ingress_rate_limit_max_rate_in_bitps", float, "Rate limit for incoming traffic, in bits per second.")
  readonly ingressRateLimitBitsPerSecond!: number | null;

  @column("ingress_rate_limit_burst_in_bit", float, "Burst size for incoming traffic, in bits.")
  readonly ingressRateLimitBurstBits!: number | null;

  @column("egress_rate_limit_enabled", boolean, "Whether outgoing traffic is limited.")
  readonly egressRateLimitEnabled!: boolean | null;

  @column("egress_rate_limit_max_rate_in_bitps", float, "Rate limit for outgoing traffic, in bits per second.")
  readonly egressRateLimitBitsPerSecond!: number | null;

  @column("egress_rate_limit_burst_in_bit", float, "Burst size for outgoing traffic, in bits.")
  readonly egressRateLimitBurstBits!: number | null;

  @column("nic", reference, "The host NIC that is passed through.")
  readonly hostNic!: Reference | null;

  @column.reads("vpc_nic")
  @Field(() => VpcNic, {
    nullable: true,
    description: withArrival("The NIC's connection to a virtual private cloud; null if it has none.", "VmNic.vpc_nic"),
  })
  get vpcNic(): VpcNic | null {
    return this.row.vpc_nic ? new VpcNic(this.row.vpc_nic) : null;
  }
}

/** Listing of NICs, without a filter by id. Its cursors contain CloudTower's ids, which are valid until the VM is changed. */
export const vmNicList = new Listing(VmNic, { byId: false });
