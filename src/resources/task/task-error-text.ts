/** The innermost code and message of an error text. */
export interface Cause {
  readonly code?: string | undefined;
  readonly message?: string | undefined;
}

/** Maximum depth of nested JSON to read, and maximum number of items of one list. */
const MAX_DEPTH = 8;
const MAX_ITEMS = 100;

const CODE_FIELDS = ["ec", "error_code", "code"];
/** Fields with a message: a text, texts by language, JSON in a text, or an object with the message inside. */
const MESSAGE_FIELDS = ["error_msg", "msg", "error_message", "message", "error"];
/** Fields with the errors of jobs and of their tasks, which are nearer to the cause than the error around them. */
const JOB_FIELDS = ["job", "task_list"];
const LANGUAGES = ["en-US", "zh-CN"];

/**
 * The cause in an error text of CloudTower; "ok" if the text consists of codes that mean success.
 *
 * Known shapes: `{"ec", "error": {"msg"}}`, `{"job": {"error_code", "error_msg"}}`, `{"job": {"task_list": [{"error_code", "error_msg"}]}}`,
 * `code: X` and `message: ...` on lines of their own, a code alone, plain text; the messages can be texts by language, or contain any of
 * these shapes again. Unknown shapes give what can be found, at least no error.
 */
export function causeIn(text: string): Cause | "ok" {
  return causeOf(text, 0) ?? {};
}

/** Whether a code means that there was no error. The prefixes `EC_` and `SVT_` name the part of the system, not the error. */
export function isOk(code: string): boolean {
  return /^(?:(?:EC|SVT)_)?E?OK$/.test(code.trim());
}

/** Whether texts of an error say that CloudTower could not reach the cluster, so that the outcome is unknown. */
export function isUnreachable(texts: readonly (string | null | undefined)[]): boolean {
  return texts.some((text) => text !== null && text !== undefined && UNREACHABLE.some((pattern) => pattern.test(text)));
}

/** A refused login, a gateway without an answer, and the codes of a connection that failed or broke, whichever library reports them. */
const UNREACHABLE = [
  /\bTimeoutError\b/,
  /\bHTTPError\b.*\b(?:401|502|503|504)\b/s,
  /\b(?:ETIMEDOUT|ESOCKETTIMEDOUT|EHOSTUNREACH|EHOSTDOWN|ENETUNREACH|ECONNREFUSED|ECONNRESET|ECONNABORTED|EPIPE)\b/,
  /\bsocket hang up\b/i,
];

function causeOf(value: unknown, depth: number): Cause | "ok" | undefined {
  if (depth > MAX_DEPTH || value === null || value === undefined) return undefined;
  if (typeof value === "string") return causeOfText(value, depth);
  if (Array.isArray(value)) return firstCause(value.slice(0, MAX_ITEMS), depth);
  return typeof value === "object" ? causeOfObject(value as Record<string, unknown>, depth) : undefined;
}

function causeOfText(text: string, depth: number): Cause | "ok" | undefined {
  const trimmed = text.trim();
  if (trimmed === "") return undefined;
  const nested = parseJson(trimmed);
  const line = /^code:[ \t]*(\S+)/m.exec(trimmed)?.[1];
  const deeper = nested === undefined ? undefined : causeOf(nested, depth + 1);
  if (deeper !== undefined && deeper !== "ok") {
    return { code: line !== undefined && !isOk(line) ? line : deeper.code, message: deeper.message };
  }
  if (line !== undefined && !isOk(line)) {
    return { code: line, message: /^message:[ \t]*(\S.*)/m.exec(trimmed)?.[1]?.trim() };
  }
  if (deeper === "ok" || isOk(line ?? trimmed)) return "ok";
  // A code alone, such as VM_DUPLICATED_NAME or EAllocSpace.
  return /^(?:[A-Z][A-Z0-9]*(?:_[A-Za-z0-9]+)+|E[A-Z][A-Za-z]+)$/.test(trimmed) ? { code: trimmed } : { message: text };
}

function causeOfObject(object: Record<string, unknown>, depth: number): Cause | "ok" | undefined {
  const code = CODE_FIELDS.map((name) => object[name]).find((each) => typeof each === "string" && each !== "");
  const own = typeof code === "string" ? code : undefined;
  const byLanguage = LANGUAGES.map((name) => object[name]);
  const inside = [...JOB_FIELDS, ...MESSAGE_FIELDS].map((name) => object[name]);
  const deeper = firstCause([...inside, ...byLanguage], depth);
  if (deeper !== undefined && deeper !== "ok") {
    return { code: deeper.code ?? (own === undefined || isOk(own) ? undefined : own), message: deeper.message };
  }
  if (own === undefined) return deeper;
  return isOk(own) ? "ok" : { code: own };
}

/** The first of several values that describes an error; "ok" if the others all mean success. */
function firstCause(values: readonly unknown[], depth: number): Cause | "ok" | undefined {
  let result: Cause | "ok" | undefined;
  for (const value of values) {
    const cause = causeOf(value, depth + 1);
    if (cause !== undefined && cause !== "ok") return cause;
    result ??= cause;
  }
  return result;
}

/** The JSON object or list in a text, which may have other text before and after it. */
function parseJson(text: string): unknown {
  for (const [open, close] of ["{}", "[]"] as const) {
    const [start, end] = [text.indexOf(open as string), text.lastIndexOf(close as string)];
    if (start < 0 || end <= start) continue;
    try {
      return JSON.parse(text.slice(start, end + 1)) as unknown;
    } catch {
      // Brackets in plain text.
    }
  }
  return undefined;
}
