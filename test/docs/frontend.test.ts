import { execFile } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { promisify } from "node:util";
import { type DocumentNode, Kind, parse, print } from "graphql";
import { beforeAll, describe, expect, onTestFinished, test } from "vitest";
import WebSocket from "ws";
import { startGateway, type TestGateway } from "../support/gateway.js";
import { hold } from "../support/hold.js";
import { codeBlocks, readPage } from "./support/pages.js";

const PAGE = readPage("docs/frontend.md");
const [OPERATIONS = ""] = codeBlocks(PAGE, "graphql");

/** The operations of the page, by name. */
const documents: Record<string, DocumentNode> = Object.fromEntries(
  parse(OPERATIONS).definitions.flatMap((definition) =>
    definition.kind === Kind.OPERATION_DEFINITION
      ? [[definition.name?.value, { kind: Kind.DOCUMENT, definitions: [definition] }]]
      : [],
  ),
);

/** The modules of the page. Their types are those of the libraries. */
// biome-ignore lint/suspicious/noExplicitAny: the snippets are JavaScript
let modules: Record<string, any>;
let folder: string;

beforeAll(async () => {
  mkdirSync("node_modules/.cache", { recursive: true });
  // Inside of the project, whose packages the snippets import.
  folder = resolve(mkdtempSync("node_modules/.cache/frontend-"));
  writeFileSync(join(folder, "package.json"), '{ "type": "module" }');
  const files = codeBlocks(PAGE, "js").map((text) => [/^\/\/ (\S+)\.js\n/.exec(text)?.[1] ?? "", text] as const);
  for (const [name, text] of files) writeFileSync(join(folder, `${name}.js`), text);
  const loaded = files.map(async ([name]) => [name, await import(pathToFileURL(join(folder, `${name}.js`)).href)]);
  modules = Object.fromEntries(await Promise.all(loaded));
  return () => rmSync(folder, { recursive: true });
});

/** The addresses of a gateway as the snippets want them. */
function connection(gateway: TestGateway, token: () => string | Promise<string> = () => gateway.token) {
  const url = `${gateway.url}/graphql`;
  const socket = modules.socket.createSocket({ url: url.replace("http", "ws"), token, webSocketImpl: WebSocket });
  onTestFinished(() => socket.dispose());
  return { url, token: () => gateway.token, socket };
}

async function apolloOf(options: ReturnType<typeof connection>) {
  const client = modules.apollo.createApollo(options);
  onTestFinished(() => client.stop());
  return client;
}

interface Page {
  readonly nodes?: { id: string }[];
  readonly edges?: { node: { id: string } }[];
  readonly pageInfo: { hasNextPage: boolean; endCursor: string };
}

test("codegen makes typed documents of the operations, from the schema of a running gateway", async () => {
  const gateway = await startGateway();
  const config = codeBlocks(PAGE, "yaml")[0]?.replace("http://localhost:4000", gateway.url) ?? "";
  for (const [path, text] of Object.entries({ "codegen.yml": config, "src/all.graphql": OPERATIONS })) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  const cli = resolve("node_modules/@graphql-codegen/cli/esm/bin.js");
  await promisify(execFile)(process.execPath, [cli, "--config", "codegen.yml"], { cwd: folder });

  const generated = readFileSync(join(folder, "src/generated.ts"), "utf8");
  for (const name of Object.keys(documents)) expect(generated).toContain(`export const ${name}Document`);
  expect(generated).toMatch(/createdAt: string/);
});

describe("Apollo Client", () => {
  test("lists that are read as nodes and as edges are joined page by page, side by side", async () => {
    const gateway = await startGateway();
    const client = await apolloOf(connection(gateway));
    const all = gateway.simulator.control.rows("Vm", { in_recycle_bin: false }).map(({ id }) => `Vm:${id}`);
    const idsOf = ({ nodes, edges }: Page) => nodes?.map(({ id }) => id) ?? edges?.map(({ node }) => node.id);

    const lists = ["VmNames", "VmRows"].map((name) => {
      const list = client.watchQuery({ query: documents[name], variables: { first: 15 } });
      const subscription = list.subscribe(() => {});
      onTestFinished(() => subscription.unsubscribe());
      return list;
    });
    const more = async (list: (typeof lists)[number]) => {
      let { pageInfo } = (await list.refetch()).data.vms as Page;
      while (pageInfo.hasNextPage) {
        const { data } = await list.fetchMore({ variables: { after: pageInfo.endCursor } });
        pageInfo = data.vms.pageInfo;
      }
    };
    await Promise.all(lists.map(more));

    for (const list of lists) await expect.poll(() => idsOf(list.getCurrentResult().data.vms)).toEqual(all);
  });

  test("a list follows what happens, also while the connection is broken", async () => {
    const gateway = await startGateway({ env: { TASK_POLL_QUICK_MS: "10", TASK_POLL_SLOW_MS: "10" } });
    const broken = hold();
    let connections = 0;
    const options = connection(gateway, async () => {
      connections += 1;
      if (connections > 1) await broken.released;
      return gateway.token;
    });
    const client = await apolloOf(options);
    const list = client.watchQuery({ query: documents.Snapshots });
    const subscription = list.subscribe(() => {});
    onTestFinished(() => subscription.unsubscribe());
    const names = () =>
      (list.getCurrentResult().data?.vmSnapshots?.nodes ?? []).map(({ name }: { name: string }) => name);
    const errors: unknown[] = [];
    const stop = modules.live.followSnapshots({
      ...options,
      client,
      documents,
      onError: (error: unknown) => errors.push(error),
    });
    onTestFinished(stop);
    const take = (name: string) =>
      gateway.data<{ createVmSnapshot: { snapshot: { id: string } } }>(
        `mutation { createVmSnapshot(input: {vmId: "clre5s001002y0822q6q4nsi9", name: "${name}"}) { snapshot { id } } }`,
      );
    const settle = () => gateway.simulator.advance(5_000);

    await expect.poll(names).not.toEqual([]);
    const { createVmSnapshot: first } = await take("live-1");
    settle();
    await expect.poll(names).toContain("live-1");

    options.socket.terminate();
    await expect.poll(() => connections).toBe(2);
    await gateway.data(`mutation { deleteVmSnapshots(input: {ids: ["${first.snapshot.id}"]}) { errors { code } } }`);
    settle();
    await take("live-2");
    settle();
    expect(names()).toContain("live-1");
    broken.release();

    await expect.poll(names).toContain("live-2");
    await expect.poll(names).not.toContain("live-1");
    expect(errors).toEqual([]);
  });
});

test("urql queries, and subscribes over the socket", async () => {
  const gateway = await startGateway();
  const client = modules.urql.createUrql(connection(gateway));

  const { data, error } = await client.query(documents.VmNames, { first: 2 }).toPromise();
  const event = await new Promise<{ data: { vmSnapshotEvents: { kind: string } } }>((done) => {
    const { unsubscribe } = client.subscription(documents.FollowSnapshots, {}).subscribe((result: never) => {
      done(result);
      setImmediate(() => unsubscribe());
    });
  });

  expect(error).toBeUndefined();
  expect(data.vms.nodes).toHaveLength(2);
  expect(event.data.vmSnapshotEvents.kind).toBe("BOOKMARK");
});

test("Relay's environment queries, and subscribes over the socket", async () => {
  const gateway = await startGateway();
  const network = modules.environment.createEnvironment(connection(gateway)).getNetwork();
  const run = (name: string, variables: object) =>
    new Promise<{ data: Record<string, never> }>((next, error) => {
      const document = documents[name] as DocumentNode;
      const text = print(document);
      const subscription = network
        .execute(
          { name, text, operationKind: /^subscription/.test(text) ? "subscription" : "query", metadata: {} },
          variables,
          {},
        )
        .subscribe({
          error,
          next: (result: never) => {
            next(result);
            setImmediate(() => subscription.unsubscribe());
          },
        });
    });

  expect((await run("VmRows", { first: 2 })).data).toMatchObject({ vms: { edges: [{}, {}] } });
  expect((await run("FollowSnapshots", {})).data).toMatchObject({ vmSnapshotEvents: { kind: "BOOKMARK" } });
});
