import { expect, test } from "vitest";
import { startGateway, type TestGateway } from "../support/gateway.js";

interface Statistics {
  readonly total: number;
  readonly byStatus: readonly { readonly status: string; readonly count: number }[];
}

async function statisticsOf(gateway: TestGateway, name: string, args = "", fields = "total byStatus { status count }") {
  return (await gateway.data<{ statistics: Statistics }>(`{ statistics: ${name}${args} { ${fields} } }`)).statistics;
}

/** The rows' statuses in the schema's words, counted. */
function counted(rows: readonly Record<string, unknown>[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { status } of rows) {
    const name = status === "SUCCESSED" ? "SUCCEEDED" : status === "LATER" ? "UNKNOWN" : (status as string);
    counts[name] = (counts[name] ?? 0) + 1;
  }
  return counts;
}

test.each([
  ["vmStatistics", "Vm", { in_recycle_bin: false }],
  ["taskStatistics", "Task", {}],
  ["hostStatistics", "Host", {}],
] as const)("%s counts what a list would show, also a status of a later version", async (name, entity, shown) => {
  const gateway = await startGateway({ simulator: { vms: 20 }, spoilsAnswers: true });
  const { control, calls } = gateway.simulator;
  control.patch(entity, control.rows(entity, shown)[0]?.id as string, { status: "LATER" });
  calls.clear();

  const { total, byStatus } = await statisticsOf(gateway, name);

  const rows = control.rows(entity, shown);
  expect(total).toBe(rows.length);
  expect(Object.fromEntries(byStatus.flatMap(({ status, count }) => (count > 0 ? [[status, count]] : [])))).toEqual(
    counted(rows),
  );
  expect(byStatus.at(-1)).toEqual({ status: "UNKNOWN", count: 1 });
  const list = await gateway.data<{ [list: string]: { totalCount: number } }>(
    `{ list: ${name.replace("Statistics", "s")}(first: 0) { totalCount } }`,
  );
  expect(list.list?.totalCount).toBe(total);
});

test("only what is selected is counted, with a call each, and a filter holds for every number", async () => {
  const gateway = await startGateway({ simulator: { vms: 20 } });
  const { control, calls } = gateway.simulator;
  const costOf = async (args: string, fields: string) => {
    calls.clear();
    const statistics = await statisticsOf(gateway, "vmStatistics", args, fields);
    return { statistics, counts: calls.counts };
  };

  const { statistics, counts } = await costOf("(filter: {vcpuCount: {gte: 4}})", "total");
  expect(counts).toEqual({ "get-vms-connection": 1 });
  expect(statistics.total).toBe(
    control.rows("Vm", { in_recycle_bin: false }).filter(({ vcpu }) => Number(vcpu) >= 4).length,
  );

  const both = await costOf(
    "(filter: {status: {eq: STOPPED}}, includeRecycleBin: true)",
    "total again: total byStatus { status count }",
  );
  const stopped = control.rows("Vm", { status: "STOPPED" }).length;
  expect(both.statistics.total).toBe(stopped);
  expect(both.statistics.byStatus.filter(({ count }) => count > 0)).toEqual([{ status: "STOPPED", count: stopped }]);
  expect(both.counts).toEqual({ "get-vms-connection": 1 + both.statistics.byStatus.length });
});

test("statistics are priced, and a filter that says nothing is refused", async () => {
  const gateway = await startGateway({ env: { MAX_OPERATION_CALLS: "20" } });
  const many = [..."abcd"].map((alias) => `${alias}: vmStatistics { total }`).join(" ");

  expect((await gateway.query(`{ ${many} }`)).errors?.[0]?.extensions?.code).toBe("QUERY_TOO_EXPENSIVE");
  expect((await gateway.query("{ vmStatistics(filter: {}) { total } }")).errors?.[0]?.extensions?.code).toBe(
    "BAD_USER_INPUT",
  );
});
