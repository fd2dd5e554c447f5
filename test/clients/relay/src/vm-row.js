import { graphql } from "relay-runtime";

/** One VM, which Relay can refetch by its global id. */
export const vmRowFragment = graphql`
  fragment vmRow_vm on Vm @refetchable(queryName: "vmRowRefetchQuery") {
    id
    name
    status
    memoryBytes
    disks(type: DISK) {
      id
      ...disk_disk
    }
  }
`;
