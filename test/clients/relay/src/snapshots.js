import { graphql } from "relay-runtime";

/** The snapshots of a VM, newest first: a connection below a node. */
export const snapshotsFragment = graphql`
  fragment snapshots_vm on Vm
  @argumentDefinitions(count: { type: "Int", defaultValue: 10 }, cursor: { type: "String" })
  @refetchable(queryName: "snapshotsPaginationQuery") {
    snapshots(first: $count, after: $cursor, orderBy: { field: CREATED_AT, direction: DESC })
      @connection(key: "snapshots_snapshots") {
      edges {
        node {
          id
          ...snapshots_snapshot
        }
      }
    }
  }
`;

export const snapshotFragment = graphql`
  fragment snapshots_snapshot on VmSnapshot {
    name
    asyncStatus
    createdAt
    task {
      ...snapshots_task
    }
  }
`;

export const taskFragment = graphql`
  fragment snapshots_task on Task {
    status
    progress
  }
`;

/** Tasks from the end of the list: Relay pages backward with last and before. */
export const tasksFragment = graphql`
  fragment snapshots_tasks on Query
  @argumentDefinitions(last: { type: "Int", defaultValue: 10 }, before: { type: "String" })
  @refetchable(queryName: "snapshotsTasksQuery") {
    tasks(last: $last, before: $before) @connection(key: "snapshots_tasks") {
      edges {
        node {
          ...snapshots_task
        }
      }
    }
  }
`;

/** Prepends the new snapshot to the lists on the screen. */
export const createSnapshotMutation = graphql`
  mutation snapshotsCreateMutation($input: CreateVmSnapshotInput!, $connections: [ID!]!) {
    createVmSnapshot(input: $input) {
      created
      snapshot @prependNode(connections: $connections, edgeTypeName: "VmSnapshotEdge") {
        ...snapshots_snapshot
      }
      errors {
        __typename
        code
        message
        ... on ResourceLockedError {
          blockingTask {
            ...snapshots_task
          }
        }
      }
    }
  }
`;

export const taskSubscription = graphql`
  subscription snapshotsTaskSubscription($taskId: ID!) {
    taskProgress(taskId: $taskId) {
      ...snapshots_task
    }
  }
`;
