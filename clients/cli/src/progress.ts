import type { SnapshotProgress } from "@towerql/client";
import { MultiBar, Presets, type SingleBar } from "cli-progress";
import { visible } from "./output.js";

/** Shows the progress of several tasks on standard error. */
export interface Progress {
  tell(progress: SnapshotProgress): void;
  end(): void;
}

/** Bars on a terminal, lines elsewhere. `names` has a name for each snapshot. */
export function showProgress(names: ReadonlyMap<string, string>): Progress {
  if (!process.stderr.isTTY) {
    return {
      tell: ({ snapshotId, status, progress }) =>
        console.error(`${visible(names.get(snapshotId) ?? snapshotId)} ${status} ${Math.round(progress * 100)} %`),
      end: () => {},
    };
  }
  const bars = new MultiBar(
    {
      format: "{bar} {percentage} % {name} {status}",
      stream: process.stderr,
      clearOnComplete: false,
      hideCursor: true,
    },
    Presets.shades_classic,
  );
  const known = new Map<string, SingleBar>();
  return {
    tell({ snapshotId, status, progress }) {
      const payload = { name: visible(names.get(snapshotId) ?? snapshotId), status };
      const bar = known.get(snapshotId) ?? bars.create(100, 0, payload);
      known.set(snapshotId, bar);
      bar.update(Math.round(progress * 100), payload);
    },
    end: () => bars.stop(),
  };
}
