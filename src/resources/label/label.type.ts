import { Field, Int, ObjectType } from "type-graphql";
import { Node } from "../../graph/model/node.js";
import { Resource } from "../../graph/model/resource.js";
import { DateTimeScalar } from "../../graph/model/scalars.js";
import { textOrNull, time } from "../../graph/model/upstream-values.js";

/** Source: `get-labels`. */
@ObjectType("Label", {
  implements: Node,
  description: "A label: a key, mostly with a value, that is attached to objects.",
})
export class Label extends Resource<"Label"> {
  static override readonly typename = "Label";
  static override readonly entity = "Label";

  @Field(() => String, { description: "Key of the label." })
  get key(): string {
    return this.row.key ?? "";
  }

  @Field(() => String, { nullable: true, description: "Value of the label; null for a label that is only a key." })
  get value(): string | null {
    return textOrNull(this.row.value);
  }

  @Field(() => DateTimeScalar, { nullable: true, description: "When the label was made." })
  get createdAt(): string | null {
    return time(this.row.createdAt);
  }

  @Field(() => Int, { nullable: true, description: "Number of objects that carry it." })
  get totalCount(): number | null {
    return this.row.total_num ?? null;
  }

  @Field(() => Int, { nullable: true, description: "Number of VMs that carry it." })
  get vmCount(): number | null {
    return this.row.vm_num ?? null;
  }

  @Field(() => Int, { nullable: true, description: "Number of VM snapshots that carry it." })
  get vmSnapshotCount(): number | null {
    return this.row.vm_snapshot_num ?? null;
  }

  @Field(() => Int, { nullable: true, description: "Number of volumes that carry it." })
  get vmVolumeCount(): number | null {
    return this.row.vm_volume_num ?? null;
  }

  @Field(() => Int, { nullable: true, description: "Number of volume snapshots that carry it." })
  get vmVolumeSnapshotCount(): number | null {
    return this.row.vm_volume_snapshot_num ?? null;
  }

  @Field(() => Int, { nullable: true, description: "Number of LUNs that carry it." })
  get iscsiLunCount(): number | null {
    return this.row.iscsi_lun_num ?? null;
  }

  @Field(() => Int, { nullable: true, description: "Number of LUN snapshots that carry it." })
  get iscsiLunSnapshotCount(): number | null {
    return this.row.iscsi_lun_snapshot_num ?? null;
  }

  @Field(() => Int, { nullable: true, description: "Number of iSCSI targets that carry it." })
  get iscsiTargetCount(): number | null {
    return this.row.iscsi_target_num ?? null;
  }

  @Field(() => Int, { nullable: true, description: "Number of NVMe namespaces that carry it." })
  get nvmfNamespaceCount(): number | null {
    return this.row.nvmf_namespace_num ?? null;
  }

  @Field(() => Int, { nullable: true, description: "Number of snapshots of NVMe namespaces that carry it." })
  get nvmfNamespaceSnapshotCount(): number | null {
    return this.row.nvmf_namespace_snapshot_num ?? null;
  }

  @Field(() => Int, { nullable: true, description: "Number of consistency groups that carry it." })
  get consistencyGroupCount(): number | null {
    return this.row.consistency_group_num ?? null;
  }

  @Field(() => Int, { nullable: true, description: "Number of snapshots of consistency groups that carry it." })
  get consistencyGroupSnapshotCount(): number | null {
    return this.row.consistency_group_snapshot_num ?? null;
  }

  @Field(() => Int, { nullable: true, description: "Number of clusters that carry it." })
  get clusterCount(): number | null {
    return this.row.cluster_num ?? null;
  }

  @Field(() => Int, { nullable: true, description: "Number of hosts that carry it." })
  get hostCount(): number | null {
    return this.row.host_num ?? null;
  }

  @Field(() => Int, { nullable: true, description: "Number of images that carry it." })
  get elfImageCount(): number | null {
    return this.row.elf_image_num ?? null;
  }

  @Field(() => Int, { nullable: true, description: "Number of VLANs of VMs that carry it." })
  get vmVlanCount(): number | null {
    return this.row.vm_vlan_num ?? null;
  }
}
