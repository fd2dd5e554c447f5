import { execFile, spawn } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { clientsFile } from "../support/clients-file.js";
import { startGateway, type TestGateway } from "../support/gateway.js";
import { startNetwork } from "./support/unreliable-network.js";

const MAIN = "clients/cli/dist/main.js";

interface Result {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs the built command line; `npm test` builds before it tests. */
function run(args: readonly string[], env: Record<string, string> = {}, input = ""): Promise<Result> {
  return new Promise((resolve) => {
    const options = { env: { PATH: process.env.PATH ?? "", ...env } };
    const child = execFile(process.execPath, [MAIN, ...args], options, (error, stdout, stderr) =>
      resolve({ code: error === null ? 0 : Number(error.code), stdout, stderr }),
    );
    child.stdin?.end(input);
  });
}

/** A gateway, and the command line for it as the simulator's administrator. */
async function start() {
  const settings = { TASK_POLL_QUICK_MS: "10", WRITE_VERIFY_SECONDS: "1" };
  const gateway = await startGateway({ simulator: { taskSeconds: 1 }, env: settings });
  const env = { TOWERQL_URL: `${gateway.url}/graphql`, TOWERQL_TOKEN: gateway.token };
  return { gateway, env, towerql: (...args: string[]) => run(args, env) };
}

async function vmIdOf(gateway: TestGateway, name: string): Promise<string> {
  const query = "query ($name: String!) { vms(filter: { name: { eq: $name } }) { nodes { id } } }";
  return (await gateway.data<{ vms: { nodes: { id: string }[] } }>(query, { name })).vms.nodes[0]?.id ?? "";
}

/** Global ids of a VM and of one of its snapshots. */
async function vmAndSnapshot(gateway: TestGateway): Promise<[vmId: string, snapshotId: string]> {
  const vmId = await vmIdOf(gateway, "web-prod-01");
  const [snapshot] = gateway.simulator.control.rows("VmSnapshot", { vm: { id: vmId.replace("Vm:", "") } });
  return [vmId, `VmSnapshot:${snapshot?.id}`];
}

describe("towerql", () => {
  let help: Result;
  beforeAll(async () => {
    help = await run(["--help"]);
  });

  test("teaches with its help", () => {
    expect(help.code).toBe(0);
    for (const command of [
      "vms",
      "graph",
      "snapshot",
      "orphans",
      "plan",
      "protection",
      "events",
      "login",
      "keys",
      "completion",
    ]) {
      expect(help.stdout).toMatch(new RegExp(`^ {2}${command}\\b`, "m"));
    }
  });

  test("lists VMs as a table and as JSON", async () => {
    const { towerql } = await start();
    const { stdout } = await towerql("vms", "web-prod");
    const [heading, ...lines] = stdout.trim().split("\n");

    expect(heading).toMatch(/^NAME +STATUS +VCPU +MEMORY +ADDRESSES +CLUSTER +ID$/);
    expect(lines[0]).toMatch(/^web-prod-01 +RUNNING /);
    expect((await towerql("vms", "--limit", "2")).stderr).toContain("more than 2");
    expect(JSON.parse((await towerql("vms", "--limit", "2", "--json")).stdout)).toHaveLength(2);
  });

  test("shows what is not protected, as a table and as JSON, with an exit code for cron", async () => {
    const { towerql } = await start();
    const { code, stdout } = await towerql("protection");
    expect(code).toBe(0);
    expect(stdout).toMatch(/^CLUSTER +PROTECTED +STALE +UNPROTECTED +UNKNOWN\n/);
    expect(stdout).toMatch(/^SH-PROD-01 +[1-9]/m);
    expect(stdout).toMatch(
      /^dev-sandbox +BJ-DEV-01 +STALE +20\S+ +RESTORE_POINT +OLD_COPY PLAN_NOT_EXECUTED PLAN_FAILED +Vm:/m,
    );

    const args = ["protection", "--cluster", "BJ-DEV-01", "--older-than", "90d", "--state", "unprotected", "--json"];
    const json = await towerql(...args, "--fail-on", "unknown");
    expect(json.code).toBe(0);
    const { byCluster, UNPROTECTED } = JSON.parse(json.stdout) as { byCluster: object[]; UNPROTECTED: object[] };
    expect(byCluster).toMatchObject([{ cluster: { name: "BJ-DEV-01" }, unknown: 0 }]);
    expect(UNPROTECTED[0]).toMatchObject({
      name: expect.any(String),
      protection: { reasons: [{ code: "NO_COPY" }, {}] },
    });
    expect((await towerql(...args, "--fail-on", "stale,unprotected")).code).toBe(5);
    for (const failing of [[], ["--fail-on", "unknown"]]) {
      expect(await towerql("protection", "--cluster", "BJ-DEV-1", ...failing)).toMatchObject({
        code: 1,
        stdout: "",
        stderr: "No cluster is named BJ-DEV-1.\n",
      });
    }
    expect(await towerql("protection", "--older-than", "soon")).toMatchObject({
      code: 2,
      stderr: expect.stringContaining("such as 26h"),
    });
  });

  test("creates snapshots, waits, lists them, plans, and deletes them; the same command finds the same ones", async () => {
    const { towerql, gateway } = await start();
    const create = (name: string) => towerql("snapshot", "create", "web-prod-01", "--name", name, "--wait", "--json");
    const created = await create("one");
    expect(created).toMatchObject({ code: 0, stderr: expect.stringContaining("web-prod-01 SUCCEEDED 100 %") });
    const [{ snapshot }] = JSON.parse(created.stdout) as [{ snapshot: { id: string; created: boolean } }];
    expect(snapshot.created).toBe(true);
    expect(JSON.parse((await create("one")).stdout)).toMatchObject([{ snapshot: { id: snapshot.id, created: false } }]);
    const [{ snapshot: later }] = JSON.parse((await create("two")).stdout) as [{ snapshot: { id: string } }];

    expect((await towerql("snapshot", "ls", "web-prod-01")).stdout).toMatch(
      /^web-prod-01 +two [\s\S]*\nweb-prod-01 +one /m,
    );
    const vmId = await vmIdOf(gateway, "web-prod-01");
    const plan = await towerql("plan", vmId, "--since", snapshot.id, "--to", later.id);
    expect(plan.stdout).toMatch(/^1 .* INCREMENTAL .*\n2 .* INCREMENTAL /m);
    const { stdout: tree } = await towerql("graph", "web-prod-01");
    expect(tree).toMatch(
      /^VM web-prod-01, RUNNING\n├─ disk \w+:k\d+\n│ {2}└─ volume .*\n│ {5}└─ LUN .*\n│ {8}└─ ZBS volume /,
    );
    expect(tree).toMatch(/ snapshot two, [\s\S]* LUN snapshot /);

    expect(await towerql("snapshot", "rm", snapshot.id, later.id)).toMatchObject({ code: 0, stdout: "deleted: 2\n" });
  });

  test("lists snapshots that may have been left behind, with what they occupy", async () => {
    const { towerql } = await start();
    const { stdout, code } = await towerql("orphans");
    expect(code).toBe(0);
    expect(stdout).toMatch(/^VM +NAME +TAKEN AT +REASON +OWNER +UNIQUE SIZE +ID\n/);
    expect(stdout).toMatch(/^web-prod-01 +daily-2 +\S+ +NO_LEASE +- +\S+ [KMGTP]iB +VmSnapshot:/m);
    const limited = await towerql("orphans", "--limit", "2", "--json");
    expect(JSON.parse(limited.stdout)).toHaveLength(2);
    expect(limited.stderr).toContain("more");
    expect((await towerql("orphans", "--owner", "nobody")).stdout).not.toContain("NO_LEASE");
    expect((await towerql("orphans", "--older-than-days", "1000", "--json")).stdout).toBe("[]\n");
    expect((await towerql("orphans", "--older-than-days", "x")).code).toBe(2);
  });

  test("is not misled by a mistyped id or name: it exits with 1 and says what does not exist", async () => {
    const { towerql } = await start();
    const since = ["--since", "VmSnapshot:a", "--to", "VmSnapshot:b"];
    for (const vm of ["Vm:mistyped", "mistyped"]) {
      for (const args of [
        ["graph", vm],
        ["plan", vm, ...since],
        ["snapshot", "ls", vm],
        ["snapshot", "ls", vm, "--json"],
      ]) {
        const { code, stdout, stderr } = await towerql(...args);
        expect({ code, stdout, stderr }, args.join(" ")).toMatchObject({ code: 1, stdout: "" });
        expect(stderr, args.join(" ")).toMatch(/No VM .*mistyped/);
      }
      const created = await towerql("snapshot", "create", vm, "--name", "n");
      expect({ code: created.code, stderr: created.stderr }, vm).toEqual({
        code: 1,
        stderr: expect.stringContaining("mistyped"),
      });
    }
    expect(await towerql("snapshot", "rm", "VmSnapshot:mistyped")).toEqual({
      code: 0,
      stdout: "deleted: 0\n",
      stderr: "VmSnapshot:mistyped: there is no such snapshot.\n",
    });
  });

  test("restores as a new VM, unless there is one of the name", async () => {
    const { towerql, gateway } = await start();
    const [, snapshotId] = await vmAndSnapshot(gateway);

    expect(await towerql("snapshot", "restore", snapshotId)).toMatchObject({ code: 2 });
    const restore = () => towerql("snapshot", "restore", snapshotId, "--as", "restored");
    expect(await restore()).toMatchObject({ code: 0, stdout: expect.stringContaining("Task:") });
    gateway.simulator.advance(10_000);
    expect(await restore()).toMatchObject({
      code: 1,
      stdout: "",
      stderr: expect.stringMatching(/^A VM is named "restored" already: Vm:/),
    });
    expect(gateway.simulator.calls.count("rebuild-vm-from-snapshot")).toBe(1);
  });

  test("exits with 4 if a write may have been done, and never advises to restore again", async () => {
    const { towerql, gateway, env } = await start();
    const [vmId, snapshotId] = await vmAndSnapshot(gateway);
    const restores = [
      ["--as", "restored", "second VM"],
      ["--roll-back", vmId, "second rollback"],
    ] as const;
    const write = /^(rebuild|rollback|delete)-vm/;
    const mend = gateway.simulator.faults.add({ operation: write, effect: { kind: "reset" } });
    for (const [kind, target, advice] of restores) {
      const { code, stderr } = await towerql("snapshot", "restore", snapshotId, kind, target);
      expect({ code, stderr }).toMatchObject({ code: 4, stderr: expect.stringMatching(`\n.*Look .*${advice}`) });
    }
    expect(await towerql("snapshot", "rm", snapshotId)).toMatchObject({ code: 4 });
    mend();

    const network = await startNetwork(gateway.app.port);
    await network.fail("cut");
    const args = ["snapshot", "restore", snapshotId, "--roll-back", vmId];
    expect(await run(args, { ...env, TOWERQL_URL: network.url })).toMatchObject({
      code: 4,
      stderr: expect.stringMatching(/^No response to the mutation.*\n.*Look /),
    });
    expect((await run(["snapshot", "restore", "--help"])).stdout).toContain("do not simply run it again");
  });

  test("waits for a lock longer than for a response, and is refused if it is not released", async () => {
    const { gateway, env } = await start();
    const [vmId, snapshotId] = await vmAndSnapshot(gateway);
    gateway.simulator.control.patch("Vm", vmId.replace("Vm:", ""), { entityAsyncStatus: "UPDATING" });
    // The 60 s after which the client gives a response up pass in no time.
    const hasty =
      "const { setTimeout: wait } = globalThis; globalThis.setTimeout = (f, ms) => wait(f, ms === 6e4 ? 9 : ms);";
    const at = { ...env, NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(hasty)}` };

    for (const args of [
      ["rm", snapshotId],
      ["restore", snapshotId, "--roll-back", vmId],
    ]) {
      expect(await run(["snapshot", ...args, "--max-wait", "1"], at)).toMatchObject({
        code: 1,
        stderr: expect.stringContaining("lock"),
      });
    }
    expect(await run(["snapshot", "rm", snapshotId, "--max-wait", "301"])).toMatchObject({ code: 2 });
  });

  test.each([
    [["snapshot", "create", "nobody", "--name", "n"], 1, "No VM is named nobody"],
    [["snapshot", "create", "Vm:gone", "--name", "n"], 1, "Vm:gone: "],
    [["vmz"], 2, "unknown command"],
    [["vms", "--limit", "0"], 2, "1 or more"],
    [["vms", "--url", "tower"], 2, "no address"],
  ])("%j exits with %i and says why", async (args, code, message) => {
    const { towerql } = await start();
    expect(await towerql(...args)).toMatchObject({ code, stderr: expect.stringContaining(message) });
  });

  test("stops with 130 at the interrupt key", async () => {
    const { env, gateway } = await start();
    const child = spawn(process.execPath, [MAIN, "events", "--follow"], { env: { ...process.env, ...env } });
    onTestFinished(() => void child.kill("SIGKILL"));
    await gateway.simulator.calls.next("get-vm-snapshots");
    child.kill("SIGINT");

    expect(await new Promise((resolve) => child.once("exit", resolve))).toBe(130);
  });

  test("stores what it has tried, for its owner alone, and uses it for that gateway only", async () => {
    const { env } = await start();
    const home = mkdtempSync(join(tmpdir(), "towerql-"));
    onTestFinished(() => rmSync(home, { recursive: true }));
    const file = join(home, "towerql", "settings.json");
    const at = { XDG_CONFIG_HOME: home };

    const refused = await run(["login", "--url", env.TOWERQL_URL], at, "wrong-token\n");
    expect(refused.code).toBe(1);
    expect(existsSync(file)).toBe(false);
    const stored = await run(["login", "--url", env.TOWERQL_URL], at, `${env.TOWERQL_TOKEN}\n`);
    expect(stored).toMatchObject({ code: 0, stdout: expect.stringContaining("TowerQL ") });
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(JSON.parse(readFileSync(file, "utf8"))).toEqual({ url: env.TOWERQL_URL, token: env.TOWERQL_TOKEN });
    expect(await run(["vms", "--json"], at)).toMatchObject({ code: 0 });
    expect(await run(["vms", "--json", "--url", `${env.TOWERQL_URL}?`], at)).toMatchObject({ code: 1 });
  });

  test("makes API keys: other ones each time, whose hash the gateway takes from its file", async () => {
    const made = [await run(["keys", "new", "--json"]), await run(["keys", "new", "--json"])];
    const keys = made.map(({ stdout }) => JSON.parse(stdout) as { key: string; keySha256: string });
    expect(new Set(keys.map(({ key }) => key)).size).toBe(2);
    const [{ key, keySha256 }] = keys as [{ key: string; keySha256: string }];
    expect(key).toMatch(/^towerql_[\w-]{43}$/);
    expect((await run(["keys", "new"])).stdout).toMatch(/^key {8}towerql_[\w-]{43}\nkeySha256 {2}[\da-f]{64}\n$/);

    const file = clientsFile([]);
    writeFileSync(file.path, JSON.stringify([{ name: "cli", keySha256, role: "read" }]));
    const gateway = await startGateway({ env: file.env });
    const env = { TOWERQL_URL: `${gateway.url}/graphql`, TOWERQL_TOKEN: key };
    expect(await run(["vms", "--json", "--limit", "1"], env)).toMatchObject({ code: 0 });
    expect(await run(["snapshot", "create", "web-prod-01", "--name", "no"], env)).toMatchObject({
      code: 1,
      stderr: expect.stringContaining("needs the role snapshot"),
    });
  });

  test("completes commands in bash", async () => {
    const { stdout } = await run(["completion", "bash"]);
    const script = `${stdout}\nCOMP_WORDS=(towerql snapshot cr); COMP_CWORD=2; _towerql; echo "\${COMPREPLY[@]}"
      COMP_WORDS=(towerql gr); COMP_CWORD=1; _towerql; echo "\${COMPREPLY[@]}"
      COMP_WORDS=(towerql snapshot create web --w); COMP_CWORD=4; _towerql; echo "\${COMPREPLY[@]}"`;
    const completed = await new Promise((resolve) => execFile("bash", ["-c", script], (_, words) => resolve(words)));
    expect(completed).toBe("create\ngraph\n--wait\n");
  });
});
