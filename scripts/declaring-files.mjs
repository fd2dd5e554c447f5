// Finds the source files that declare the fields of a type, by the exports of the built modules.
import { readdirSync } from "node:fs";
import { join, relative, resolve, sep } from "node:path";
import { pathToFileURL } from "node:url";

const DIST = resolve(import.meta.dirname, "../dist");

/**
 * Loads the modules that declare fields.
 *
 * @returns a function from a class, a relation or a computed field to the path of its source file, such as `src/relations/vm-disks.ts`.
 * It throws for anything that no module exports.
 */
export async function declaringFiles() {
  const files = new Map();
  for (const file of ["graph/model", "resources", "relations", "flows"].flatMap(modulesBelow)) {
    const source = `src/${relative(DIST, file).split(sep).join("/").replace(/\.js$/, ".ts")}`;
    // The lists of all relations and computed fields export what other modules declare.
    if (/\/all-[\w-]+\.ts$/.test(source)) continue;
    for (const exported of Object.values(await import(pathToFileURL(file).href)).flat()) files.set(exported, source);
  }
  return (declared, name) => {
    const file = files.get(declared);
    if (file === undefined) throw new Error(`No module exports what declares ${name}.`);
    return file;
  };
}

function modulesBelow(folder) {
  return readdirSync(join(DIST, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith(".js"))
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
}
