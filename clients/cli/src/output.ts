import Table from "cli-table3";

/** Prints a value as JSON, for programs. */
export function printJson(value: unknown): void {
  console.log(JSON.stringify(value, undefined, 2));
}

/** Prints rows under headings, without lines between them. Control characters, which names may contain, are shown and not sent to the terminal. */
export function printTable(headings: readonly string[], rows: readonly (readonly (string | number | null)[])[]): void {
  const none = Object.fromEntries(BORDERS.map((name) => [name, ""]));
  const table = new Table({
    head: headings.map((heading) => heading.toUpperCase()),
    chars: { ...none, middle: "  " },
    style: { head: [], border: [], "padding-left": 0, "padding-right": 0 },
  });
  table.push(...rows.map((row) => row.map((cell) => visible(cell === null ? "-" : String(cell)))));
  console.log(
    table
      .toString()
      .split("\n")
      .map((line) => line.trimEnd())
      .join("\n"),
  );
}

const BORDERS = [
  "top",
  "top-mid",
  "top-left",
  "top-right",
  "bottom",
  "bottom-mid",
  "bottom-left",
  "bottom-right",
  "left",
  "left-mid",
  "mid",
  "mid-mid",
  "right",
  "right-mid",
];

/** A line of a tree with the lines below it. */
export interface Branch {
  readonly text: string;
  readonly below?: readonly Branch[];
}

/** Prints a tree with its branches. */
export function printTree(root: Branch): void {
  console.log(visible(root.text));
  const print = (branches: readonly Branch[], indent: string) => {
    for (const [at, { text, below = [] }] of branches.entries()) {
      const last = at === branches.length - 1;
      console.log(`${indent}${last ? "└─ " : "├─ "}${visible(text)}`);
      print(below, `${indent}${last ? "   " : "│  "}`);
    }
  };
  print(root.below ?? [], "");
}

/** Text without control characters. */
export function visible(text: string): string {
  return text.replace(/\p{Cc}/gu, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`);
}

const UNITS = ["B", "KiB", "MiB", "GiB", "TiB", "PiB"];

/** A size for people, such as `40 GiB`; a dash if it is unknown. */
export function size(bytes: number | null): string {
  if (bytes === null) return "-";
  const unit = bytes < 1 ? 0 : Math.min(UNITS.length - 1, Math.floor(Math.log2(bytes) / 10));
  const value = bytes / 1024 ** unit;
  return `${Number.isInteger(value) ? value : value.toFixed(1)} ${UNITS[unit]}`;
}
