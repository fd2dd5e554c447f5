// Fails when imports run in a cycle or against the arrow of docs/architecture.md. Type-only imports count like any others.
// Usage: node scripts/check-imports.mjs [<folder that holds src>]
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join, posix, relative, resolve, sep } from "node:path";

/** What each part of src may import besides itself. "upstream/wire" stands for that folder alone. */
const MAY_IMPORT = {
  main: "config",
  serve: "app config version http observe upstream kernel",
  app: "config version http observe context schema edges flows resources graph upstream events simulator kernel",
  http: "config observe context schema edges flows resources graph upstream events kernel",
  context: "edges flows resources graph upstream events kernel",
  schema: "context query mutation subscription edges flows resources graph upstream events kernel",
  query: "context flows resources graph upstream events kernel",
  mutation: "context flows resources graph upstream events kernel",
  subscription: "context flows resources graph upstream events kernel",
  edges: "resources graph upstream events kernel",
  flows: "resources graph upstream events kernel",
  resources: "graph upstream events kernel",
  graph: "upstream kernel",
  upstream: "kernel",
  observe: "upstream kernel",
  events: "kernel",
  config: "kernel",
  version: "",
  kernel: "",
  simulator: "upstream/wire kernel",
  graphiql: "",
};

/** Folders whose own folders may not import each other; files directly in them are shared. */
const SEPARATE_INSIDE = ["resources"];

/** What only one place may use. */
const ONLY_IN = [
  { place: "src/upstream/", uses: /from\s*["']undici["']|import\s*\(?\s*["']undici["']/, what: "undici" },
  { place: "src/config.ts", uses: /\bprocess\s*\??\.\s*env\b|\bprocess\[/, what: "process.env" },
];

const root = resolve(process.argv[2] ?? join(import.meta.dirname, ".."));
const files = sourcesBelow(join(root, "src"));
const texts = new Map(files.map((file) => [file, readFileSync(join(root, file), "utf8")]));
const imports = new Map(files.map((file) => [file, importsOf(file, texts.get(file))]));
const problems = [...files.flatMap(againstTheArrow), ...files.flatMap(outOfPlace), ...cycles()];

for (const problem of problems) console.error(problem);
if (problems.length > 0) process.exitCode = 1;
else console.log(`imports: ${files.length} files, no cycle, every import along the arrow`);

function againstTheArrow(file) {
  const from = partOf(file);
  if (!Object.hasOwn(MAY_IMPORT, from))
    return [`${file}: "${from}" has no line in the table of scripts/check-imports.mjs`];
  const allowed = MAY_IMPORT[from].split(" ");
  return imports.get(file).flatMap((target) => {
    const to = partOf(target);
    if (to === from)
      return areSeparate(file, target) ? [`${file} imports ${target}: ${from} do not import each other`] : [];
    const fits = allowed.some((name) => (name.includes("/") ? target.startsWith(`src/${name}/`) : name === to));
    return fits ? [] : [`${file} imports ${target}: ${from} may import only ${allowed.join(", ") || "itself"}`];
  });
}

function areSeparate(file, target) {
  const [, part, from, ...deeper] = file.split("/");
  const [, , to, ...targetDeeper] = target.split("/");
  // A shared file may not reach into one of the folders either.
  return SEPARATE_INSIDE.includes(part) && targetDeeper.length > 0 && (deeper.length === 0 || from !== to);
}

function outOfPlace(file) {
  const code = texts.get(file).replace(/\/\*[\s\S]*?\*\/|(?<!:)\/\/.*$/gm, "");
  return ONLY_IN.filter(({ place, uses }) => !file.startsWith(place) && uses.test(code)).map(
    ({ place, what }) => `${file} uses ${what}: only ${place} may`,
  );
}

/** One line for each group of files that import each other, with its shortest way round. */
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

/** The files of src that a file imports or re-exports, statically, dynamically or for a type. */
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

function partOf(file) {
  return file.split("/")[1].replace(/\.tsx?$/, "");
}

function sourcesBelow(folder) {
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile() && /\.tsx?$/.test(entry.name))
    .map((entry) => relative(root, join(entry.parentPath, entry.name)).split(sep).join("/"))
    .sort();
}
