import { graphql } from "relay-runtime";

/** A page of VMs: Relay fetches the next one with the end cursor. */
export const vmListFragment = graphql`
  fragment vmList_query on Query
  @argumentDefinitions(
    first: { type: "Int", defaultValue: 20 }
    after: { type: "String" }
    filter: { type: "VmFilter" }
    orderBy: { type: "[VmOrder!]" }
  )
  @refetchable(queryName: "vmListPaginationQuery") {
    vms(first: $first, after: $after, filter: $filter, orderBy: $orderBy)
      @connection(key: "vmList_vms", filters: ["filter", "orderBy"]) {
      totalCount
      edges {
        node {
          id
          name
          ...vmRow_vm
        }
      }
    }
  }
`;

export const vmListQuery = graphql`
  query vmListQuery($filter: VmFilter, $orderBy: [VmOrder!]) {
    gateway {
      version
      simulated
    }
    ...vmList_query @arguments(filter: $filter, orderBy: $orderBy)
  }
`;
