import { createHash } from "node:crypto";
import { readdir, readFile } from "node:fs/promises";
import { extname, join, relative, sep } from "node:path";

/** Encodings that a file may exist in, by the extension that its compressed copy has. */
const ENCODINGS = { br: ".br", gzip: ".gz" } as const;

/** A content encoding of HTTP. */
export type Encoding = keyof typeof ENCODINGS;

/** A file as it is sent. */
export interface StaticFile {
  readonly body: Buffer;
  /** Media type. */
  readonly type: string;
  /** Of these bytes: another encoding has another one. */
  readonly etag: string;
  /** Undefined if the bytes are the file itself. */
  readonly encoding: Encoding | undefined;
}

/**
 * Files below a directory, by their names in URLs, with the copies that the build compressed. Each is kept when it was first read:
 * about 12 MB in total for the page.
 */
export class StaticFiles {
  private paths: ReadonlyMap<string, string> = new Map();
  private readonly files = new Map<string, StaticFile>();

  /** @param marker name without which the directory is not complete yet; it is looked up again until it is there. */
  constructor(
    private readonly directory: string,
    private readonly marker: string,
  ) {}

  /** A file in an encoding; undefined if there is none. Rejects only if a file that exists cannot be read. */
  async find(name: string, encoding?: Encoding): Promise<StaticFile | undefined> {
    const paths = await this.known();
    if (isCopy(name, paths)) return undefined;
    const path = paths.get(encoding === undefined ? name : name + ENCODINGS[encoding]);
    if (path === undefined) return undefined;
    const file = this.files.get(path) ?? (await load(path, name, encoding));
    this.files.set(path, file);
    return file;
  }

  private async known(): Promise<ReadonlyMap<string, string>> {
    if (!this.paths.has(this.marker)) this.paths = await listFiles(this.directory);
    return this.paths;
  }
}

/** A compressed copy has no URL of its own. */
function isCopy(name: string, paths: ReadonlyMap<string, string>): boolean {
  return Object.values(ENCODINGS).some((end) => name.endsWith(end) && paths.has(name.slice(0, -end.length)));
}

/** Paths of files by their names in URLs. Requests can only name entries of this map, so path traversal is impossible. */
async function listFiles(directory: string): Promise<ReadonlyMap<string, string>> {
  try {
    const entries = await readdir(directory, { recursive: true, withFileTypes: true });
    const paths = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
    return new Map(paths.map((path) => [relative(directory, path).split(sep).join("/"), path]));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return new Map();
    throw error;
  }
}

const CONTENT_TYPES: Record<string, string> = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".svg": "image/svg+xml",
  ".ttf": "font/ttf",
  ".woff2": "font/woff2",
};

async function load(path: string, name: string, encoding: Encoding | undefined): Promise<StaticFile> {
  const body = await readFile(path);
  const etag = `"${createHash("sha256").update(body).digest("base64url").slice(0, 22)}"`;
  return { body, type: CONTENT_TYPES[extname(name)] ?? "application/octet-stream", etag, encoding };
}
