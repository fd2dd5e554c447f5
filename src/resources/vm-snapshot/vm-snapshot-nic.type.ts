import { Field, ObjectType } from "type-graphql";
import { boolean, integer, text, texts } from "../../graph/model/codec.js";
import { columnsOfEmbedded } from "../../graph/model/column.js";
import type { Embedded } from "../../upstream/wire/types.js";
import { VmNicModel } from "../shared/vm-configuration.enums.js";

const vlanColumn = columnsOfEmbedded("NestedFrozenVlan");

/** The VLAN of a frozen NIC, embedded in the snapshot's row. */
@ObjectType("VmSnapshotVlan", { description: "A VLAN as frozen by a VM snapshot." })
export class VmSnapshotVlan {
  constructor(readonly row: Embedded<"NestedFrozenVlan">) {}

  @vlanColumn("name", text, "Name of the VLAN.")
  readonly name!: string | null;

  @vlanColumn("vlan_id", integer, "VLAN id.")
  readonly vlanId!: number | null;

  @vlanColumn("vlan_local_id", text, "`localId` of the live VLAN.")
  readonly vlanLocalId!: string | null;

  @vlanColumn("network_ids", texts, "VLAN ids of a trunk.")
  readonly networkIds!: readonly string[];

  @vlanColumn("vds_ovs", text, "Bridge of the virtual switch.")
  readonly vdsOvs!: string | null;
}

const column = columnsOfEmbedded("NestedFrozenNic");

/** A NIC as frozen by a snapshot, embedded in the snapshot's row. */
@ObjectType("VmSnapshotNic", { description: "A NIC as frozen by a VM snapshot." })
export class VmSnapshotNic {
  constructor(private readonly row: Embedded<"NestedFrozenNic">) {}

  @column("index", integer, "Index among the VM's NICs.")
  readonly index!: number | null;

  @column("mac_address", text, "MAC address.")
  readonly macAddress!: string | null;

  @column("ip_address", text, "IP address.")
  readonly ipAddress!: string | null;

  @column("subnet_mask", text, "Subnet mask.")
  readonly subnetMask!: string | null;

  @column("gateway", text, "IP address of the gateway.")
  readonly gateway!: string | null;

  @column("model", VmNicModel.orNull, "NIC model that the guest saw.")
  readonly model!: string | null;

  @column("enabled", boolean, "Whether the NIC was enabled.")
  readonly enabled!: boolean | null;

  @column("mirror", boolean, "Whether the NIC mirrored traffic.")
  readonly mirror!: boolean | null;

  @column.reads("vlan")
  @Field(() => VmSnapshotVlan, { nullable: true, description: "The VLAN that the NIC was in." })
  get vlan(): VmSnapshotVlan | null {
    return this.row.vlan ? new VmSnapshotVlan(this.row.vlan) : null;
  }
}
