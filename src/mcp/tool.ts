import type { CallToolResult, ToolAnnotations, Tool as ToolDefinition } from "@modelcontextprotocol/sdk/types.js";
import { z } from "zod";
import { badInput, ErrorCode } from "../kernel/errors.js";
import type { Runner } from "./runner.js";

/** A tool that agents can call. */
export interface Tool {
  readonly name: string;
  readonly title: string;
  /** For the agent: what it does, when to use it, and what it returns. */
  readonly description: string;
  /** Its arguments: they are checked before `run` is called. */
  readonly input: z.ZodRawShape;
  readonly annotations: ToolAnnotations;
  /** Field of Mutation that it writes with. @default none: it only reads */
  readonly mutation?: string;
  /** Its result, which is shown as JSON. @throws Refusal, TowerError */
  run(args: never, runner: Runner): Promise<ToolResult>;
}

/** Result of a tool. */
export interface ToolResult {
  readonly value: object;
  /** Whether the agent should see the result as a failure. @default false */
  readonly isError?: boolean;
  /** Shown however long it is, because it tells what was written. @default false */
  readonly isWritten?: boolean;
}

/** Declares a tool with the types of its arguments. */
export function defineTool<S extends z.ZodRawShape>(
  tool: Omit<Tool, "input" | "run"> & {
    readonly input: S;
    run(args: z.infer<z.ZodObject<S>>, runner: Runner): Promise<ToolResult>;
  },
): Tool {
  return tool as unknown as Tool;
}

/** A tool as agents find it in the list. */
export function definitionOf({ name, title, description, input, annotations }: Tool): ToolDefinition {
  const inputSchema = z.toJSONSchema(z.object(input), { target: "draft-7", io: "input" });
  return { name, title, description, inputSchema: inputSchema as ToolDefinition["inputSchema"], annotations };
}

/** Faults that are named at a time: arguments can have one per value. */
const MAX_NAMED_FAULTS = 3;

/** The arguments of a call, with defaults. @throws TowerError BAD_USER_INPUT that names the first that do not fit */
export function checkedArguments({ name, input }: Tool, args: unknown): never {
  const { data, error } = z.object(input).safeParse(args ?? {});
  if (error === undefined) return data as never;
  const faults = error.issues.slice(0, MAX_NAMED_FAULTS).map(({ path, message }) => `${path.join(".")}: ${message}`);
  const others = error.issues.length - faults.length;
  const more = others > 0 ? `; and ${others} more` : "";
  throw badInput(`Arguments of ${name} that do not fit its input schema: ${faults.join("; ")}${more}.`);
}

/** A result as the protocol has it. One that is too long is replaced by what to do instead. */
export function shown({ value, isError = false, isWritten = false }: ToolResult, maxBytes: number): CallToolResult {
  const text = JSON.stringify(value);
  const bytes = Buffer.byteLength(text);
  if (bytes <= maxBytes || isWritten) return { content: [{ type: "text", text }], isError };
  const message = `Result too large: at most ${maxBytes} bytes, got ${bytes}. Ask for less: fewer fields, a filter, or smaller pages (first: 20, then after: <endCursor>).`;
  return {
    content: [{ type: "text", text: JSON.stringify({ errors: [{ message, code: ErrorCode.QueryTooExpensive }] }) }],
    isError: true,
  };
}
