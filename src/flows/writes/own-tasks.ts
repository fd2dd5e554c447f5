import { oldestFirst } from "../../resources/shared/oldest-first.js";
import type { Row } from "../../upstream/wire/types.js";

/** CloudTower's users behind the gateway's callers, learned from the tasks of their writes. Lives as long as the process. */
export class KnownUsers {
  private readonly users = new Map<string, string>();

  constructor(private readonly maxCallers = 10_000) {}

  /** Learns the user from the task of a write that CloudTower accepted from the caller. */
  learn(callerKey: string, { user }: Row<"Task">): void {
    if (!user?.id) return;
    this.users.delete(callerKey);
    this.users.set(callerKey, user.id);
    const [oldest] = this.users.keys();
    if (this.users.size > this.maxCallers && oldest !== undefined) this.users.delete(oldest);
  }

  /** The caller's user, if it is known. */
  userOf(callerKey: string): string | undefined {
    return this.users.get(callerKey);
  }

  /** Whether a task is certainly another user's than the caller's. */
  isAnother(callerKey: string, { user }: Row<"Task">): boolean {
    const own = this.users.get(callerKey);
    return own !== undefined && !!user?.id && user.id !== own;
  }

  /**
   * The tasks that the caller may have started, oldest first.
   *
   * If the caller's user is not known yet, a task counts as the caller's unless it has no user or that of another caller; tasks of several
   * users are then nobody's.
   *
   * @param user the caller's user. @default the user that was learned
   */
  ownTasks(callerKey: string, tasks: readonly Row<"Task">[], user = this.users.get(callerKey)): Row<"Task">[] {
    const others = new Set(user === undefined ? this.users.values() : []);
    const mayBeOwn = (id: string) => (user === undefined ? !others.has(id) : id === user);
    const own = oldestFirst(tasks.filter((task) => task.user && mayBeOwn(task.user.id)));
    return new Set(own.map((task) => task.user?.id)).size > 1 ? [] : own;
  }
}

/** Whether the arguments of a task name all of these ids and names. They are free JSON, or JSON in a text. */
export function argumentsName(task: Row<"Task">, texts: readonly string[]): boolean {
  const named = textsIn(task);
  return texts.every((text) => named.has(text));
}

/** All texts in the arguments of a task. */
export function textsIn({ args }: Row<"Task">): ReadonlySet<string> {
  const texts = new Set<string>();
  collectTexts(args, texts);
  return texts;
}

function collectTexts(value: unknown, texts: Set<string>): void {
  if (typeof value === "string") {
    texts.add(value);
    if (/^\s*[[{]/.test(value)) collectTexts(parsed(value), texts);
  } else if (typeof value === "object" && value !== null) {
    for (const inner of Object.values(value)) collectTexts(inner, texts);
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
