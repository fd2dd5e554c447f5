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
  description: "A label: a key, mostly with a value, that is attached to objects.",
})
export class Label extends Resource<"Label"> {
  static override readonly typename = "Label";
  static override readonly entity = "Label";

  @column("key", requiredText, "Key of the label.", { filter: true, order: true })
  readonly key!: string;

  @column("value", text, "Value of the label; null for a label that is only a key.", { filter: true, order: true })
  readonly value!: string | null;

  @column("createdAt", time, "When the label was made.", { filter: true, order: true })
  readonly createdAt!: string | null;

  @column("total_num", integer, "Number of objects that carry it.", { filter: true, order: true })
  readonly totalCount!: number | null;

  @column("vm_num", integer, "Number of VMs that carry it.", { filter: true, order: true })
  readonly vmCount!: number | null;

  @column("vm_snapshot_num", integer, "Number of VM snapshots that carry it.")
  readonly vmSnapshotCount!: number | null;

  @column("vm_volume_num", integer, "Number of volumes that carry it.")
  readonly vmVolumeCount!: number | null;

  @column("vm_volume_snapshot_num", integer, "Number of volume snapshots that carry it.")
  readonly vmVolumeSnapshotCount!: number | null;

  @column("iscsi_lun_num", integer, "Number of LUNs that carry it.")
  readonly iscsiLunCount!: number | null;

  @column("iscsi_lun_snapshot_num", integer, "Number of LUN snapshots that carry it.")
  readonly iscsiLunSnapshotCount!: number | null;

  @column("iscsi_target_num", integer, "Number of iSCSI targets that carry it.")
  readonly iscsiTargetCount!: number | null;

  @column("nvmf_namespace_num", integer, "Number of NVMe namespaces that carry it.")
  readonly nvmfNamespaceCount!: number | null;

  @column("nvmf_namespace_snapshot_num", integer, "Number of snapshots of NVMe namespaces that carry it.")
  readonly nvmfNamespaceSnapshotCount!: number | null;

  @column("consistency_group_num", integer, "Number of consistency groups that carry it.")
  readonly consistencyGroupCount!: number | null;

  @column("consistency_group_snapshot_num", integer, "Number of snapshots of consistency groups that carry it.")
  readonly consistencyGroupSnapshotCount!: number | null;

  @column("cluster_num", integer, "Number of clusters that carry it.")
  readonly clusterCount!: number | null;

  @column("host_num", integer, "Number of hosts that carry it.")
  readonly hostCount!: number | null;

  @column("elf_image_num", integer, "Number of images that carry it.")
  readonly elfImageCount!: number | null;

  @column("vm_vlan_num", integer, "Number of VLANs of VMs that carry it.")
  readonly vmVlanCount!: number | null;
}

/** How labels are listed. */
export const labelList = new Listing(Label);
