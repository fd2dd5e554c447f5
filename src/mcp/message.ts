import { Refusal } from "../http/messages/refusal.js";
import { ErrorCode } from "../kernel/errors.js";
import { quote } from "../kernel/text/global-id.js";

/** Maximum number of values in a message, and so of items in a list and of keys in an object. Those within variables do not count. */
const MAX_VALUES = 2000;
/** Maximum number of values within variables: coercion collects an error for each unknown key. */
const MAX_VARIABLE_VALUES = 10_000;
/** The id is repeated in the response. */
const MAX_ID_CHARACTERS = 200;

/** Codes of JSON-RPC for what is wrong with a message. */
const RpcCode = { notJson: -32700, invalidRequest: -32600, unknownMethod: -32601, invalidParams: -32602 } as const;

type RpcCode = (typeof RpcCode)[keyof typeof RpcCode];
type RpcId = string | number;
type JsonObject = Readonly<Record<string, unknown>>;

/** A message that is not handled, with what the response has of it. */
export class MessageRefusal extends Refusal {
  constructor(
    readonly rpcCode: RpcCode,
    /** Null if the message has no id that can be repeated. */
    readonly id: RpcId | null,
    code: ErrorCode,
    message: string,
  ) {
    super([{ message, extensions: { code } }]);
  }
}

/** A request that may be given to the SDK. It has only what the SDK and the tools use, so that nothing else is checked or kept. */
export interface RpcRequest {
  readonly jsonrpc: "2.0";
  readonly id: RpcId;
  readonly method: string;
  readonly params: JsonObject;
}

/** A message that was checked. */
export interface Message {
  /** Undefined for a notification, which needs nothing done: there are no sessions. */
  readonly request: RpcRequest | undefined;
  /** Number of values in it. */
  readonly values: number;
}

/**
 * Reads one message of JSON-RPC. All limits come before the SDK, which collects an error for each value that it does not like.
 *
 * @param tools names of the tools that exist.
 * @throws MessageRefusal unless it is a request or a notification that the server can handle.
 */
export function readMessage(text: string, tools: ReadonlySet<string>): Message {
  const message = parsed(text);
  const id = isId(message.id) ? message.id : null;
  const refuse = (rpcCode: RpcCode, what: string, code = ErrorCode.BadRequest): never => {
    throw new MessageRefusal(rpcCode, id, code, what);
  };
  const limit = (what: string, max: number, count: number) => {
    if (count <= max) return count;
    const rule = `${what} too large: at most ${max} values, keys and list items included. Send less in one message.`;
    return refuse(RpcCode.invalidRequest, rule, ErrorCode.QueryTooExpensive);
  };
  const variables = variablesIn(message);
  const values =
    limit("Message without variables", MAX_VALUES, countValues(message, MAX_VALUES, variables)) +
    limit("Variables", MAX_VARIABLE_VALUES, countValues(variables, MAX_VARIABLE_VALUES));
  const { jsonrpc, method, params = {} } = message;
  if (jsonrpc !== "2.0") refuse(RpcCode.invalidRequest, 'jsonrpc must be "2.0".');
  if (typeof method !== "string") return refuse(RpcCode.invalidRequest, "method must be a string.");
  if (!isObject(params)) return refuse(RpcCode.invalidParams, "params must be an object.");
  if (message.id === undefined && method.startsWith("notifications/")) return { request: undefined, values };
  if (id === null) {
    return refuse(
      RpcCode.invalidRequest,
      `id must be an integer or a string of at most ${MAX_ID_CHARACTERS} characters.`,
    );
  }
  const request = (needed: JsonObject) => ({
    request: { jsonrpc: "2.0" as const, id, method, params: needed },
    values,
  });
  switch (method) {
    case "ping":
    case "tools/list":
      return request({});
    case "initialize": {
      const { protocolVersion, capabilities, clientInfo } = params;
      if (typeof protocolVersion !== "string") refuse(RpcCode.invalidParams, "protocolVersion must be a string.");
      if (!isObject(capabilities)) refuse(RpcCode.invalidParams, "capabilities must be an object.");
      const { name, version } = isObject(clientInfo) ? clientInfo : {};
      if (typeof name !== "string" || typeof version !== "string") {
        refuse(RpcCode.invalidParams, "clientInfo must be an object with the strings name and version.");
      }
      return request({ protocolVersion, capabilities: {}, clientInfo: { name, version } });
    }
    case "tools/call": {
      const { name, arguments: args = {} } = params;
      if (typeof name !== "string") return refuse(RpcCode.invalidParams, "name must be a string: that of a tool.");
      if (!tools.has(name))
        refuse(RpcCode.invalidParams, `Unknown tool ${quote(name)}: tools/list shows those that exist.`);
      if (!isObject(args)) refuse(RpcCode.invalidParams, "arguments must be an object.");
      return request({ name, arguments: args });
    }
    default:
      return refuse(
        RpcCode.unknownMethod,
        `Unknown method ${quote(method)}: there are initialize, ping, tools/list and tools/call.`,
      );
  }
}

function parsed(text: string): JsonObject {
  const refuse = (rpcCode: RpcCode, what: string) => new MessageRefusal(rpcCode, null, ErrorCode.BadRequest, what);
  let message: unknown;
  try {
    message = JSON.parse(text);
  } catch {
    throw refuse(RpcCode.notJson, "The body is not valid JSON.");
  }
  if (Array.isArray(message)) {
    throw refuse(RpcCode.invalidRequest, "Batches are not supported: send one message per request.");
  }
  if (!isObject(message))
    throw refuse(RpcCode.invalidRequest, "The body must be a JSON object: a message of JSON-RPC 2.0.");
  return message;
}

/** Number of values within a value, or a number above the maximum. The keys of `except` count, but not what is in them. */
function countValues(whole: unknown, max: number, except?: unknown): number {
  const pending: unknown[] = [whole];
  let count = 0;
  while (pending.length > 0 && count <= max) {
    const value = pending.pop();
    if (typeof value !== "object" || value === null) continue;
    const parts: readonly unknown[] = Array.isArray(value) ? value : Object.values(value);
    count += parts.length;
    if (count <= max && value !== except) for (const part of parts) pending.push(part);
  }
  return count;
}

function variablesIn({ params }: JsonObject): unknown {
  return isObject(params) && isObject(params.arguments) ? params.arguments.variables : undefined;
}

function isId(value: unknown): value is RpcId {
  return typeof value === "string" ? value.length <= MAX_ID_CHARACTERS : Number.isSafeInteger(value);
}

function isObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
