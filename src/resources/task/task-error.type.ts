import { Field, ObjectType } from "type-graphql";

/** Why a task failed. */
@ObjectType({ description: "Why a task failed, as reported by CloudTower." })
export class TaskError {
  @Field(() => String, { nullable: true, description: "CloudTower's error code." })
  readonly code!: string | null;

  @Field(() => String, { nullable: true, description: "Error code of the cause within the cluster, if reported." })
  readonly innerCode!: string | null;

  @Field(() => String, { nullable: true, description: "What went wrong, in the language of the request." })
  readonly message!: string | null;
}

/**
 * CloudTower's error texts can contain JSON whose message contains JSON again: `... {"ec": "EFOO", "message": "..."}`. Returns the
 * innermost code and message, which describe the cause; without nested JSON, the text itself.
 */
export function parseTaskError(code: string | null | undefined, text: string | null | undefined): TaskError | null {
  if (!code && !text) return null;
  const inner = text ? innermost(text, 0) : {};
  return { code: code || null, innerCode: inner.code ?? null, message: inner.message ?? (text || null) };
}

interface Inner {
  readonly code?: string;
  readonly message?: string;
}

/** Maximum depth of nested JSON to parse. */
const MAX_DEPTH = 5;

function innermost(text: string, depth: number): Inner {
  const nested = depth < MAX_DEPTH ? parseNested(text) : undefined;
  if (nested === undefined) return {};
  const code = firstText(nested, ["ec", "error_code", "code"]);
  const message = firstText(nested, ["message", "msg", "error_message", "error"]);
  const deeper = message === undefined ? {} : innermost(message, depth + 1);
  return { code: deeper.code ?? code, message: deeper.message ?? message };
}

function parseNested(text: string): Record<string, unknown> | undefined {
  const [start, end] = [text.indexOf("{"), text.lastIndexOf("}")];
  if (start < 0 || end <= start) return undefined;
  try {
    const parsed: unknown = JSON.parse(text.slice(start, end + 1));
    return typeof parsed === "object" && parsed !== null ? (parsed as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}

function firstText(object: Record<string, unknown>, names: readonly string[]): string | undefined {
  for (const name of names) {
    const value = object[name];
    if (typeof value === "string" && value !== "") return value;
    if (typeof value === "object" && value !== null) return firstText(value as Record<string, unknown>, names);
  }
  return undefined;
}
