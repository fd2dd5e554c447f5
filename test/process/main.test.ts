import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { createServer } from "node:net";
import { describe, expect, onTestFinished, test } from "vitest";
import { startSimulator } from "../../src/simulator/simulator.js";
import { clientsFile } from "../support/clients-file.js";
import { start, URL_LINE } from "./support/process.js";

/** Whether the health check of the Dockerfile passes with these settings. */
async function isHealthy(env: Record<string, string>): Promise<boolean> {
  const [, command = ""] = /HEALTHCHECK [^[]*CMD (\[.*\])/s.exec(readFileSync("Dockerfile", "utf8")) ?? [];
  const [, ...args] = JSON.parse(command.split("\n", 1)[0] ?? "") as string[];
  const child = spawn(process.execPath, args, { env: { HOST: "127.0.0.1", ...env }, stdio: "ignore" });
  return (await new Promise((resolve) => child.once("exit", resolve))) === 0;
}

/** A port that is not in use. */
async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as { port: number };
  await new Promise((resolve) => server.close(resolve));
  return port;
}

describe("the process", () => {
  test.each([
    ["PORT", { PORT: "many" }],
    ["CLOUDTOWER_URL", { NODE_ENV: "production" }],
    ["CLOUDTOWER_URL", { CLOUDTOWER_URL: "tower.example" }],
    ["AUDIT_LOG", { AUDIT_LOG: "/no/such/folder/audit.jsonl" }],
    ["API_KEYS", { API_KEYS: "hidden-token" }],
    ["API_KEYS", { CLOUDTOWER_URL: "https://tower.example", AUTH_MODE: "service", CLOUDTOWER_TOKEN: "hidden-token" }],
  ])("exits with code 2 and one line that begins with %s", async (variable, env) => {
    const { ended, output } = start(env as Record<string, string>);
    expect(await ended).toBe(2);
    expect(output.stdout).toBe("");
    expect(output.stderr).toMatch(new RegExp(`^${variable} [^\\n]+\\.\\n$`));
    expect(output.stderr).not.toContain("hidden-token");
  });

  test("exits with code 1 and one line that names PORT if the port is in use", async () => {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    onTestFinished(() => void server.close());
    const { ended, output } = start({ PORT: String((server.address() as { port: number }).port) });
    expect(await ended).toBe(1);
    expect(output.stderr).toMatch(/^PORT is already in use[^\n]*\n$/);
  });

  test("exits with code 2 and one line that names HOST if it is not an address of this machine", async () => {
    const { ended, output } = start({ PORT: "0", HOST: "192.0.2.1" });
    expect(await ended).toBe(2);
    expect(output.stderr).toMatch(/^HOST is not an address of this machine[^\n]*\n$/);
  });

  test("announces simulated data and its tokens, and exits with code 0 on SIGTERM", async () => {
    const { child, printed, output, ended } = start({ PORT: "0" });
    const [, url] = await printed(URL_LINE);
    await printed(/viewer: Authorization: \S+/);
    expect(output.stdout).toMatch(/^SIMULATED: .*None of the data is real/m);

    const response = await fetch(`${url}/graphql`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ query: "{ gateway { simulated } vms(first: 1) { totalCount } }" }),
    });
    expect(await response.json()).toEqual({ data: { gateway: { simulated: true }, vms: { totalCount: 37 } } });

    child.kill("SIGTERM");
    expect(await ended).toBe(0);
  });

  test.each([
    ["no base path", { HOST: "0.0.0.0" }, /^http:\/\/localhost:\d+\/graphql$/],
    ["a base path", { BASE_PATH: "/towerql/" }, /^http:\/\/127\.0\.0\.1:\d+\/towerql\/graphql$/],
    ["an IPv6 address", { HOST: "::1", BASE_PATH: "/a/b" }, /^http:\/\/\[::1\]:\d+\/a\/b\/graphql$/],
    ["all IPv6 addresses", { HOST: "::" }, /^http:\/\/localhost:\d+\/graphql$/],
  ])("announces an address that a browser can open, and is healthy, with %s", async (_, env, expected) => {
    const port = String(await freePort());
    expect(await isHealthy({ PORT: port, ...env })).toBe(false);

    const { printed } = start({ PORT: port, ...env } as Record<string, string>);
    const [, url = ""] = await printed(/listens on (\S+)/);
    expect(url).toMatch(expected);
    const page = await fetch(url, { headers: { accept: "text/html" } });
    expect(page.headers.get("content-type")).toContain("text/html");
    expect(await isHealthy({ PORT: port, ...env })).toBe(true);
    expect(await isHealthy({ PORT: port, ...env, BASE_PATH: "/other" })).toBe(false);
  });

  test("starts while CloudTower is down with a warning, and becomes ready once it is up", async () => {
    const port = await freePort();
    const { printed, output } = start({ PORT: "0", CLOUDTOWER_URL: `http://127.0.0.1:${port}` });
    const [, url] = await printed(URL_LINE);
    await printed(/CLOUDTOWER_URL refuses the connection/);
    expect(output.stdout).not.toContain("SIMULATED");
    expect((await fetch(`${url}/healthz`)).status).toBe(200);
    expect((await fetch(`${url}/readyz`)).status).toBe(503);

    const simulator = await startSimulator({ port, vms: 1 });
    onTestFinished(() => simulator.stop());
    await expect.poll(async () => (await fetch(`${url}/readyz`)).status).toBe(200);
  });

  test("reads clients again on SIGHUP", async () => {
    const file = clientsFile([{ name: "nightly", role: "read" }]);
    const { child, printed, output } = start({ PORT: "0", ...file.env });
    const [, url] = await printed(URL_LINE);
    const ask = async () => {
      const headers = { "content-type": "application/json", authorization: "nightly" };
      const body = JSON.stringify({ query: "{ vms { totalCount } }" });
      return (await fetch(`${url}/graphql`, { method: "POST", headers, body })).text();
    };
    expect(await ask()).toContain("totalCount");
    file.define([{ name: "nightly", role: "read", key: "another" }]);
    child.kill("SIGHUP");
    await expect.poll(() => output.stdout).toContain("clients were read again");
    expect(await ask()).toContain("UNAUTHENTICATED");
  });

  test("never prints a secret, even with LOG_LEVEL=trace", async () => {
    const simulator = await startSimulator({ vms: 1 });
    onTestFinished(() => simulator.stop());
    const { child, printed, ended, output } = start({
      PORT: "0",
      LOG_LEVEL: "trace",
      CLOUDTOWER_URL: simulator.url,
      AUTH_MODE: "service",
      API_KEYS: "client-key-hidden",
      CLOUDTOWER_USERNAME: "admin",
      CLOUDTOWER_PASSWORD: "password-hidden",
    });
    const [, url] = await printed(URL_LINE);
    for (const key of ["client-key-hidden", "wrong-key-hidden"]) {
      const body = JSON.stringify({ query: "{ vms { totalCount } }" });
      const headers = { "content-type": "application/json", authorization: `Bearer ${key}` };
      await (await fetch(`${url}/graphql`, { method: "POST", headers, body })).text();
    }
    child.kill("SIGTERM");
    expect(await ended).toBe(0);
    expect(output.stdout + output.stderr).not.toMatch(/hidden/);
  });
});
