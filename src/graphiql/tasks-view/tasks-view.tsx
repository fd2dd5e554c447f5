import { useSyncExternalStore } from "react";
import { durationText, timeText } from "./duration.js";
import type { TaskFeed } from "./task-feed.js";
import type { RunningTask, Task, TaskStep } from "./task-list.js";
import "./tasks-view.css";

/** What runs now and what just ended. */
export function TasksView({ feed }: { readonly feed: TaskFeed }) {
  const { list, isIncomplete, connection, problem } = useSyncExternalStore(feed.subscribe, feed.getState);
  return (
    <section className="tasks-view" aria-label="Tasks">
      <header className="tasks-head">
        <h2>Tasks</h2>
        <p className={`tasks-connection ${connection}`} role="status">
          {CONNECTION[connection]}
          {connection !== "live" && problem && <small>{problem}</small>}
        </p>
      </header>
      <h3>Running</h3>
      {list.running.length === 0 ? (
        <p className="tasks-none">Nothing runs. A snapshot that you or anybody else takes appears here.</p>
      ) : (
        <ul aria-label="Running tasks">
          {list.running.map((task) => (
            <Running key={task.id} task={task} />
          ))}
        </ul>
      )}
      {isIncomplete && (
        <p className="tasks-none">More tasks were running than are shown. Each appears when it moves on.</p>
      )}
      <h3>Just ended</h3>
      <ul aria-label="Ended tasks">
        {list.ended.map((task) => (
          <Ended key={task.id} task={task} />
        ))}
      </ul>
    </section>
  );
}

const CONNECTION = {
  waiting: "Connecting …",
  live: "Live",
  refused: "Needs another credential",
} as const;

function Running({ task }: { readonly task: RunningTask }) {
  const { status, progress, steps, secondsLeft } = task;
  const percent = Math.floor(progress * 100);
  return (
    <li className="task">
      <Title task={task} />
      <div className="task-progress">
        <progress max={100} value={percent} aria-label={`Progress of ${nameOf(task)}`} />
        <span>{percent} %</span>
      </div>
      <p className="task-facts">
        {status === "EXECUTING" ? "Running" : status === "PAUSED" ? "Paused" : "Waiting to start"}
        {secondsLeft !== undefined && `, about ${durationText(secondsLeft)} left`}
      </p>
      <Origin task={task} />
      {steps.length > 0 && (
        <ol>
          {steps.map((step, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: steps have an order and no id
            <Step key={index} step={step} />
          ))}
        </ol>
      )}
    </li>
  );
}

function Step({ step: { key, current, total, unit, finished } }: { readonly step: TaskStep }) {
  const amount = current !== null && total !== null ? `${amountText(current, unit)} of ${amountText(total, unit)}` : "";
  return (
    <li className={finished ? "finished" : undefined}>
      <span>{key ?? "step"}</span> <span>{finished ? "done" : amount}</span>
    </li>
  );
}

function Ended({ task }: { readonly task: Task }) {
  const failed = task.status === "FAILED";
  return (
    <li className={failed ? "task failed" : "task succeeded"}>
      <Title task={task} />
      <p className="task-facts">
        {failed ? "Failed" : "Succeeded"}
        {task.finishedAt !== null && ` at ${timeText(task.finishedAt)}`}
        {took(task)}
      </p>
      <Origin task={task} />
      {failed && task.error?.message && <p className="task-error">{task.error.message}</p>}
    </li>
  );
}

function Title({ task }: { readonly task: Task }) {
  return (
    <p className="task-title" title={task.id}>
      {nameOf(task)}
    </p>
  );
}

function Origin({ task: { user, vm } }: { readonly task: Task }) {
  const parts = [vm?.name, user === null ? undefined : `by ${user.name}`].filter((part) => part !== undefined);
  return parts.length > 0 && <p className="task-facts">{parts.join(" · ")}</p>;
}

function nameOf({ description, resourceMutation, id }: Task): string {
  return description || resourceMutation || id;
}

function took({ startedAt, finishedAt }: Task): string {
  if (startedAt === null || finishedAt === null) return "";
  return `, took ${durationText((Date.parse(finishedAt) - Date.parse(startedAt)) / 1000)}`;
}

const BYTES = new Intl.NumberFormat("en", { style: "unit", unit: "gigabyte", maximumFractionDigits: 1 });

function amountText(amount: number, unit: string | null): string {
  if (unit === "BYTE") return BYTES.format(amount / 1e9);
  return unit === "PERCENT" ? `${Math.floor(amount)} %` : String(Math.floor(amount));
}
