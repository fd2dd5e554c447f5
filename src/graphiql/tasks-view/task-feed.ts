import { createClient, type TowerQLClient } from "../../../clients/typescript/src/client.js";
import { CursorExpiredError, GraphQLFailure } from "../../../clients/typescript/src/errors.js";
import { type Task, TaskList } from "./task-list.js";

/** What the view shows. */
export interface FeedState {
  readonly list: TaskList;
  /** Whether more tasks ran at the beginning than were read. */
  readonly isIncomplete: boolean;
  /** `live`: events arrive. `waiting`: the connection is being made, or made again. `refused`: another credential is needed. */
  readonly connection: "waiting" | "live" | "refused";
  /** Why it is refused or waits, if that is known. */
  readonly problem: string | undefined;
}

/** Options for `TaskFeed`. */
export interface FeedOptions {
  readonly url: URL;
  /** Credential, asked before each request. */
  readonly token: () => string | undefined;
}

const TASK = `fragment Shown on Task {
  id description resourceMutation status progress startedAt finishedAt
  steps { key current total unit finished secondsLeft }
  error { message }
  user { name }
  vm { id name }
}`;

const CURSOR = "query TasksViewCursor { eventCursor }";

const NOW = `query TasksViewNow {
  running: tasks(filter: { status: { in: [PENDING, EXECUTING, PAUSED] } }, first: 100, orderBy: { field: CREATED_AT, direction: DESC }) { nodes { ...Shown } pageInfo { hasNextPage } }
  ended: tasks(filter: { status: { in: [SUCCEEDED, FAILED] } }, first: 20, orderBy: { field: FINISHED_AT, direction: DESC }) { nodes { ...Shown } }
}
${TASK}`;

const EVENTS = `subscription TasksView($after: EventCursor) {
  taskEvents(after: $after) { cursor task { ...Shown } }
}
${TASK}`;

interface Now {
  readonly running: {
    readonly nodes: readonly Task[];
    readonly pageInfo: { readonly hasNextPage: boolean };
  } | null;
  readonly ended: { readonly nodes: readonly Task[] } | null;
}

interface TaskEvents {
  readonly taskEvents: { readonly cursor: string; readonly task: Task | null };
}

const INITIAL: FeedState = { list: TaskList.empty, isIncomplete: false, connection: "waiting", problem: undefined };

/** Pause before the next attempt, after the client has given one up. */
const PAUSE_MS = 2_000;

/**
 * The tasks of CloudTower, as long as somebody listens: first what it lists, then each event after that. It goes on at its cursor
 * after a lost connection, a restart of the gateway, or a time in which nobody listened.
 */
export class TaskFeed {
  private readonly client: TowerQLClient;
  private readonly listeners = new Set<() => void>();
  private current = INITIAL;
  private cursor: string | undefined;
  private running: AbortController | undefined;

  constructor({ url, token }: FeedOptions) {
    this.client = createClient({
      url: url.href,
      token: () => token() ?? "",
      patienceSeconds: Number.POSITIVE_INFINITY,
      fetch: (input, init) => this.observed(fetch(input, init)),
    });
  }

  /** Calls the listener after each change, and follows the tasks while there is one. Returns how to end that. */
  readonly subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    if (this.running === undefined) this.start();
    return () => {
      this.listeners.delete(listener);
      if (this.listeners.size === 0) this.stop();
    };
  };

  readonly getState = (): FeedState => this.current;

  /** Begins again, with another credential: what the previous one could see is forgotten. */
  restart(): void {
    this.stop();
    this.cursor = undefined;
    this.set(INITIAL);
    if (this.listeners.size > 0) this.start();
  }

  private start(): void {
    const controller = new AbortController();
    this.running = controller;
    void this.run(controller.signal);
  }

  private stop(): void {
    this.running?.abort();
    this.running = undefined;
  }

  private async run(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      try {
        await this.follow(signal);
      } catch (error) {
        if (signal.aborted) return;
        if (!this.recover(error)) return;
      }
      await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
    }
  }

  private async follow(signal: AbortSignal): Promise<void> {
    if (this.cursor === undefined) {
      // Before the lists: what happens while they are read comes again as an event.
      const { eventCursor } = await this.client.query<{ eventCursor: string }>(CURSOR, {}, { signal });
      const now = await this.client.query<Now>(NOW, {}, { signal });
      const tasks = [...(now.running?.nodes ?? []).toReversed(), ...(now.ended?.nodes ?? [])];
      for (const task of tasks) this.add(task);
      this.set({ ...this.current, isIncomplete: now.running?.pageInfo.hasNextPage ?? false });
      this.cursor = eventCursor;
    }
    const after = this.cursor;
    const events = this.client.subscribe<TaskEvents>(EVENTS, { after }, { signal, after });
    for await (const { data } of events) this.receive(data);
  }

  private receive({ taskEvents: { cursor, task } }: TaskEvents): void {
    if (task !== null) this.add(task);
    this.cursor = cursor;
    this.set({ ...this.current, connection: "live", problem: undefined });
  }

  /** False if only another credential helps. */
  private recover(error: unknown): boolean {
    const problem = error instanceof Error ? error.message : String(error);
    if (error instanceof CursorExpiredError) {
      this.cursor = undefined;
      return true;
    }
    if (!(error instanceof GraphQLFailure)) {
      this.set({ ...this.current, connection: "waiting", problem });
      return true;
    }
    if (error.code === "UNAUTHENTICATED" || error.code === "FORBIDDEN") {
      this.set({ ...this.current, connection: "refused", problem });
      return false;
    }
    // One event of which a part could not be read.
    const data = error.data as TaskEvents | null | undefined;
    if (data?.taskEvents) this.receive(data);
    else this.set({ ...this.current, connection: "waiting", problem });
    return true;
  }

  private add(task: Task): void {
    this.set({ ...this.current, list: this.current.list.with(task, performance.now()) });
  }

  /** Tells at once when a connection is lost, while the client tries again by itself. */
  private async observed(response: Promise<Response>): Promise<Response> {
    try {
      const { status } = await response;
      if (status >= 500) this.set({ ...this.current, connection: "waiting", problem: `HTTP ${status}` });
    } catch {
      if (this.running !== undefined)
        this.set({ ...this.current, connection: "waiting", problem: "The gateway does not respond." });
    }
    return response;
  }

  private set(state: FeedState): void {
    this.current = state;
    for (const listener of this.listeners) listener();
  }
}
