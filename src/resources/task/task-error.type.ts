import { Field, ObjectType, registerEnumType } from "type-graphql";
import { type Cause, causeIn, isOk, isUnreachable } from "./task-error-text.js";

/** What the error of a task says about its outcome. */
export const TaskErrorKind = { REPORTED: "REPORTED", CLUSTER_UNREACHABLE: "CLUSTER_UNREACHABLE" } as const;
registerEnumType(TaskErrorKind, {
  name: "TaskErrorKind",
  description: "What the error of a task says about its outcome.",
  valuesConfig: {
    REPORTED: { description: "CloudTower or the cluster reported that the change failed." },
    CLUSTER_UNREACHABLE: {
      description: "CloudTower could not reach the cluster: whether the change was made is unknown.",
    },
  },
});

/** Why a task failed. */
@ObjectType({ description: "Why a task failed, as reported by CloudTower." })
export class TaskError {
  @Field(() => TaskErrorKind, { description: "Whether the change certainly failed, or its outcome is unknown." })
  readonly kind!: keyof typeof TaskErrorKind;

  @Field(() => String, { nullable: true, description: "CloudTower's error code." })
  readonly code!: string | null;

  @Field(() => String, { nullable: true, description: "Error code of the cause within the cluster, if reported." })
  readonly innerCode!: string | null;

  @Field(() => String, { nullable: true, description: "What went wrong, in the language of the request if known." })
  readonly message!: string | null;
}

/**
 * The error in a task's row; null if there is none, or if its codes mean success (`EOK`).
 *
 * The text can be plain, a code, or JSON in one of several shapes, also nested: see `causeIn`. Returns the innermost code and message,
 * which describe the cause; without them, the text itself.
 */
export function parseTaskError(code: unknown, text: unknown): TaskError | null {
  const outer = typeof code === "string" && code !== "" && !isOk(code) ? code : null;
  const shown = typeof text === "string" && text !== "" ? text : undefined;
  const cause: Cause | "ok" = shown === undefined ? {} : causeIn(shown);
  if (cause === "ok") return outer === null ? null : reported(outer, {});
  if (outer === null && shown === undefined) return null;
  // With a code of its own the cluster has answered.
  if (cause.code === undefined ? isUnreachable([outer, shown]) : isUnreachable([cause.code])) {
    return { kind: "CLUSTER_UNREACHABLE", code: outer, innerCode: null, message: cause.message ?? shown ?? null };
  }
  return reported(outer, { code: cause.code, message: cause.message ?? shown });
}

function reported(code: string | null, cause: Cause): TaskError {
  return { kind: "REPORTED", code, innerCode: cause.code ?? null, message: cause.message ?? null };
}
