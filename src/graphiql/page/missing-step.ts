/** The id variables that the examples fill in, with the tab whose response has them. */
const SOURCES: Readonly<Record<string, string>> = {
  vmId: "tab 1 (TheWholeGraph)",
  taskId: "tab 2 (TakeASnapshot)",
  snapshotId: "tab 2 (TakeASnapshot)",
};

/** What to do first, if an operation lacks an id that another tab would have filled in. Such an operation is not sent. */
export function missingStep(variables: unknown): string | undefined {
  const empty = Object.entries((variables ?? {}) as Record<string, unknown>).find(
    ([name, value]) => value === "" && Object.hasOwn(SOURCES, name),
  );
  if (empty === undefined) return undefined;
  const [name] = empty;
  return `Not sent: ${name} is empty. Run ${SOURCES[name]} first: its response fills in ${name}. Or enter an id under Variables.`;
}
