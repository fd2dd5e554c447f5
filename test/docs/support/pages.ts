import { readFileSync } from "node:fs";

/** A page of the documentation, by its path. */
export function readPage(path: string): string {
  return readFileSync(path, "utf8");
}

/** The code blocks of one language, in order. */
export function codeBlocks(page: string, language: string): string[] {
  return [...page.matchAll(new RegExp(`^\`\`\`${language}\\n(.*?)^\`\`\``, "gms"))].map(([, code = ""]) => code);
}
