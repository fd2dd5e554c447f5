import { expect, test } from "vitest";
import { Cancellation } from "../../src/kernel/cancellation.js";
import { type SendOptions, sendWebhook } from "../../src/webhooks/delivery/send-webhook.js";
import { newSecret } from "./support/hooks.js";
import { startReceiver } from "./support/receiver.js";

const send = (url: string, options: Partial<SendOptions> = {}) =>
  sendWebhook(
    { url, secrets: [newSecret()], ca: undefined, insecure: true },
    { id: "event", body: "{}", sentAt: new Date() },
    { userAgent: "TowerQL/test", timeoutMs: 5_000, signal: new Cancellation(), ...options },
  );

test("a host name is resolved once per delivery, and the connection goes to that address", async () => {
  const receiver = await startReceiver();
  const asked: string[] = [];
  const resolveHost = async (host: string) => {
    asked.push(host);
    return [{ address: "127.0.0.1", family: 4 }];
  };
  const url = `http://receiver.invalid:${receiver.port}/hook`;
  expect(await send(url, { resolveHost })).toEqual({ kind: "response", status: 204 });
  expect(asked).toEqual(["receiver.invalid"]);
  expect(receiver.received[0]?.headers.host).toBe(`receiver.invalid:${receiver.port}`);
  await send(url, { resolveHost });
  expect(asked).toHaveLength(2);
});

test("an address needs no resolution, also of IPv6", async () => {
  const receiver = await startReceiver();
  const resolveHost = () => Promise.reject(new Error("asked"));
  expect(await send(`http://127.0.0.1:${receiver.port}/`, { resolveHost })).toEqual({ kind: "response", status: 204 });
  expect(await send("http://[::1]:1/", { resolveHost })).toMatchObject({
    kind: "none",
    message: expect.not.stringContaining("asked"),
  });
});

test.each([
  ["a host name that does not exist", () => Promise.reject(new Error("getaddrinfo ENOTFOUND")), /ENOTFOUND/],
  ["a host name without an address", async () => [], /^the host name has no address$/],
  ["a resolver that hangs", () => new Promise<never>(() => {}), /^no response within 0\.05 s$/],
])("%s is no response", async (_, resolveHost, message) => {
  const sent = await send("http://receiver.invalid/", { resolveHost, timeoutMs: 50 });
  expect(sent).toEqual({ kind: "none", message: expect.stringMatching(message) });
});

test("a response counts with its status, also if its body never ends; the connection is closed after a little of it", async () => {
  const receiver = await startReceiver();
  const closed = new Promise<void>((resolve) => {
    receiver.usual = (_request, response) => {
      response.writeHead(200);
      const pour = setInterval(() => response.write(Buffer.alloc(16 * 1024)), 1);
      response.once("close", () => {
        clearInterval(pour);
        resolve();
      });
    };
  });
  expect(await send(receiver.url)).toEqual({ kind: "response", status: 200 });
  await closed;
});

test("nothing is sent once the gateway has stopped, and an attempt in flight ends with it", async () => {
  const receiver = await startReceiver();
  const signal = new Cancellation();
  receiver.usual = () => signal.abort(new Error("stopped"));
  expect(await send(receiver.url, { signal })).toEqual({ kind: "none", message: "stopped" });
  expect(await send(receiver.url, { signal })).toEqual({ kind: "none", message: "stopped" });
  expect(receiver.received).toHaveLength(1);
});
