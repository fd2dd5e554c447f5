// Bytes that a hostile client sends, as text in Latin-1. No library that follows the protocols is in the way.

/** A POST of an operation. */
export function post({ token }, queryOrBody, headers = {}) {
  const text = JSON.stringify(typeof queryOrBody === "string" ? { query: queryOrBody } : queryOrBody);
  const all = {
    host: "a",
    "content-type": "application/json",
    "content-length": Buffer.byteLength(text),
    ...(token !== undefined && { authorization: token }),
    ...headers,
  };
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}\r\n`);
  return `POST /graphql HTTP/1.1\r\n${lines.join("")}\r\n${text}`;
}

/** A valid document of nearly 5,000 tokens. */
export function largeDocument(n) {
  const fields = "id name status memoryBytes ".repeat(25);
  const roots = Array.from(
    { length: 40 },
    (_, i) => `a${n}_${i}: vms(first: 1) @skip(if: true) { nodes { ${fields} } }`,
  );
  return `{ __typename ${roots.join(" ")} }`;
}

/** A document of 300 unknown fields. */
export function invalidDocument(n) {
  return `{ vms(first: 1) { nodes { ${Array.from({ length: 300 }, (_, i) => `nam${n}_${i}`).join(" ")} } } }`;
}

/** A body of nearly 1 MiB whose variables are refused. */
export function largeBody() {
  const ids = Array.from({ length: 90_000 }, () => "Vm:none");
  return { query: "query ($ids: [ID!]!) { nodes(ids: $ids) { id } }", variables: { ids } };
}

/** Head of an upgrade to a WebSocket, and `connection_init`. */
export function webSocketOpening({ token }) {
  const headers = [
    "host: a",
    "connection: Upgrade",
    "upgrade: websocket",
    "sec-websocket-version: 13",
    "sec-websocket-key: AAAAAAAAAAAAAAAAAAAAAA==",
    "sec-websocket-protocol: graphql-transport-ws",
  ];
  const init = frame({ type: "connection_init", payload: { Authorization: token } });
  return `GET /graphql HTTP/1.1\r\n${headers.join("\r\n")}\r\n\r\n${init}`;
}

/** A message that begins an operation. */
export function subscribe(n, query) {
  return frame({ type: "subscribe", id: String(n), payload: { query } });
}

/** A text frame, masked with zeros. */
export function frame(content) {
  const text = typeof content === "string" ? content : JSON.stringify(content);
  const length = Buffer.byteLength(text);
  const size = length < 126 ? [0x80 | length] : [0x80 | 126, length >> 8, length & 255];
  return Buffer.concat([Buffer.from([0x81, ...size, 0, 0, 0, 0]), Buffer.from(text)]).toString("latin1");
}
