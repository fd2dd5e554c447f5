import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, onTestFinished, test } from "vitest";

let root: string;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "ensure-"));
  cpSync("scripts/ensure.mjs", join(root, "scripts/ensure.mjs"));
  for (const [file, text] of Object.entries(PROJECT)) write(file, text);
});

afterEach(() => rmSync(root, { recursive: true }));

describe("ensure", () => {
  test("installs, builds and runs on a fresh clone", () => {
    const { status, stdout } = ensure("dist/main.js", "--port", "1");
    expect(ran()).toEqual(["npm ci --include=dev", "tsc", "tsc clients/cli", "vite"]);
    expect(stdout).toBe("main --port 1\n");
    expect(status).toBe(7);
  });

  test("only runs if nothing has changed", () => {
    ensure();
    ran();
    expect(ensure("dist/main.js").stdout).toBe("main \n");
    expect(ran()).toEqual([]);
  });

  test("builds only what has changed", () => {
    ensure();
    ran();
    write("src/main.ts", 'console.log("changed");');
    expect(ensure("dist/main.js").stdout).toBe("changed\n");
    expect(ran()).toEqual(["tsc"]);
    write("src/graphiql/main.tsx", "changed");
    ensure();
    expect(ran()).toEqual(["vite"]);
    write("docs/events.md", "changed");
    ensure();
    expect(ran()).toEqual(["vite"]);
    write("clients/cli/src/main.ts", "changed");
    ensure();
    expect(ran()).toEqual(["tsc clients/cli"]);
    write("clients/typescript/src/index.ts", "changed");
    ensure();
    expect(ran()).toEqual(["tsc clients/cli", "vite"]);
  });

  test("removes the output of a deleted source", () => {
    write("src/old.ts", "");
    ensure();
    expect(existsSync(join(root, "dist/old.js"))).toBe(true);
    rmSync(join(root, "src/old.ts"));
    ensure();
    expect(existsSync(join(root, "dist/old.js"))).toBe(false);
    expect(existsSync(join(root, "dist/graphiql/index.html"))).toBe(true);
  });

  test("installs again if the lock file has another version or a package is missing", () => {
    ensure();
    write("package-lock.json", lockFile({ ...PACKAGES, "node_modules/typescript": { version: "2.0.0" } }));
    ran();
    ensure();
    expect(ran()).toEqual(["npm ci --include=dev", "tsc", "tsc clients/cli", "vite"]);
    rmSync(join(root, "node_modules/vite"), { recursive: true });
    ensure();
    expect(ran()).toEqual(["npm ci --include=dev"]);
  });

  test("installs again after an installation that was interrupted", () => {
    ensure();
    rmSync(join(root, "node_modules/.package-lock.json"));
    ran();
    ensure();
    expect(ran()).toEqual(["npm ci --include=dev"]);
  });

  test("does not run if the build fails, reports it, and tries again the next time", () => {
    ensure();
    write("src/main.ts", "type error");
    for (const _attempt of [1, 2]) {
      const { status, stdout, stderr } = ensure("dist/main.js");
      expect(stderr).toContain("towerql: building the server failed (exit code 2)");
      expect(stdout).toBe("");
      expect(status).toBe(1);
    }
  });

  test("stops if the installation fails, and reports it", () => {
    write("offline", "");
    const { status, stderr } = ensure("dist/main.js");
    expect(stderr).toContain("towerql: npm ci failed (exit code 1). Is the package registry reachable?");
    expect(ran()).toEqual(["npm ci --include=dev"]);
    expect(status).toBe(1);
  });

  test("takes over abandoned locks, whatever they hold", async () => {
    const locks = {
      "of its own process id": 'printf "$$" > dist/.ensure/lock',
      "of a process that runs": `printf "${process.pid}" > dist/.ensure/lock`,
      "of a process that has exited": "(printf $BASHPID) > dist/.ensure/lock",
      "that is empty": ": > dist/.ensure/lock",
      "from the future": "touch -d 2100-01-01 dist/.ensure/lock",
    };
    mkdirSync(join(root, "dist/.ensure"), { recursive: true });
    // Each in a project of its own, all at once: a lock is respected for some seconds.
    const ends = Object.entries(locks).map(async ([name, leave]) => {
      const project = mkdtempSync(join(tmpdir(), "ensure-"));
      onTestFinished(() => rmSync(project, { recursive: true }));
      cpSync(root, project, { recursive: true });
      const script = `cd "$1" && ${leave} && exec "$2" scripts/ensure.mjs dist/main.js`;
      const env = { ...process.env, npm_execpath: join(project, "npm-cli.cjs") };
      const child = spawn("bash", ["-c", script, "bash", project, process.execPath], { env });
      let stderr = "";
      child.stderr.on("data", (chunk) => {
        stderr += chunk;
      });
      const [status] = await once(child, "close");
      const waited = stderr.includes("waiting for another process");
      return { name, status, waited, isLocked: existsSync(join(project, "dist/.ensure/lock")) };
    });

    expect(await Promise.all(ends)).toEqual(
      Object.keys(locks).map((name) => ({ name, status: 7, waited: true, isLocked: false })),
    );
  });

  test("waits for a lock as long as its holder runs, and installs and builds only once", async () => {
    // Much longer than an abandoned lock is respected.
    write("slow", "8000");
    const runs = [1, 2].map(
      () =>
        new Promise((resolve) => {
          const child = spawn(process.execPath, [join(root, "scripts/ensure.mjs"), "dist/main.js"], {
            env: environment(),
          });
          child.once("exit", resolve);
        }),
    );

    expect(await Promise.all(runs)).toEqual([7, 7]);
    expect(ran()).toEqual(["npm ci --include=dev", "tsc", "tsc clients/cli", "vite"]);
    expect(readdirSync(join(root, "dist/.ensure")).filter((file) => file.startsWith("lock"))).toEqual([]);
  });
});

const PACKAGES: Record<string, unknown> = {
  "node_modules/typescript": { version: "1.0.0" },
  "node_modules/vite": { version: "1.0.0" },
  "node_modules/for-another-machine": { version: "1.0.0", optional: true },
};

/** A project whose npm, tsc and vite log that they ran and write the files that the real ones would. */
const PROJECT = {
  "package-lock.json": lockFile(PACKAGES),
  "tsconfig.json": "{}",
  "src/main.ts": 'console.log("main", process.argv.slice(2).join(" ")); process.exitCode = 7;',
  "src/graphiql/main.tsx": "",
  "clients/typescript/tsconfig.json": "{}",
  "clients/cli/tsconfig.json": "{}",
  "clients/typescript/src/index.ts": "",
  "npm-cli.cjs": `
    const fs = require("node:fs");
    fs.appendFileSync("ran", "npm " + process.argv.slice(2, 4).join(" ") + "\\n");
    if (fs.existsSync("offline")) process.exit(1);
    if (fs.existsSync("slow")) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, Number(fs.readFileSync("slow")));
    fs.cpSync("tools", "node_modules", { recursive: true });
    const { packages } = JSON.parse(fs.readFileSync("package-lock.json", "utf8"));
    for (const path of ["", "node_modules/for-another-machine"]) delete packages[path];
    fs.writeFileSync("node_modules/.package-lock.json", JSON.stringify({ packages }));`,
  "tools/typescript/bin/tsc": `
    const fs = require("node:fs");
    const project = process.argv[3];
    fs.appendFileSync("ran", project === "tsconfig.json" ? "tsc\\n" : "tsc " + project + "\\n");
    if (project !== "tsconfig.json") {
      fs.mkdirSync(project + "/dist", { recursive: true });
      fs.writeFileSync(project + "/dist/main.js", "");
      process.exit();
    }
    if (fs.readFileSync("src/main.ts", "utf8") === "type error") process.exit(2);
    for (const file of fs.readdirSync("src").filter((file) => file.endsWith(".ts")))
      fs.copyFileSync("src/" + file, "dist/" + file.replace(/ts$/, "js"));`,
  "tools/vite/bin/vite.js": `
    const fs = require("node:fs");
    fs.appendFileSync("ran", "vite\\n");
    fs.mkdirSync("dist/graphiql", { recursive: true });
    fs.writeFileSync("dist/graphiql/index.html", "");`,
};

function lockFile(packages: Record<string, unknown>): string {
  return JSON.stringify({ packages: { "": {}, ...packages } });
}

function ensure(...args: string[]) {
  return spawnSync(process.execPath, [join(root, "scripts/ensure.mjs"), ...args], {
    encoding: "utf8",
    env: environment(),
  });
}

function environment() {
  return { ...process.env, npm_execpath: join(root, "npm-cli.cjs") };
}

/** Tools that ran since the last call. */
function ran(): string[] {
  const file = join(root, "ran");
  if (!existsSync(file)) return [];
  const lines = readFileSync(file, "utf8").trimEnd().split("\n");
  rmSync(file);
  // The builds run in parallel, in either order.
  return lines.sort();
}

function write(file: string, text: string): void {
  mkdirSync(dirname(join(root, file)), { recursive: true });
  writeFileSync(join(root, file), text);
}
