import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, test } from "vitest";
import { captureLog } from "../support/captured-log.js";
import { startGateway } from "../support/gateway.js";
import { failureOf, oneCall } from "./support/failures.js";

/** A self-signed certificate in files, like that of a CloudTower installation. */
interface Certificate {
  readonly path: string;
  readonly tls: { readonly key: string; readonly cert: string };
}

let directory: string;
let ours: Certificate;
let foreign: Certificate;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "towerql-tls-"));
  ours = await selfSigned("ours", "IP:127.0.0.1");
  foreign = await selfSigned("foreign", "DNS:tower.example");
});
afterAll(() => rm(directory, { recursive: true, force: true }));

async function selfSigned(name: string, subject: string): Promise<Certificate> {
  const [key, path] = [join(directory, `${name}.key`), join(directory, `${name}.pem`)];
  const curve = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"];
  const files = ["-keyout", key, "-out", path];
  const options = ["-days", "1", "-subj", `/CN=${name}`, "-addext", `subjectAltName=${subject}`];
  await promisify(execFile)("openssl", ["req", "-x509", ...curve, ...files, ...options]);
  return { path, tls: { key: await readFile(key, "utf8"), cert: await readFile(path, "utf8") } };
}

test("a self-signed certificate is refused with a message that reveals no address", async () => {
  const gateway = await startGateway({ simulator: { tls: ours.tls } });

  const { code, message } = await failureOf(gateway);

  expect(code).toBe("UPSTREAM_UNAVAILABLE");
  expect(message).toContain("certificate is not trusted");
  expect(gateway.simulator.calls.count()).toBe(0);
});

test("a self-signed certificate in CLOUDTOWER_CA_FILE is trusted", async () => {
  const gateway = await startGateway({ simulator: { tls: ours.tls }, env: { CLOUDTOWER_CA_FILE: ours.path } });

  expect((await gateway.query(oneCall)).errors).toBeUndefined();
});

test("a trusted certificate of another host is refused", async () => {
  const gateway = await startGateway({ simulator: { tls: foreign.tls }, env: { CLOUDTOWER_CA_FILE: foreign.path } });

  expect(await failureOf(gateway)).toMatchObject({ code: "UPSTREAM_UNAVAILABLE" });
});

test("CLOUDTOWER_INSECURE accepts any certificate, with a warning in the log", async () => {
  const log = captureLog("warn");
  const env = { CLOUDTOWER_INSECURE: "1" };
  const gateway = await startGateway({ simulator: { tls: foreign.tls }, env, logger: log.logger });

  expect((await gateway.query(oneCall)).errors).toBeUndefined();

  expect(log.lines).toMatchObject([{ level: 40, msg: expect.stringContaining("CLOUDTOWER_INSECURE") }]);
});
