import { Field, Int, ObjectType } from "type-graphql";
import { textOrNull } from "../../graph/model/upstream-values.js";
import type { Embedded } from "../../upstream/wire/types.js";
import { VmNicModel } from "../shared/vm-configuration.enums.js";

/** The VLAN of a frozen NIC; it arrives whole within the snapshot's row. */
@ObjectType("VmSnapshotVlan", { description: "A VLAN as a VM snapshot froze it." })
export class VmSnapshotVlan {
  constructor(private readonly row: Embedded<"NestedFrozenVlan">) {}

  @Field(() => String, { nullable: true, description: "Name of the VLAN." })
  get name(): string | null {
    return textOrNull(this.row.name);
  }

  @Field(() => Int, { nullable: true, description: "VLAN number." })
  get vlanId(): number | null {
    return this.row.vlan_id ?? null;
  }

  @Field(() => String, { nullable: true, description: "`localId` of the live VLAN." })
  get vlanLocalId(): string | null {
    return textOrNull(this.row.vlan_local_id);
  }

  @Field(() => [String], { description: "VLAN numbers of a trunk." })
  get networkIds(): readonly string[] {
    return this.row.network_ids ?? [];
  }

  @Field(() => String, { nullable: true, description: "Bridge of the virtual switch." })
  get vdsOvs(): string | null {
    return textOrNull(this.row.vds_ovs);
  }
}

/** A NIC as a snapshot froze it; it arrives whole within the snapshot's row. */
@ObjectType("VmSnapshotNic", { description: "A NIC as a VM snapshot froze it." })
export class VmSnapshotNic {
  constructor(private readonly row: Embedded<"NestedFrozenNic">) {}

  @Field(() => Int, { nullable: true, description: "Place among the VM's NICs." })
  get index(): number | null {
    return this.row.index ?? null;
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

  @Field(() => VmNicModel.type, { nullable: true, description: "What the guest saw of the NIC." })
  get model(): string | null {
    return VmNicModel.fromUpstreamOrNull(this.row.model);
  }

  @Field(() => Boolean, { nullable: true, description: "Whether the NIC was switched on." })
  get enabled(): boolean | null {
    return this.row.enabled ?? null;
  }

  @Field(() => Boolean, { nullable: true, description: "Whether the NIC mirrored traffic." })
  get mirror(): boolean | null {
    return this.row.mirror ?? null;
  }

  @Field(() => VmSnapshotVlan, { nullable: true, description: "The VLAN that the NIC was in." })
  get vlan(): VmSnapshotVlan | null {
    return this.row.vlan ? new VmSnapshotVlan(this.row.vlan) : null;
  }
}
