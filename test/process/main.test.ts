import { spawn } from "node:child_process";
import { createServer } from "node:net";
import { describe, expect, onTestFinished, test } from "vitest";
import { startSimulator } from "../../src/simulator/simulator.js";

/** The built gateway (`npm test` builds before it tests) as a process of its own, with these settings and no others. */
function start(env: Record<string, string>) {
  const child = spawn(process.execPath, ["dist/main.js"], {
    env: { PATH: process.env.PATH, HOST: "127.0.0.1", ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  onTestFinished(() => void child.kill("SIGKILL"));
  const output = { stdout: "", stderr: "" };
  const waiting: { text: RegExp; found: (match: RegExpExecArray) => void }[] = [];
  for (const name of ["stdout", "stderr"] as const) {
    child[name].setEncoding("utf8").on("data", (chunk: string) => {
      output[name] += chunk;
      for (const { text, found } of waiting) {
        const match = text.exec(output.stdout + output.stderr);
        if (match !== null) found(match);
      }
    });
  }
  const ended = new Promise<number | null>((resolve) => child.once("close", resolve));
  return {
    child,
    output,
    ended,
    /** Resolves when the process has said this. */
    said: (text: RegExp) =>
      new Promise<RegExpExecArray>((found, fail) => {
        waiting.push({ text, found });
        const match = text.exec(output.stdout + output.stderr);
        if (match !== null) found(match);
        void ended.then((code) => fail(new Error(`ended with ${code}: ${output.stdout}${output.stderr}`)));
      }),
  };
}

const URL_LINE = /listens on (http:\S+?)\/graphql/;

/** A port that nobody listens on. */
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
    ["API_KEYS", { CLOUDTOWER_URL: "https://tower.example", AUTH_MODE: "service", CLOUDTOWER_TOKEN: "hidden-token" }],
  ])("ends with code 2 and one line that begins with %s", async (variable, env) => {
    const { ended, output } = start(env as Record<string, string>);
    expect(await ended).toBe(2);
    expect(output.stdout).toBe("");
    expect(output.stderr).toMatch(new RegExp(`^${variable}: expected [^\\n]+, got [^\\n]+\\n$`));
    expect(output.stderr).not.toContain("hidden-token");
  });

  test("ends with code 1 and one line that names PORT when somebody else listens there", async () => {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    onTestFinished(() => void server.close());
    const { ended, output } = start({ PORT: String((server.address() as { port: number }).port) });
    expect(await ended).toBe(1);
    expect(output.stderr).toMatch(/^PORT: expected a free port, got one that is in use[^\n]*\n$/);
  });

  test("ends with code 1 and one line that names HOST when that is no address of this machine", async () => {
    const { ended, output } = start({ PORT: "0", HOST: "192.0.2.1" });
    expect(await ended).toBe(1);
    expect(output.stderr).toMatch(/^HOST: expected an address of this machine[^\n]*\n$/);
  });

  test("says plainly that its data is simulated, whose tokens there are, and ends with code 0 on a signal", async () => {
    const { child, said, output, ended } = start({ PORT: "0" });
    const [, url] = await said(URL_LINE);
    await said(/viewer: Authorization: \S+/);
    expect(output.stdout).toMatch(/^SIMULATED: .*None of the data is real/m);

    const answer = await fetch(`${url}/graphql`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ query: "{ gateway { simulated } vms(first: 1) { totalCount } }" }),
    });
    expect(await answer.json()).toEqual({ data: { gateway: { simulated: true }, vms: { totalCount: 40 } } });

    child.kill("SIGTERM");
    expect(await ended).toBe(0);
  });

  test("starts while CloudTower is down, says so, tells it at /readyz, and is ready once it is up", async () => {
    const port = await freePort();
    const { said, output } = start({ PORT: "0", CLOUDTOWER_URL: `http://127.0.0.1:${port}` });
    const [, url] = await said(URL_LINE);
    await said(/CloudTower does not answer/);
    expect(output.stdout).not.toContain("SIMULATED");
    expect((await fetch(`${url}/healthz`)).status).toBe(200);
    expect((await fetch(`${url}/readyz`)).status).toBe(503);

    const simulator = await startSimulator({ port, vms: 1 });
    onTestFinished(() => simulator.stop());
    expect((await fetch(`${url}/readyz`)).status).toBe(200);
  });

  test("never shows a secret, however much it logs", async () => {
    const simulator = await startSimulator({ vms: 1 });
    onTestFinished(() => simulator.stop());
    const { child, said, ended, output } = start({
      PORT: "0",
      LOG_LEVEL: "trace",
      CLOUDTOWER_URL: simulator.url,
      AUTH_MODE: "service",
      API_KEYS: "client-key-hidden",
      CLOUDTOWER_USERNAME: "admin",
      CLOUDTOWER_PASSWORD: "password-hidden",
    });
    const [, url] = await said(URL_LINE);
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
