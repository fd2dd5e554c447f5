// Fails if imports form a cycle or violate the layers of docs/architecture.md. Type-only imports count like any others.
// Usage: node scripts/check-imports.mjs [<folder that contains src>]
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join, posix, relative, resolve, sep } from "node:path";

/**
 * Allowed imports of each part of src, in addition to itself, from the top layer to the bottom. A part is a folder or a file; the
 * longest matching name applies. The name of a folder includes everything in it: `graph` allows `graph/plan`, but not vice versa.
 */
const MAY_IMPORT = {
  main: "config",
  health: "config",
  serve: "app config version http observe upstream kernel",
  app: "config version http webhooks observe context federation schema flows relations resources graph upstream coordination simulator kernel",

  "http/start-http": "mcp http config observe context schema graph upstream coordination kernel",
  http: "http/graphiql/environment http/protocols http/admission http/limits http/slow-readers http/messages observe upstream coordination kernel",
  "http/graphiql/environment": "",
  "http/protocols":
    "http/admission http/limits http/slow-readers http/messages observe context graph upstream coordination kernel",
  "http/admission": "http/limits http/messages observe context upstream coordination kernel",
  "http/limits": "http/messages resources graph upstream kernel",
  "http/slow-readers": "kernel",
  "http/messages": "upstream kernel",

  mcp: "mcp/tools mcp/schema mcp/tool mcp/runner http/admission http/limits http/messages http/slow-readers graph kernel",
  "mcp/tools": "mcp/tool mcp/runner mcp/schema kernel",
  "mcp/schema": "kernel",
  "mcp/tool": "mcp/runner kernel",
  "mcp/runner": "http/admission http/limits http/messages graph kernel",

  federation: "graph kernel",
  schema: "context webhooks flows relations resources graph upstream kernel",
  context: "webhooks flows resources graph upstream kernel",

  webhooks: "webhooks/definition webhooks/delivery webhooks/store webhooks/event-source coordination kernel",
  "webhooks/subscription":
    "webhooks webhooks/delivery webhooks/store webhooks/event-source http/limits http/messages context flows/events resources graph upstream coordination kernel",
  "webhooks/delivery": "webhooks/definition webhooks/store webhooks/event-source coordination kernel",
  "webhooks/event-source": "kernel",
  "webhooks/definition": "kernel",
  "webhooks/store": "coordination kernel",

  "flows/all-computed-fields": "flows graph",
  "flows/all-mutation-errors": "flows/consistency flows/leases flows/reaper flows/restore flows/writes",
  "flows/all-payload-relations": "flows graph",
  "flows/create": "flows/leases flows/watch flows/writes relations resources graph upstream kernel",
  "flows/leases": "flows/snapshot-data flows/writes relations resources graph upstream kernel",
  "flows/reaper":
    "flows/leases flows/delete flows/snapshot-data flows/writes relations resources graph upstream coordination kernel",
  "flows/delete": "flows/writes relations resources graph upstream kernel",
  "flows/consistency": "flows/create flows/delete flows/restore flows/writes relations resources graph upstream kernel",
  "flows/power": "flows/writes relations resources graph upstream coordination kernel",
  "flows/restore": "flows/snapshot-data flows/writes relations resources graph upstream coordination kernel",
  "flows/events": "flows/watch flows/snapshot-data flows/writes relations resources graph upstream kernel",
  "flows/watch": "flows/snapshot-data flows/writes relations resources graph upstream kernel",
  "flows/backup": "flows/leases flows/snapshot-data flows/writes relations resources graph upstream kernel",
  "flows/protection": "flows/snapshot-data relations resources graph upstream kernel",
  "flows/snapshot-data": "relations resources graph upstream kernel",
  "flows/writes": "relations resources graph upstream coordination kernel",

  relations: "resources graph upstream kernel",
  resources: "resources/shared graph upstream kernel",
  "resources/shared": "graph upstream kernel",

  "graph/schema": "graph/loading graph/plan graph/relations graph/connections graph/model upstream kernel",
  "graph/loading": "graph/plan graph/relations graph/connections graph/model upstream kernel",
  "graph/plan": "graph/relations graph/connections graph/model upstream kernel",
  "graph/relations": "graph/connections graph/model upstream kernel",
  "graph/connections": "graph/model upstream kernel",
  "graph/model": "upstream kernel",

  upstream:
    "upstream/credentials upstream/client upstream/rows upstream/observer upstream/upstream-error upstream/wire kernel",
  "upstream/credentials": "upstream/client upstream/observer upstream/upstream-error kernel",
  "upstream/client": "upstream/rows upstream/observer upstream/upstream-error kernel",
  "upstream/rows": "",
  "upstream/observer": "",
  "upstream/upstream-error": "kernel",
  "upstream/wire": "",

  "simulator/cli": "simulator upstream/wire kernel",
  "simulator/simulator": "simulator upstream/wire kernel",
  "simulator/control": "simulator upstream/wire kernel",
  "simulator/activity":
    "simulator/writes simulator/inventory simulator/tower simulator/tasks simulator/store simulator/refusal simulator/random",
  "simulator/http": "simulator upstream/wire kernel",
  "simulator/inventory":
    "simulator/rows simulator/tasks simulator/accounts simulator/store simulator/refusal simulator/random upstream/wire kernel",
  "simulator/writes":
    "simulator/tower simulator/rows simulator/query simulator/tasks simulator/store simulator/accounts simulator/random simulator/refusal upstream/wire kernel",
  "simulator/tower": "simulator/tasks simulator/store simulator/random",
  "simulator/rows": "simulator/tasks simulator/store simulator/random upstream/wire kernel",
  "simulator/query": "simulator/store simulator/refusal simulator/versions upstream/wire kernel",
  "simulator/tasks": "simulator/store simulator/random simulator/refusal upstream/wire kernel",
  "simulator/store": "simulator/refusal simulator/versions upstream/wire kernel",
  "simulator/accounts": "simulator/store simulator/refusal simulator/versions upstream/wire kernel",
  "simulator/versions": "upstream/wire kernel",
  "simulator/refusal": "kernel",
  "simulator/random": "",

  "coordination/redis": "coordination/local coordination/coordination config/redis-url kernel",
  "coordination/local": "coordination/coordination kernel",
  coordination: "kernel",

  observe: "upstream coordination kernel",
  config: "kernel",
  version: "",
  "kernel/text": "kernel/errors",
  kernel: "",
  graphiql: "http/graphiql/environment",
};

/** Folders whose subfolders may not import each other; files directly in them are shared. */
const SEPARATE_INSIDE = ["resources"];

/** Restricted to these places. */
const ONLY_IN = [
  { places: ["src/upstream/"], uses: /from\s*["']undici["']|import\s*\(?\s*["']undici["']/, what: "undici" },
  {
    places: ["src/mcp/"],
    uses: /["']@modelcontextprotocol\//,
    what: "the SDK of MCP, which is loaded only if configured",
  },
  { places: ["src/config.ts"], uses: /\bprocess\s*\??\.\s*env\b|\bprocess\[/, what: "process.env" },
  {
    places: ["src/kernel/"],
    uses: /\baddEventListener\(\s*["']abort["']/,
    what: 'addEventListener("abort"), which never fires after the abort, instead of onAbort',
  },
];

const root = resolve(process.argv[2] ?? join(import.meta.dirname, ".."));
const files = sourcesBelow(join(root, "src"));
const texts = new Map(files.map((file) => [file, readFileSync(join(root, file), "utf8")]));
const imports = new Map(files.map((file) => [file, importsOf(file, texts.get(file))]));
const problems = [...files.flatMap(layerProblems), ...files.flatMap(placeProblems), ...cycles()];

for (const problem of problems) console.error(problem);
if (problems.length > 0) process.exitCode = 1;
else console.log(`imports: ${files.length} files, no cycle, no violated layer`);

function layerProblems(file) {
  const from = partOf(file);
  if (from === undefined) {
    const [, name] = file.split("/");
    return [`${file}: "${name.replace(/\.tsx?$/, "")}" has no entry in the table of scripts/check-imports.mjs`];
  }
  const allowed = MAY_IMPORT[from].split(" ");
  return imports.get(file).flatMap((target) => {
    if (partOf(target) === from)
      return areSeparate(file, target) ? [`${file} imports ${target}: ${from} do not import each other`] : [];
    if (allowed.some((name) => isIn(target, name))) return [];
    return [`${file} imports ${target}: ${from} may import only ${allowed.join(", ") || "itself"}`];
  });
}

function areSeparate(file, target) {
  const [, part, from, ...deeper] = file.split("/");
  const [, , to, ...targetDeeper] = target.split("/");
  // A shared file may not import from one of the subfolders either.
  return SEPARATE_INSIDE.includes(part) && targetDeeper.length > 0 && (deeper.length === 0 || from !== to);
}

function placeProblems(file) {
  const code = texts.get(file).replace(/\/\*[\s\S]*?\*\/|(?<!:)\/\/.*$/gm, "");
  return ONLY_IN.filter(({ uses }) => uses.test(code))
    .filter(({ places }) => !places.some((place) => file.startsWith(place)))
    .map(({ places, what }) => `${file} uses ${what}: only ${places.join(" and ")} may`);
}

/** One line per group of files that import each other, with the shortest cycle. */
function cycles() {
  const found = [];
  const reported = new Set();
  for (const file of files) {
    const path = reported.has(file) ? undefined : shortestPath(file, file);
    if (path === undefined) continue;
    for (const member of path) reported.add(member);
    found.push(`cycle: ${path.join(" -> ")}`);
  }
  return found;
}

function shortestPath(start, goal) {
  const cameFrom = new Map();
  for (const queue = [start]; queue.length > 0; ) {
    const file = queue.shift();
    for (const target of imports.get(file)) {
      if (target === goal) {
        const path = [goal];
        for (let step = file; step !== start; step = cameFrom.get(step)) path.unshift(step);
        return [start, ...path];
      }
      if (cameFrom.has(target)) continue;
      cameFrom.set(target, file);
      queue.push(target);
    }
  }
  return undefined;
}

/** Files of src that a file imports or re-exports, statically, dynamically or as types. */
function importsOf(file, text) {
  const statement = /^\s*(?:import|export)\b[^;"'`]*?\bfrom\s*["'](\.[^"']*)["']/gm;
  const bare = /^\s*import\s*["'](\.[^"']*)["']/gm;
  const call = /\bimport\(\s*["'](\.[^"']*)["']/g;
  const named = [statement, bare, call].flatMap((pattern) => [...text.matchAll(pattern)].map((match) => match[1]));
  return [...new Set(named.flatMap((name) => target(file, name)))];
}

function target(file, name) {
  const path = posix.join(dirname(file).split(sep).join("/"), name.replace(/\?.*$/, ""));
  const stem = path.replace(/\.[mc]?jsx?$/, "");
  const candidates = [path, `${stem}.ts`, `${stem}.tsx`, `${stem}.d.ts`, `${path}/index.ts`];
  const known = candidates.find(
    (candidate) => candidate.startsWith("src/") && /\.tsx?$/.test(candidate) && existsSync(join(root, candidate)),
  );
  return known === undefined ? [] : [known];
}

/** Longest name in the table that matches the file or a folder that contains it. */
function partOf(file) {
  return Object.keys(MAY_IMPORT)
    .filter((name) => isIn(file, name))
    .reduce((longest, name) => (longest === undefined || name.length > longest.length ? name : longest), undefined);
}

function isIn(file, name) {
  const path = file.slice("src/".length).replace(/\.tsx?$/, "");
  return name !== "" && (path === name || path.startsWith(`${name}/`));
}

function sourcesBelow(folder) {
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile() && /\.tsx?$/.test(entry.name))
    .map((entry) => relative(root, join(entry.parentPath, entry.name)).split(sep).join("/"))
    .sort();
}
