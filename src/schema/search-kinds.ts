import type { Listing } from "../graph/connections/listing.js";
import { columnsShown } from "../graph/model/column.js";
import { clusterList } from "../resources/cluster/cluster.type.js";
import { elfImageList } from "../resources/elf-image/elf-image.type.js";
import { hostList } from "../resources/host/host.type.js";
import { iscsiLunList } from "../resources/iscsi-lun/iscsi-lun.type.js";
import { iscsiTargetList } from "../resources/iscsi-target/iscsi-target.type.js";
import { labelList } from "../resources/label/label.type.js";
import { vlanList } from "../resources/vlan/vlan.type.js";
import { vmList } from "../resources/vm/vm.type.js";
import { vmFolderList } from "../resources/vm-folder/vm-folder.type.js";
import { vmSnapshotList } from "../resources/vm-snapshot/vm-snapshot.type.js";
import { vmVolumeList } from "../resources/vm-volume/vm-volume.type.js";

/** A kind of object that `search` looks among. */
export interface SearchKind {
  readonly listing: Listing;
  /** The fields of texts that it looks into, with their columns. */
  readonly fields: readonly { readonly field: string; readonly column: string }[];
  readonly hasLabels: boolean;
}

/** The kinds by their names in the schema, in the order of the results. */
export const searchKinds: Readonly<Record<string, SearchKind>> = {
  VM: kind(vmList, ["name", "originalName", "hostname", "ips", "localId", "biosUuid"]),
  VM_SNAPSHOT: kind(vmSnapshotList, ["name", "localId"]),
  VM_VOLUME: kind(vmVolumeList, ["name", "localId"]),
  VM_FOLDER: kind(vmFolderList, ["name"], false),
  HOST: kind(hostList, ["name", "managementIp", "dataIp", "serial", "localId"]),
  CLUSTER: kind(clusterList, ["name", "ip", "managementVip", "localId"]),
  ISCSI_TARGET: kind(iscsiTargetList, ["name", "iqnName", "localId"]),
  ISCSI_LUN: kind(iscsiLunList, ["name", "zbsVolumeId", "localId"]),
  ELF_IMAGE: kind(elfImageList, ["name", "localId"]),
  VLAN: kind(vlanList, ["name", "localId"]),
  LABEL: kind(labelList, ["key", "value"], false),
};

function kind<L>(listing: L, names: readonly string[], hasLabels = true): SearchKind {
  const of = listing as Listing;
  const columns = columnsShown(of.resource);
  const fields = names.map((field) => {
    const column = columns.get(field)?.name;
    if (column === undefined) throw new Error(`${of.resource.typename}.${field} shows no column`);
    return { field, column };
  });
  return { listing: of, fields, hasLabels };
}
