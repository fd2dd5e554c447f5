import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** Folder with CloudTower's OpenAPI documents, one per version. They belong to the vendor and are not part of this project. */
export const folder = process.env.CLOUDTOWER_OPENAPI || "../shared/contract";

/** The documents named `*.full.openapi.json` in the folder, from the oldest version to the newest. */
export function readDocuments() {
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((name) => name.endsWith(".full.openapi.json"))
    .map((name) => JSON.parse(readFileSync(join(folder, name), "utf8")))
    .sort((a, b) => compareVersions(a.info.version, b.info.version));
}

/** Orders versions such as 4.6 and 4.6.0, which are equal. */
export function compareVersions(a, b) {
  const [left, right] = [a, b].map((version) => version.split(".").map(Number));
  for (const index of [0, 1, 2]) {
    const difference = (left[index] ?? 0) - (right[index] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}
