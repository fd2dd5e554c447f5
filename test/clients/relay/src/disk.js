import { graphql } from "relay-runtime";

/** A disk is a node too, although CloudTower re-creates its id. */
export const diskFragment = graphql`
  fragment disk_disk on VmDisk @refetchable(queryName: "diskRefetchQuery") {
    boot
    volume {
      sizeBytes
      lun {
        storageVolume {
          zbsId
          ...disk_storageVolume
        }
      }
    }
  }
`;

/** The inverse path, from storage to VMs. */
export const storageVolumeFragment = graphql`
  fragment disk_storageVolume on StorageVolume @refetchable(queryName: "diskStorageVolumeQuery") {
    kind
    lun {
      volume {
        vms {
          id
          name
        }
      }
    }
  }
`;
