import { readFileSync } from "node:fs";
import { ApolloClient, ApolloLink, gql, HttpLink, InMemoryCache } from "@apollo/client";
import { GraphQLWsLink } from "@apollo/client/link/subscriptions";
import { getMainDefinition, relayStylePagination } from "@apollo/client/utilities";
import { buildSchema, isInterfaceType } from "graphql";
import { createClient } from "graphql-ws";
import { expect, onTestFinished, test } from "vitest";
import WebSocket from "ws";
import {
  PageOfVmsDocument,
  TakeSnapshotDocument,
  VmsOfZbsVolumeDocument,
  WatchTaskDocument,
  WholeGraphDocument,
} from "../operations/generated.js";
import { startGateway, type TestGateway } from "../support/gateway.js";

/** The types of each interface, as Apollo's documentation tells clients to configure them. */
function possibleTypes(): Record<string, string[]> {
  const schema = buildSchema(readFileSync("schema.graphql", "utf8"));
  const interfaces = Object.values(schema.getTypeMap()).filter(isInterfaceType);
  return Object.fromEntries(interfaces.map((type) => [type.name, schema.getPossibleTypes(type).map(String)]));
}

/** The real Apollo Client with its normalized cache, over HTTP and WebSocket. */
function apollo({ url, token: authorization }: TestGateway): ApolloClient {
  const socket = createClient({
    url: `${url.replace("http", "ws")}/graphql`,
    webSocketImpl: WebSocket,
    connectionParams: { authorization },
  });
  const link = ApolloLink.split(
    ({ query }) => (getMainDefinition(query) as { operation?: string }).operation === "subscription",
    new GraphQLWsLink(socket),
    new HttpLink({ uri: `${url}/graphql`, headers: { authorization } }),
  );
  const typePolicies = { Query: { fields: { vms: relayStylePagination(["filter", "orderBy"]) } } };
  const client = new ApolloClient({ link, cache: new InMemoryCache({ possibleTypes: possibleTypes(), typePolicies }) });
  onTestFinished(async () => {
    client.stop();
    await socket.dispose();
  });
  return client;
}

/** Cache keys of one type. */
function cached(client: ApolloClient, typename: string): string[] {
  return Object.keys(client.cache.extract() as object)
    .filter((key) => key.startsWith(`${typename}:`))
    .toSorted();
}

test("the cache has each object once, under its id, regardless of the path to it", async () => {
  const gateway = await startGateway();
  const client = apollo(gateway);
  const names = ["oracle-rac-03", "数据库主节点", "数据库备节点"];

  const { data } = await client.query({ query: WholeGraphDocument, variables: { filter: { name: { in: names } } } });

  const shared = data?.vms?.nodes.flatMap((vm) => vm.disks ?? []).filter((disk) => disk.volume?.name === "shared-rac");
  expect(shared).toHaveLength(3);
  const ids = new Set(shared?.map((disk) => disk.volume?.id));
  expect(ids.size).toBe(1);
  expect(cached(client, "Vm")).toEqual(data?.vms?.nodes.map((vm) => `Vm:${vm.id}`).toSorted());
  expect(cached(client, "VmVolume").filter((key) => key === `VmVolume:${[...ids][0]}`)).toHaveLength(1);
});

test("an object that one query updates is updated in the other queries that show it", async () => {
  const gateway = await startGateway();
  const client = apollo(gateway);
  const variables = { filter: { name: { eq: "oracle-rac-03" } } };
  const { data } = await client.query({ query: WholeGraphDocument, variables });
  const vm = data?.vms?.nodes[0];
  const volume = vm?.disks?.find((disk) => disk.volume?.name === "shared-rac")?.volume;
  gateway.simulator.control.patch("Vm", vm?.cloudTowerId ?? "", { name: "oracle-rac-03-renamed" });

  await client.query({
    query: VmsOfZbsVolumeDocument,
    variables: { zbsId: volume?.lun?.storageVolume?.zbsId ?? "" },
  });

  const again = client.readQuery({ query: WholeGraphDocument, variables });
  expect(again?.vms?.nodes[0]?.name).toBe("oracle-rac-03-renamed");
});

test("disks keep their identity in the cache when CloudTower re-creates them with new ids", async () => {
  const gateway = await startGateway();
  const client = apollo(gateway);
  const variables = { filter: { name: { eq: "web-prod-01" } } };
  const { data: before } = await client.query({ query: WholeGraphDocument, variables });
  const cachedBefore = cached(client, "VmDisk");
  const vmId = before?.vms?.nodes[0]?.cloudTowerId ?? "";
  const upstreamIds = () => gateway.simulator.control.rows("VmDisk", { vm: { id: vmId } }).map((disk) => disk.id);
  const upstreamBefore = upstreamIds();

  gateway.simulator.control.recreateDisks(vmId);
  const { data: after } = await client.query({ query: WholeGraphDocument, variables, fetchPolicy: "network-only" });

  expect(upstreamIds()).not.toEqual(upstreamBefore);
  expect(cachedBefore).toHaveLength(2);
  expect(cached(client, "VmDisk")).toEqual(cachedBefore);
  expect(after?.vms?.nodes[0]?.disks).toEqual(before?.vms?.nodes[0]?.disks);
});

test("fetchMore with Apollo's relayStylePagination merges pages into one list", async () => {
  const gateway = await startGateway();
  const client = apollo(gateway);
  const { data } = await client.query({ query: PageOfVmsDocument, variables: { first: 15 } });
  const list = client.watchQuery({ query: PageOfVmsDocument, variables: { first: 15 } });
  const subscription = list.subscribe(() => {});
  onTestFinished(() => subscription.unsubscribe());

  for (let page = data?.vms?.pageInfo; page?.hasNextPage; ) {
    const next = await list.fetchMore({ variables: { after: page.endCursor } });
    page = next.data?.vms?.pageInfo;
  }

  const whole = client.readQuery({ query: PageOfVmsDocument, variables: { first: 15 } });
  expect(whole?.vms?.edges.map(({ node }) => node.id)).toEqual(
    gateway.simulator.control.rows("Vm", { in_recycle_bin: false }).map((vm) => `Vm:${vm.id}`),
  );
});

test("a mutation that selects the VM's snapshots adds the new one to the VM in the cache", async () => {
  const gateway = await startGateway({ simulator: { taskSeconds: 0 } });
  const client = apollo(gateway);
  const [row] = gateway.simulator.control.rows("Vm", { name: "web-prod-01" });
  const list = "id snapshots(first: 100) { totalCount nodes { id name } }";
  const query = gql(`query ($id: ID!) { vm(id: $id) { ${list} } }`);
  const variables = { id: `Vm:${row?.id}` };
  type Result = { vm: { snapshots: { totalCount: number; nodes: { name: string }[] } } };
  const before = await client.query<Result>({ query, variables });

  await client.mutate({
    mutation: gql(`mutation ($id: ID!) { createVmSnapshot(input: { vmId: $id, name: "new" }) { vm { ${list} } } }`),
    variables,
  });

  const after = client.readQuery<Result>({ query, variables });
  expect(after?.vm.snapshots.totalCount).toBe((before.data?.vm.snapshots.totalCount ?? 0) + 1);
  expect(after?.vm.snapshots.nodes.map(({ name }) => name)).toContain("new");
});

test("a subscription updates the task from a mutation in the cache", async () => {
  const gateway = await startGateway({ env: { TASK_POLL_QUICK_MS: "10" } });
  const client = apollo(gateway);
  const [vm] = gateway.simulator.control.rows("Vm", { name: "web-prod-01" });
  const { data } = await client.mutate({
    mutation: TakeSnapshotDocument,
    variables: { input: { vmId: String(vm?.id), name: "cached" } },
  });
  const taskId = data?.createVmSnapshot?.task?.id ?? "";
  const progressInCache = () => {
    const id = client.cache.identify({ __typename: "Task", id: taskId });
    return client.readFragment<{ status: string; progress: number }>({
      id,
      fragment: gql`fragment Progress on Task { status progress }`,
    });
  };
  expect(progressInCache()?.progress).toBeLessThan(1);

  await new Promise<void>((resolve, reject) => {
    client.subscribe({ query: WatchTaskDocument, variables: { taskId } }).subscribe({
      next: () => gateway.simulator.advance(2_000),
      error: reject,
      complete: resolve,
    });
  });

  expect(progressInCache()).toMatchObject({ status: "SUCCEEDED", progress: 1 });
});
