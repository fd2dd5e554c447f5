import { flood } from "./flood.mjs";
import {
  frame,
  invalidDocument,
  largeBody,
  largeDocument,
  post,
  subscribe,
  webSocketOpening,
} from "./hostile-messages.mjs";

const TYPENAME = "{ __typename }";
const PAGE = "{ vms(first: 20) { nodes { id name status disks { volume { name } } } } }";
const CHAIN =
  "{ vms(first: 200) { nodes { id name disks { type volume { name lun { name storageVolume { zbsId } } } } } } }";
const INTROSPECTION = "{ __schema { types { name description fields { name type { name } args { name } } } } }";
const WATCH = 'subscription { taskProgress(taskId: "Task:none") { status progress } }';
/** Messages of graphql-ws after which another is sent. */
const LAST_MESSAGE = /"type":"(complete|error|pong)"/g;

const http =
  (options) =>
  ({ url }) =>
    flood(url, options);
const operations = (make, options) => (target) => flood(target.url, { next: (n) => make(target, n), ...options });
const messages = (make, options) => (target) =>
  flood(target.url, {
    connections: 50,
    depth: 100,
    opening: webSocketOpening(target),
    next: make,
    answer: LAST_MESSAGE,
    ...options,
  });

/** Floods of one kind each, by name. They are called with the URL of the gateway and a token. */
export const ATTACKS = {
  "trivial queries": operations((target) => post(target, TYPENAME)),
  "pages of 20 VMs": operations((target) => post(target, PAGE)),
  "chains of 200 VMs": operations((target) => post(target, CHAIN)),
  "event streams": operations((target) => post(target, TYPENAME, { accept: "text/event-stream" })),
  "without a credential": operations(({ url }) => post({ url }, TYPENAME)),
  "invented tokens": operations(({ url }, n) => post({ url, token: `invented-${n}` }, PAGE)),
  introspection: operations((target, n) => post(target, `# ${n}\n${INTROSPECTION}`)),
  "large documents": operations((target, n) => post(target, largeDocument(n))),
  "invalid documents": operations((target, n) => post(target, invalidDocument(n))),
  "large variables": operations((target) => post(target, largeBody()), { connections: 50 }),
  "malformed JSON": operations((target) => post(target, "x".repeat(2_000)).replace("{", "[")),
  "malformed HTTP": http({ next: () => "GET\0 / HTTP/1.1\r\n\r\n" }),
  "unknown paths": http({ next: () => "GET /nothing HTTP/1.1\r\nhost: a\r\n\r\n" }),
  metrics: http({ next: () => "GET /metrics HTTP/1.1\r\nhost: a\r\n\r\n" }),
  "pipelined on one connection": operations((target) => post(target, TYPENAME), { connections: 1, depth: 300 }),
  "pipelined on 20 connections": operations((target, n) => post(target, `# ${n}\n${PAGE}`), {
    connections: 20,
    depth: 40,
  }),
  "tiny pipelined requests": http({ connections: 4, depth: 1_500, next: () => "GET / HTTP/1.1\r\nhost:a\r\n\r\n" }),
  "never reading": operations((target) => post(target, INTROSPECTION), { connections: 50, depth: 40, reads: false }),
  "WebSocket queries": messages((n) => subscribe(n, TYPENAME)),
  "WebSocket chains": messages((n) => subscribe(n, CHAIN)),
  "WebSocket invalid documents": messages((n) => subscribe(n, invalidDocument(n))),
  "WebSocket subscriptions": messages((n) => subscribe(n, WATCH) + frame({ type: "complete", id: String(n) })),
  "WebSocket unknown ids": messages((n) => frame({ type: "complete", id: String(n) }) + frame({ type: "ping" })),
  "WebSocket same ids": messages(() => subscribe(1, WATCH)),
  "WebSocket garbage": messages(() => frame("{")),
  "WebSocket binary garbage": messages(() => "\xff\xff\xff\xff"),
  "WebSocket never reading": messages((n) => subscribe(n, INTROSPECTION), { reads: false }),
};
