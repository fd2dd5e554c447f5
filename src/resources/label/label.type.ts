import { ObjectType } from "type-graphql";
import { Listing } from "../../graph/connections/listing.js";
import { integer, requiredText, text, time } from "../../graph/model/codec.js";
import { columnsOf } from "../../graph/model/column.js";
import { Node } from "../../graph/model/node.js";
import { Resource } from "../../graph/model/resource.js";

const column = columnsOf("Label");

/** Source: `get-labels`. */
@ObjectType("Label", {
  implements: Node,
  description: "A label attached to objects: a key, usually with a value.",
})
export class Label extends Resource<"Label"> {
  static override readonly typename = "Label";
  static override readonly entity = "Label";

  @column("key", requiredText, "Key of the label.", { filter: true })
  readonly key!: string;

  @column("value", text, "Value of the label; null if it has only a key.", { filter: true })
  readonly value!: string | null;

  @column("createdAt", time, "When the label was created.", { filter: true })
  readonly createdAt!: string | null;

  @column("total_num", integer, "Number of objects with the label.", { filter: true })
  readonly totalCount!: number | null;

  @column("vm_num", integer, "Number of VMs with the label.", { filter: true })
  readonly vmCount!: number | null;

  @column("vm_snapshot_num", integer, "Number of VM snapshots with the label.")
  readonly vmSnapshotCount!: number | null;

  @column("vm_volume_num", integer, "Number of volumes with the label.")
  readonly vmVolumeCount!: number | null;

  @column("vm_volume_snapshot_num", integer, "Number of volume snapshots with the label.")
  readonly vmVolumeSnapshotCount!: number | null;

  @column("iscsi_lun_num", integer, "Number of LUNs with the label.")
  readonly iscsiLunCount!: number | null;

  @column("iscsi_lun_snapshot_num", integer, "Number of LUN snapshots with the label.")
  readonly iscsiLunSnapshotCount!: number | null;

  @column("iscsi_target_num", integer, "Number of iSCSI targets with the label.")
  readonly iscsiTargetCount!: number | null;

  @column("nvmf_namespace_num", integer, "Number of NVMe namespaces with the label.")
  readonly nvmfNamespaceCount!: number | null;

  @column("nvmf_namespace_snapshot_num", integer, "Number of snapshots of NVMe namespaces with the label.")
  readonly nvmfNamespaceSnapshotCount!: number | null;

  @column("consistency_group_num", integer, "Number of consistency groups with the label.")
  readonly consistencyGroupCount!: number | null;

  @column("consistency_group_snapshot_num", integer, "Number of snapshots of consistency groups with the label.")
  readonly consistencyGroupSnapshotCount!: number | null;

  @column("cluster_num", integer, "Number of clusters with the label.")
  readonly clusterCount!: number | null;

  @column("host_num", integer, "Number of hosts with the label.")
  readonly hostCount!: number | null;

  @column("elf_image_num", integer, "Number of ISO images with the label.")
  readonly elfImageCount!: number | null;

  @column("vm_vlan_num", integer, "Number of VM VLANs with the label.")
  readonly vmVlanCount!: number | null;
}

/** Listing of labels. */
export const labelList = new Listing(Label);
