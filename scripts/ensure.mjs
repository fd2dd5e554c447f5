// Installs the packages of the lock file and builds what has changed, then runs a program in this same process, so that
// it gets the signals and sets the exit code.
// Usage: node scripts/ensure.mjs [<program> [<argument>...]]
import { spawn } from "node:child_process";
import { createHash, randomUUID } from "node:crypto";
import {
  existsSync,
  linkSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { basename, join, resolve, sep } from "node:path";
import { pathToFileURL } from "node:url";

const STATE = "dist/.ensure";
const LOCK_FILE = join(STATE, "lock");
const POLL_MS = 200;
/** Several times shorter than the next, for a holder that is slow. */
const RENEW_MS = 500;
const ABANDONED_MS = 5_000;
const PAGE = `src${sep}graphiql`;
const CLIENTS = ["typescript", "cli"].map((name) => join("clients", name));
const SIGNALS = ["SIGINT", "SIGTERM"];

/** The builds: input files, command, and the file whose absence shows that it must be built. */
const builds = [
  {
    name: "server",
    inputs: () => ["tsconfig.json", ...filesBelow("src").filter((file) => !file.startsWith(PAGE + sep))],
    command: ["node_modules/typescript/bin/tsc", "-p", "tsconfig.json"],
    result: "dist/main.js",
    after: removeOrphans,
  },
  {
    name: "GraphiQL page",
    inputs: () => [
      "tsconfig.json",
      ...filesBelow(PAGE),
      // The tasks view follows events with the client, and the page has the documentation.
      ...filesBelow(join("clients", "typescript", "src")),
      ...filesBelow("docs").filter((file) => file.endsWith(".md")),
    ],
    command: ["node_modules/vite/bin/vite.js", "build", "src/graphiql"],
    result: "dist/graphiql/index.html",
  },
  {
    name: "client package and the command line",
    inputs: () => [
      "tsconfig.json",
      ...CLIENTS.flatMap((folder) => [join(folder, "tsconfig.json"), ...filesBelow(join(folder, "src"))]),
    ],
    command: ["node_modules/typescript/bin/tsc", "--build", join("clients", "cli")],
    result: join("clients", "cli", "dist", "main.js"),
  },
];

process.chdir(resolve(import.meta.dirname, ".."));
requireNode(20, 19);
if (!isInstalled() || builds.some((build) => !isBuilt(build))) {
  const unlock = await lock();
  try {
    // Check again: the previous holder of the lock may have done the work.
    if (!isInstalled()) await install();
    const stale = builds.filter((build) => !isBuilt(build));
    const results = await Promise.allSettled(stale.map(run));
    const failures = results.filter(({ status }) => status === "rejected");
    if (failures.length > 0) throw new Error(failures.map(({ reason }) => reason.message).join("; "));
  } catch (error) {
    console.error(`towerql: ${error.message}`);
    process.exitCode = 1;
  } finally {
    unlock();
  }
}

const [program, ...args] = process.argv.slice(2);
if (program && !process.exitCode) {
  process.argv.splice(1, process.argv.length, resolve(program), ...args);
  await import(pathToFileURL(resolve(program)).href);
}

/** True if node_modules has exactly the packages of package-lock.json. npm writes its own list last, so an interrupted install has none. */
function isInstalled() {
  if (!existsSync("node_modules/.package-lock.json")) return false;
  const { "": _project, ...wanted } = readJson("package-lock.json").packages;
  const found = readJson("node_modules/.package-lock.json").packages;
  return (
    Object.keys(found).every((path) => path in wanted) &&
    Object.entries(wanted).every(([path, { version, integrity, optional }]) =>
      // Optional packages are mostly binaries for other machines.
      found[path] === undefined
        ? optional === true
        : found[path].version === version && found[path].integrity === integrity && existsSync(path),
    )
  );
}

async function install() {
  console.error("towerql: installing packages (npm ci) ...");
  // The build needs the development packages, even if NODE_ENV=production would omit them.
  const npm = process.env.npm_execpath ?? "";
  const [command, first] = basename(npm).startsWith("npm-cli") ? [process.execPath, [npm]] : ["npm", []];
  await execute(
    command,
    [...first, "ci", "--include=dev", "--no-audit", "--no-fund", "--loglevel=error"],
    "npm ci",
  ).catch((error) => {
    throw new Error(`${error.message}. Is the package registry reachable? Run "npm ci" to see the details.`);
  });
}

/** True if the build was made from the current files with the current packages. */
function isBuilt(build) {
  return (
    existsSync(build.result) && existsSync(stampOf(build)) && readFileSync(stampOf(build), "utf8") === digest(build)
  );
}

async function run(build) {
  console.error(`towerql: building the ${build.name} ...`);
  const stamp = digest(build);
  rmSync(stampOf(build), { force: true });
  await execute(process.execPath, build.command, `building the ${build.name}`);
  build.after?.();
  writeFileSync(stampOf(build), stamp);
}

function stampOf(build) {
  return join(STATE, build.name.replaceAll(" ", "-"));
}

function digest(build) {
  const hash = createHash("sha256");
  for (const file of ["package-lock.json", ...build.inputs()]) {
    const content = readFileSync(file);
    hash.update(`${file}\0${content.length}\0`).update(content);
  }
  return hash.digest("hex");
}

/** tsc keeps the output of deleted sources, and a test or an import could still find it. */
function removeOrphans() {
  for (const file of filesBelow("dist")) {
    const source = file.match(/^dist(.+)\.js(?:\.map)?$/)?.[1];
    if (source === undefined || file.startsWith(`dist${sep}graphiql${sep}`)) continue;
    if (!existsSync(`src${source}.ts`) && !existsSync(`src${source}.tsx`)) rmSync(file);
  }
}

/**
 * One process at a time installs and builds; the others wait.
 *
 * The holder renews its lock all the time. One that is not renewed is abandoned: neither a process id, which repeats in containers,
 * nor the clock, which may be set, tells whether its holder runs.
 */
async function lock() {
  mkdirSync(STATE, { recursive: true });
  const token = randomUUID();
  const mine = `${LOCK_FILE}.${token}`;
  writeFileSync(mine, token);
  try {
    await acquire(mine);
  } finally {
    rmSync(mine);
  }
  let renewals = 0;
  const timer = setInterval(() => {
    renewals += 1;
    // Any change of the time will do.
    if (readLock()?.token === token) utimesSync(LOCK_FILE, renewals, renewals);
  }, RENEW_MS);
  return () => {
    clearInterval(timer);
    if (readLock()?.token === token) rmSync(LOCK_FILE, { force: true });
  };
}

/** Waits for the lock. A hard link appears together with its content, so no lock is read without its token. */
async function acquire(mine) {
  let last;
  let unchanged = 0;
  for (let waited = false; ; waited = true) {
    try {
      linkSync(mine, LOCK_FILE);
      return;
    } catch (error) {
      if (error.code !== "EEXIST") throw error;
    }
    const found = readLock();
    unchanged = found?.token === last?.token && found?.time === last?.time ? unchanged + 1 : 0;
    last = found;
    if (unchanged * POLL_MS >= ABANDONED_MS) {
      rmSync(LOCK_FILE, { force: true });
      continue;
    }
    if (!waited) console.error("towerql: waiting for another process, which is installing or building ...");
    await new Promise((done) => setTimeout(done, POLL_MS));
  }
}

/** The lock's token and the time of its renewal; undefined if there is none. */
function readLock() {
  try {
    return { token: readFileSync(LOCK_FILE, "utf8"), time: statSync(LOCK_FILE).mtimeMs };
  } catch {
    return undefined;
  }
}

function execute(command, args, what) {
  const env = { ...process.env, NODE_ENV: "production" };
  return new Promise((done, fail) => {
    const child = spawn(command, args, { stdio: ["ignore", 2, 2], env });
    // npm goes on installing after a SIGTERM, at the same time as the next install.
    const stop = () => child.kill("SIGKILL");
    for (const signal of SIGNALS) process.on(signal, stop);
    const end = (message) => {
      for (const signal of SIGNALS) process.off(signal, stop);
      if (message === undefined) done();
      else fail(new Error(message));
    };
    child.on("error", (error) => end(`${what} could not start: ${error.message}`));
    child.on("exit", (code, signal) =>
      end(code === 0 ? undefined : `${what} failed (${signal ?? `exit code ${code}`})`),
    );
  });
}

/** All files below a folder, in the same order on every machine. */
function filesBelow(folder) {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
}

function readJson(file) {
  return JSON.parse(readFileSync(file, "utf8"));
}

function requireNode(major, minor) {
  const [haveMajor, haveMinor] = process.versions.node.split(".").map(Number);
  if (haveMajor > major || (haveMajor === major && haveMinor >= minor)) return;
  console.error(`towerql: Node ${major}.${minor} or newer is required, this is ${process.versions.node}`);
  process.exit(1);
}
