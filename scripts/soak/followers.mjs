import { setTimeout as sleep } from "node:timers/promises";

/** What others do in CloudTower while the feeds are followed. */
export const ACTIVITY = { perMinute: 120, planSeconds: 15, failing: 0.1 };
/** Rows that become visible late, or without the time that orders them. */
export const LATE = {
  lags: { taskVisibleMs: 1_500, taskEndVisibleMs: 3_000, snapshotVisibleMs: 2_000 },
  quirks: { lateShare: 0.2, undatedSnapshots: 0.1 },
};

const TASKS = `subscription Tasks($after: EventCursor) {
  taskEvents(after: $after, filter: { kind: { in: [ENDED] } }) { id kind taskId }
}`;
const SNAPSHOTS = `subscription Snapshots($after: EventCursor) {
  vmSnapshotEvents(after: $after, filter: { kind: { in: [READY, FAILED, DELETED] } }) { id kind snapshotId }
}`;
/** How long events may take after the last of them has happened. */
const GRACE_MS = 90_000;
/** A follower leaves after so many milliseconds at most, and comes back a moment later. */
const MAX_STAY_MS = 15_000;
const MAX_PAUSE_MS = 3_000;

/** A client that follows one feed, comes and goes, and resumes after the last cursor each time. */
class Follower {
  ids = new Set();
  doubled = 0;
  resumes = 0;
  cursor = undefined;

  constructor(query, field) {
    this.query = query;
    this.field = field;
  }

  /** Follows until it is told to stop. @param stays whether it never leaves by itself. */
  async run(gateway, tally, socket, stays) {
    while (!this.stopped) {
      const stream = gateway.watch(socket, this.query, { after: this.cursor ?? null });
      this.leave = () => void stream.return();
      const timer = stays ? undefined : setTimeout(this.leave, Math.random() * MAX_STAY_MS);
      // In one stream each id comes once; after a resume the last ones may come again.
      const seen = new Set();
      try {
        for await (const { data, errors, extensions } of stream) {
          for (const { extensions: error } of errors ?? []) tally.count(tally.streamErrors, error?.code ?? "none");
          this.cursor = extensions?.cursor ?? this.cursor;
          const event = data?.[this.field];
          if (!event || event.kind === "BOOKMARK") continue;
          if (seen.has(event.id)) this.doubled += 1;
          seen.add(event.id);
          this.ids.add(event.id);
        }
      } catch (error) {
        tally.count(tally.streamErrors, String(error?.[0]?.extensions?.code ?? error?.message ?? error?.code));
      } finally {
        clearTimeout(timer);
      }
      this.resumes += 1;
      await sleep(Math.random() * MAX_PAUSE_MS);
    }
  }

  stop() {
    this.stopped = true;
    this.leave?.();
  }
}

/** Followers of both feeds; half of them come and go. */
export class Followers {
  static async start(gateway, tally) {
    await gateway.change("lags", LATE.lags);
    await gateway.change("quirks", LATE.quirks);
    const followers = new Followers(gateway, tally);
    // All have begun before anything happens.
    while (followers.all.some(({ cursor }) => cursor === undefined)) await sleep(100);
    followers.before = new Set((await gateway.simulated("past-tasks")).tasks.map(({ id }) => id));
    await gateway.change("activity", ACTIVITY);
    return followers;
  }

  constructor(gateway, tally) {
    this.gateway = gateway;
    this.tally = tally;
    this.tasks = [0, 1].map(() => new Follower(TASKS, "taskEvents"));
    this.snapshots = [0, 1].map(() => new Follower(SNAPSHOTS, "vmSnapshotEvents"));
    this.all = [...this.tasks, ...this.snapshots];
    this.running = this.all.map((follower, n) => follower.run(gateway, tally, n, n % 2 === 0));
  }

  /** Compares what the followers got with what the simulator knows, once everything has ended. */
  async finish() {
    const { gateway, tally } = this;
    await gateway.change("activity", { perMinute: 0, planSeconds: 0 });
    const deadline = performance.now() + GRACE_MS;
    let missing = await this.missing();
    while (missing.length > 0 && performance.now() < deadline) {
      await sleep(1_000);
      missing = await this.missing();
    }
    for (const follower of this.all) follower.stop();
    await Promise.all(this.running);
    tally.followed = this.all.reduce((sum, { ids }) => sum + ids.size, 0);
    tally.followersResumed = this.all.reduce((sum, { resumes }) => sum + resumes, 0);
    tally.followedLost = missing.length;
    tally.followedDoubled = this.all.reduce((sum, { doubled }) => sum + doubled, 0);
    for (const id of missing.slice(0, 5)) process.stdout.write(`lost: ${id}\n`);
  }

  /** Events that a follower lacks, although they have happened. */
  async missing() {
    const { tasks } = await this.gateway.simulated("past-tasks");
    const since = tasks.filter(({ id }) => !this.before.has(id));
    return [
      ...this.tasks.flatMap(({ ids }) => since.map(({ id }) => `Task:${id}:ENDED`).filter((id) => !ids.has(id))),
      ...this.snapshots.flatMap(({ ids }) => lacking(ids, since)),
    ];
  }
}

/** Snapshots of others: the own ones of the backups are spoiled on purpose, and some of them never become usable. */
const OF_OTHERS = /snapshot (manual|plan)-/;

/** What a follower of the snapshots lacks: how each of them turned out, and each deletion. */
function lacking(ids, tasks) {
  const ofOthers = tasks.filter(({ description }) => OF_OTHERS.test(description));
  return ofOthers.flatMap(({ mutation, resourceId, status }) => {
    const [ready, failed, deleted] = ["READY", "FAILED", "DELETED"].map((kind) => `VmSnapshot:${resourceId}:${kind}`);
    // A snapshot that was gone when a follower came back gives DELETED only.
    if (mutation === "createVmSnapshot") return [ready, failed, deleted].some((id) => ids.has(id)) ? [] : [ready];
    return mutation === "deleteVmSnapshot" && status === "SUCCESSED" && !ids.has(deleted) ? [deleted] : [];
  });
}
