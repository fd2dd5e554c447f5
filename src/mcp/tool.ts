import type { CallToolResult, ToolAnnotations } from "@modelcontextprotocol/sdk/types.js";
import type { z } from "zod";
import { ErrorCode } from "../kernel/errors.js";
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
