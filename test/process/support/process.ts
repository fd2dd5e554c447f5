import { spawn } from "node:child_process";
import { onTestFinished } from "vitest";

/** Starts the built gateway as a process with exactly these settings, until the test is finished. `npm test` builds before it tests. */
export function start(env: Record<string, string>) {
  const child = spawn(process.execPath, ["dist/main.js"], {
    env: { PATH: process.env.PATH, HOST: "127.0.0.1", ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  onTestFinished(() => void child.kill("SIGKILL"));
  const output = { stdout: "", stderr: "" };
  const pending: { text: RegExp; found: (match: RegExpExecArray) => void }[] = [];
  for (const name of ["stdout", "stderr"] as const) {
    child[name].setEncoding("utf8").on("data", (chunk: string) => {
      output[name] += chunk;
      for (const { text, found } of pending) {
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
    /** Resolves when the output matches. */
    printed: (text: RegExp) =>
      new Promise<RegExpExecArray>((found, fail) => {
        pending.push({ text, found });
        const match = text.exec(output.stdout + output.stderr);
        if (match !== null) found(match);
        void ended.then((code) => fail(new Error(`ended with ${code}: ${output.stdout}${output.stderr}`)));
      }),
  };
}

/** Line with the address. */
export const URL_LINE = /listens on (http:\S+?)\/graphql/;
