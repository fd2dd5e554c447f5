import { execFile } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { promisify } from "node:util";
import { parse } from "graphql";
import { expect, onTestFinished, test } from "vitest";
import { startGateway } from "../support/gateway.js";

const SCHEMA = readFileSync("schema.graphql", "utf8");

/** Result of Relay's compiler for the small project in `relay/`. */
interface Compiled {
  readonly ok: boolean;
  readonly output: string;
  /** Operations by name, as Relay's runtime would send them. */
  readonly operations: ReadonlyMap<string, string>;
  readonly artifacts: readonly string[];
}

/** Runs the real compiler on a copy of the project. */
async function compile(schema: string): Promise<Compiled> {
  const folder = mkdtempSync(join(tmpdir(), "towerql-relay-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  cpSync(join(import.meta.dirname, "relay"), folder, { recursive: true });
  mkdirSync(join(folder, "artifacts"));
  writeFileSync(join(folder, "schema.graphql"), schema);
  writeFileSync(join(folder, "operations.json"), "{}");
  const compiler = [resolve("node_modules/relay-compiler/cli.js"), "--noWatchman", "relay.config.json"];
  const { ok, output } = await promisify(execFile)(process.execPath, compiler, { cwd: folder }).then(
    ({ stdout, stderr }) => ({ ok: true, output: stdout + stderr }),
    ({ stdout, stderr }: { stdout: string; stderr: string }) => ({ ok: false, output: stdout + stderr }),
  );
  const texts = Object.values(JSON.parse(readFileSync(join(folder, "operations.json"), "utf8")) as object) as string[];
  return {
    ok,
    output,
    operations: new Map(texts.map((text) => [nameOf(text), text])),
    artifacts: readdirSync(join(folder, "artifacts")),
  };
}

function nameOf(text: string): string {
  const [name] = parse(text).definitions.flatMap((definition) =>
    definition.kind === "OperationDefinition" ? [definition.name?.value ?? ""] : [],
  );
  return name ?? "";
}

test("Relay's compiler accepts fragments, connections in both directions, refetching, mutations and subscriptions", async () => {
  const { ok, output, artifacts, operations } = await compile(SCHEMA);

  expect(output).not.toMatch(/error/i);
  expect(ok).toBe(true);
  expect(artifacts).toHaveLength(17);
  expect([...operations.keys()].sort()).toEqual([
    "diskRefetchQuery",
    "diskStorageVolumeQuery",
    "snapshotsCreateMutation",
    "snapshotsPaginationQuery",
    "snapshotsTaskSubscription",
    "snapshotsTasksQuery",
    "vmListPaginationQuery",
    "vmListQuery",
    "vmRowRefetchQuery",
  ]);
});

test("Relay's compiler refuses connections whose edges have no cursor", async () => {
  const { ok, output } = await compile(SCHEMA.replace(/(type VmEdge \{[^}]*?)cursor: String!/, "$1position: String!"));

  expect(ok).toBe(false);
  expect(output).toContain("vms");
});

test("Relay's queries page forward through a list and refetch objects by id", async () => {
  const { operations } = await compile(SCHEMA);
  const gateway = await startGateway();
  type Page = {
    vms: {
      edges: { node: { id: string; disks: { id: string }[] } }[];
      pageInfo: { endCursor: string; hasNextPage: boolean };
    };
  };

  const vms: { id: string; disks: { id: string }[] }[] = [];
  for (let after: string | null = null; ; ) {
    const { vms: page }: Page = await gateway.data<Page>(operations.get("vmListPaginationQuery") ?? "", {
      first: 15,
      after,
    });
    vms.push(...page.edges.map((edge) => edge.node));
    if (!page.pageInfo.hasNextPage) break;
    after = page.pageInfo.endCursor;
  }
  expect(new Set(vms.map((vm) => vm.id)).size).toBe(
    gateway.simulator.control.rows("Vm", { in_recycle_bin: false }).length,
  );

  const vm = vms.find((candidate) => candidate.disks.length > 0);
  const refetched = await gateway.data<{ node: { id: string; disks: { id: string }[] } }>(
    operations.get("vmRowRefetchQuery") ?? "",
    { id: vm?.id },
  );
  expect(refetched.node).toMatchObject({ __typename: "Vm", id: vm?.id, disks: vm?.disks.map(({ id }) => ({ id })) });

  const disk = await gateway.data(operations.get("diskRefetchQuery") ?? "", { id: vm?.disks[0]?.id });
  expect(disk).toMatchObject({ node: { __typename: "VmDisk", id: vm?.disks[0]?.id } });
});

test("Relay's queries page backward from the end of a list", async () => {
  const { operations } = await compile(SCHEMA);
  const gateway = await startGateway();
  const text = operations.get("snapshotsTasksQuery") ?? "";
  type Page = {
    tasks: { edges: { node: { id: string } }[]; pageInfo: { startCursor: string; hasPreviousPage: boolean } };
  };

  const ids: string[] = [];
  for (let before: string | null = null; ; ) {
    const { tasks }: Page = await gateway.data<Page>(text, { last: 5, before });
    ids.unshift(...tasks.edges.map((edge) => edge.node.id));
    if (!tasks.pageInfo.hasPreviousPage) break;
    before = tasks.pageInfo.startCursor;
  }

  expect(ids).toEqual(gateway.simulator.control.rows("Task").map((task) => `Task:${task.id}`));
});
