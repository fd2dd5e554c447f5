import { type Client, createClient } from "graphql-ws";
import { pino } from "pino";
import WebSocket from "ws";
import { type App, startApp } from "../../../src/app.js";
import { loadConfig } from "../../../src/config.js";
import { Random } from "../../../src/simulator/random.js";
import { type Simulator, startSimulator } from "../../../src/simulator/simulator.js";
import type { Event, FeedName } from "./follow.js";

type Columns = Record<string, unknown>;

const FIELDS: Record<FeedName, string> = {
  taskEvents: "cursor id kind at taskId",
  vmSnapshotEvents: "cursor id kind at snapshotId errors { code message }",
};
const STEPS = 8;

/** What went wrong in a night, and how much happened. */
export interface NightReport {
  readonly wrong: readonly string[];
  readonly events: number;
}

/**
 * A night in which others work on a CloudTower with random habits, while readers follow both feeds: one that stays, one that comes and
 * goes, and one that asks for pages. The gateway is restarted at times. The same seed gives the same habits and actions.
 */
export async function spendNight(seed: number): Promise<NightReport> {
  const random = new Random(seed);
  const habits = habitsOf(random);
  const simulator = await startSimulator({ vms: 50, seed, taskSeconds: random.pick([0.5, 5, 20]) });
  simulator.control.setLags(habits.lags);
  simulator.control.setQuirks(habits.quirks);
  const night = new Night(simulator, random, habits);
  try {
    return await night.run();
  } catch (error) {
    return { wrong: [`${JSON.stringify(habits)}: ${(error as Error).stack}`], events: 0 };
  } finally {
    await night.stop();
    await simulator.stop();
  }
}

type Habits = ReturnType<typeof habitsOf>;

function habitsOf(random: Random) {
  const late = random.pick([0, 0, 5_000, 25_000, 400_000]);
  return {
    lags: {
      taskVisibleMs: random.pick([0, 0, late]),
      taskEndVisibleMs: random.pick([0, late]),
      snapshotVisibleMs: random.pick([0, 0, late]),
      asyncStatusMs: random.pick([0, 3_000]),
      lunSnapshotMs: random.pick([0, 0, 8_000]),
      frozenDisksMs: random.pick([0, 0, 4_000]),
    },
    quirks: {
      lateShare: 0.4,
      clusterClockMs: random.pick([0, 0, 180_000, -180_000]),
      undatedSnapshots: random.pick([0, 0, 0.1]),
      undatedTasks: random.pick([0, 0, 0.1]),
    },
    activity: {
      perMinute: random.pick([5, 30, 60]),
      planSeconds: random.pick([0, 20]),
      failing: random.pick([0, 0.2]),
      silentDeletions: random.pick([0, 0.2]),
    },
    rowsPerCall: random.pick(["25", "100", "10000"]),
    restarts: random.pick([0, 0, 0.15]),
  };
}

class Night {
  private app: App | undefined;
  private client: Client | undefined;
  private readonly token: string;
  private readonly wrong: string[] = [];
  private restarts = 0;

  constructor(
    private readonly simulator: Simulator,
    private readonly random: Random,
    private readonly habits: Habits,
  ) {
    this.token = simulator.users[0]?.token ?? "";
  }

  async run(): Promise<NightReport> {
    const { simulator, random, habits } = this;
    await this.start();
    const feeds: FeedName[] = ["taskEvents", "vmSnapshotEvents"];
    const readers = feeds.flatMap((feed) => [new Reader(feed, "steady"), new Reader(feed, "restless")]);
    const pagers = feeds.map((feed) => new Reader(feed, "pages"));
    for (const reader of readers) await reader.open(this.connection);
    const { eventCursor } = await this.query("{ eventCursor }");
    for (const pager of pagers) pager.cursor = String(eventCursor);
    const before = new Set(simulator.control.rows("Task").map(({ id }) => String(id)));
    simulator.control.setActivity(habits.activity);
    for (let step = 0; step < STEPS; step += 1) {
      simulator.advance(random.int(1_000, 60_000));
      await this.settle(readers);
      if (random.chance(habits.restarts)) await this.restart(readers);
      for (const reader of readers.filter(({ name }) => name === "restless")) {
        if (reader.isOpen) await reader.close();
        else if (random.chance(0.6)) await reader.open(this.connection);
      }
      if (random.chance(0.4)) for (const pager of pagers) await this.readPages(pager);
    }
    simulator.control.setActivity({ perMinute: 0, planSeconds: 0 });
    for (let step = 0; step < 3; step += 1) {
      simulator.advance(150_000);
      await this.settle(readers);
    }
    // A stream that resumes lets the feed look for late rows, which it does by itself every 30 s.
    for (const reader of readers.filter(({ name }) => name === "restless")) {
      await reader.close();
      await reader.open(this.connection);
    }
    for (const pager of pagers) await this.readPages(pager);
    const all = [...readers, ...pagers];
    await this.until(() => this.missing(all, before).length === 0);
    for (const pager of pagers) await this.readPages(pager);
    this.wrong.push(...this.missing(all, before), ...all.flatMap((reader) => reader.faults()));
    for (const reader of readers) await reader.close();
    const events = all.reduce((sum, reader) => sum + reader.ids.size, 0);
    const { wrong } = this;
    return {
      wrong: wrong.length === 0 ? [] : [JSON.stringify({ ...habits, restarted: this.restarts }), ...wrong],
      events,
    };
  }

  async stop(): Promise<void> {
    await this.client?.dispose();
    await this.app?.stop();
  }

  private get connection(): Client {
    return this.client as Client;
  }

  private async start(): Promise<void> {
    const env = {
      ...{ PORT: "0", HOST: "127.0.0.1", LOG_LEVEL: "silent", CLOUDTOWER_URL: this.simulator.url },
      ...{ TASK_POLL_QUICK_MS: "10", TASK_POLL_SLOW_MS: "20", UPSTREAM_ROWS_PER_CALL: this.habits.rowsPerCall },
      TASK_APPEAR_SECONDS: "1",
    };
    this.app = await startApp(loadConfig(env), pino({ level: "silent" }));
    this.client = createClient({
      ...{ url: `ws://127.0.0.1:${this.app.port}/graphql`, webSocketImpl: WebSocket, retryAttempts: 0 },
      connectionParams: { Authorization: this.token },
    });
  }

  private async restart(readers: readonly Reader[]): Promise<void> {
    this.restarts += 1;
    const open = readers.filter(({ isOpen }) => isOpen);
    await this.stop();
    for (const reader of readers) reader.lost();
    await this.start();
    for (const reader of open) await reader.open(this.connection);
  }

  /** Waits for two polls of what is followed. */
  private async settle(readers: readonly Reader[]): Promise<void> {
    if (readers.every(({ isOpen }) => !isOpen)) return;
    for (let poll = 0; poll < 2; poll += 1) await this.simulator.calls.next("get-tasks");
  }

  private async until(condition: () => boolean): Promise<void> {
    for (let attempt = 0; attempt < 100 && !condition(); attempt += 1) {
      this.simulator.advance(1_000);
      await this.simulator.calls.next("get-tasks");
    }
  }

  private async query(query: string, variables?: Columns): Promise<Columns> {
    const response = await fetch(`http://127.0.0.1:${this.app?.port}/graphql`, {
      method: "POST",
      headers: { "content-type": "application/json", authorization: this.token },
      body: JSON.stringify({ query, variables }),
    });
    const { data, errors } = (await response.json()) as { data: Columns; errors?: unknown };
    if (errors !== undefined) throw new Error(JSON.stringify(errors));
    return data;
  }

  private async readPages(pager: Reader): Promise<void> {
    const query = `query($after: EventCursor!) { ${pager.feed}(after: $after, first: 7) { nodes { ${FIELDS[pager.feed]} } endCursor hasNextPage } }`;
    pager.begin();
    for (let page = 0; page < 300; page += 1) {
      const result = (await this.query(query, { after: pager.cursor }))[pager.feed] as {
        nodes: Event[];
        endCursor: string;
        hasNextPage: boolean;
      };
      for (const node of result.nodes) pager.receive(node);
      pager.cursor = result.endCursor;
      if (!result.hasNextPage) return;
    }
    this.wrong.push(`the pages of ${pager.feed} do not end`);
  }

  /** What has happened and was not told. */
  private missing(readers: readonly Reader[], before: ReadonlySet<string>): string[] {
    const { control } = this.simulator;
    const tasks = control.rows("Task").filter(({ id }) => !before.has(String(id)));
    const ended = tasks.filter(({ status }) => status === "SUCCESSED" || status === "FAILED");
    const existing = new Set(control.rows("VmSnapshot").map(({ id }) => String(id)));
    return readers.flatMap((reader) => {
      const expected: string[] = [];
      // Without a time they are found by those who see them appear.
      const sees = reader.name === "steady" && this.restarts === 0;
      for (const task of ended) {
        if (!sees && !task.finished_at) continue;
        if (reader.feed === "taskEvents") expected.push(`Task:${task.id}:ENDED`);
        else if (task.resource_mutation === "deleteVmSnapshot" && task.status === "SUCCESSED") {
          expected.push(`VmSnapshot:${task.resource_id}:DELETED`);
        } else if (task.resource_mutation === "createVmSnapshot") {
          const id = String(task.resource_id);
          if (task.status === "FAILED") expected.push(`VmSnapshot:${id}:FAILED`);
          else if (existing.has(id)) expected.push(`VmSnapshot:${id}:READY`);
        }
      }
      return expected
        .filter((id) => !reader.ids.has(id))
        .map(
          (id) =>
            `${reader.feed} of the ${reader.name} reader lacks ${id} ${JSON.stringify(this.detail(id, tasks))}, but has ${reader.of(id.split(":")[1] ?? "")}`,
        );
    });
  }

  private detail(id: string, tasks: readonly Columns[]): unknown {
    const [, subject] = id.split(":");
    const rows = tasks.filter((task) => task.id === subject || task.resource_id === subject);
    const snapshot = this.simulator.control.row("VmSnapshot", String(subject));
    return [
      rows.map(({ resource_mutation, status, finished_at }) => [resource_mutation, status, finished_at]),
      snapshot?.local_created_at,
      snapshot?.entityAsyncStatus,
    ];
  }
}

/** A reader of a feed, with what it got over all its streams. */
class Reader {
  readonly ids = new Set<string>();
  cursor: string | undefined;
  private readonly streams: Event[][] = [];
  private stopStream: (() => void) | undefined;
  private readonly errors: string[] = [];
  private ended: Promise<void> = Promise.resolve();

  constructor(
    readonly feed: FeedName,
    readonly name: string,
  ) {}

  get isOpen(): boolean {
    return this.stopStream !== undefined;
  }

  /** What it got of a task or snapshot. */
  of(subject: string): string {
    return [...this.ids].filter((id) => id.includes(subject)).join(" ");
  }

  begin(): void {
    this.streams.push([]);
  }

  receive(event: Event): void {
    this.streams.at(-1)?.push(event);
    this.ids.add(event.id);
    this.cursor = event.cursor;
  }

  /** Resolves with the first event. */
  async open(client: Client): Promise<void> {
    this.begin();
    const query = `subscription($after: EventCursor) { ${this.feed}(after: $after) { ${FIELDS[this.feed]} } }`;
    await new Promise<void>((resolve, reject) => {
      this.ended = new Promise((end) => {
        this.stopStream = client.subscribe<Record<string, Event>>(
          { query, variables: { after: this.cursor } },
          {
            next: ({ data, errors }) => {
              if (errors !== undefined) this.errors.push(JSON.stringify(errors));
              if (errors !== undefined) reject(new Error(JSON.stringify(errors)));
              else if (data) this.receive(data[this.feed] as Event);
              resolve();
            },
            error: (error) => {
              reject(new Error(JSON.stringify(error)));
              end();
            },
            complete: () => end(),
          },
        );
      });
    });
  }

  async close(): Promise<void> {
    this.stopStream?.();
    this.stopStream = undefined;
    await this.ended;
  }

  lost(): void {
    this.stopStream = undefined;
  }

  /** What no stream may do. */
  faults(): string[] {
    const faults = [...this.errors];
    for (const stream of this.streams) {
      const seen = new Set<string>();
      const last = new Map<string, number>();
      for (const { id, kind, taskId, snapshotId } of stream) {
        if (kind === "BOOKMARK") continue;
        if (seen.has(id) && this.name !== "pages")
          faults.push(`${this.feed} of the ${this.name} reader: ${id} came twice`);
        seen.add(id);
        const subject = taskId ?? snapshotId ?? "";
        const rank = RANKS[kind] ?? 0;
        if (rank < (last.get(subject) ?? 0)) faults.push(`${this.feed} of the ${this.name} reader: ${id} came late`);
        last.set(subject, rank);
      }
    }
    return faults;
  }
}

const RANKS: Record<string, number> = {
  STARTED: 1,
  PROGRESSED: 2,
  ENDED: 3,
  CREATED: 1,
  READY: 2,
  FAILED: 2,
  DELETED: 3,
};
