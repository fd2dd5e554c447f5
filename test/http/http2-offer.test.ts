import { expect, test } from "vitest";
import { startGateway } from "../support/gateway.js";
import { postHead, rawConnection } from "../support/raw-connection.js";

test("serves a request that offers HTTP/2, as Java's client does, over HTTP/1.1, including its body", async () => {
  const gateway = await startGateway();
  const { socket, received } = rawConnection(gateway.url);
  const body = '{"query":"{ __typename }"}';
  const offer = { connection: "Upgrade, HTTP2-Settings", upgrade: "h2c", "http2-settings": "AAMAAABkAARAAAAAAAIAAAAA" };
  const head = postHead({ "content-length": body.length, ...offer });
  for (let times = 1; times <= 2; times += 1) {
    socket.write(head);
    socket.write(body);
    await expect.poll(() => received().match(/\{"data":\{"__typename":"Query"\}\}/g)?.length).toBe(times);
  }
});
