import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { onTestFinished } from "vitest";

/** A certificate in files. */
export interface Certificate {
  /** The certificate, which is its own authority. */
  readonly path: string;
  readonly tls: { readonly key: string; readonly cert: string };
}

/** A self-signed certificate, in files until the test is finished. @param subject such as `DNS:localhost`. */
export async function selfSigned(subject: string): Promise<Certificate> {
  const directory = await mkdtemp(join(tmpdir(), "towerql-tls-"));
  onTestFinished(() => rm(directory, { recursive: true, force: true }));
  const [key, path] = [join(directory, "key"), join(directory, "certificate.pem")];
  const curve = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"];
  const options = ["-days", "1", "-subj", "/CN=receiver", "-addext", `subjectAltName=${subject}`];
  await promisify(execFile)("openssl", ["req", "-x509", ...curve, "-keyout", key, "-out", path, ...options]);
  return { path, tls: { key: await readFile(key, "utf8"), cert: await readFile(path, "utf8") } };
}
