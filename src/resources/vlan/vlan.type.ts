import { ObjectType } from "type-graphql";
import { Listing } from "../../graph/connections/listing.js";
import { float, integer, requiredText, text, texts } from "../../graph/model/codec.js";
import { columnsOf } from "../../graph/model/column.js";
import { Node } from "../../graph/model/node.js";
import { Resource } from "../../graph/model/resource.js";
import { AsyncStatus } from "../shared/async-status.js";
import { NetworkType } from "../shared/network.enums.js";
import { type Reference, reference } from "../shared/reference.type.js";
import { VlanMode } from "./vlan.enums.js";

const column = columnsOf("Vlan");

/** Source: `get-vlans`. */
@ObjectType("Vlan", { implements: Node, description: "A virtual network for NICs of VMs." })
export class Vlan extends Resource<"Vlan"> {
  static override readonly typename = "Vlan";
  static override readonly entity = "Vlan";

  @column("name", requiredText, "Name of the network.", { filter: true })
  readonly name!: string;

  @column("type", NetworkType, "Purpose of the network.", { filter: true })
  readonly type!: string;

  @column("mode_type", VlanMode.orNull, "How frames are tagged.", { filter: true })
  readonly modeType!: string | null;

  @column("vlan_id", integer, "VLAN id.", { filter: true })
  readonly vlanId!: number | null;

  @column("network_ids", texts, "VLAN ids of a trunk.")
  readonly networkIds!: readonly string[];

  @column("vds", reference, "The virtual switch.")
  readonly virtualSwitch!: Reference | null;

  @column("gateway_ip", text, "Gateway of the network.")
  readonly gatewayIp!: string | null;

  @column("gateway_subnetmask", text, "Subnet mask of the gateway.")
  readonly gatewaySubnetMask!: string | null;

  @column("subnetmask", text, "Subnet mask of the network.")
  readonly subnetMask!: string | null;

  @column(
    "qos_min_bandwidth",
    float,
    "Bandwidth reserved for the network, as reported by CloudTower; its API does not specify the unit.",
  )
  readonly qosMinBandwidth!: number | null;

  @column("qos_max_bandwidth", float, "Bandwidth limit, as reported by CloudTower; its API does not specify the unit.")
  readonly qosMaxBandwidth!: number | null;

  @column("qos_burst", float, "Burst, as reported by CloudTower; its API does not specify the unit.")
  readonly qosBurst!: number | null;

  @column("qos_priority", integer, "Priority among networks.")
  readonly qosPriority!: number | null;

  @column("local_id", text, "The network's id within its cluster.", { filter: true })
  readonly localId!: string | null;

  @column("entityAsyncStatus", AsyncStatus.orNull, "Change in progress; null if none.", { filter: true })
  readonly asyncStatus!: string | null;
}

/** Listing of virtual networks. */
export const vlanList = new Listing(Vlan);
