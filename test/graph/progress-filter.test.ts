import { expect, test } from "vitest";
import { startGateway } from "../support/gateway.js";

interface Tasks {
  readonly tasks: { readonly totalCount: number; readonly nodes: readonly { readonly cloudTowerId: string }[] };
}
const QUERY = `query($filter: TaskFilter) {
  tasks(filter: $filter, orderBy: {field: PROGRESS, direction: ASC}) { totalCount nodes { cloudTowerId progress } } }`;

test.each([1, 100])("a filter on progress is from 0 to 1, although CloudTower counts to %i", async (scale) => {
  const gateway = await startGateway();
  const { control } = gateway.simulator;
  control.setProgressScale(scale as 1 | 100);
  const open = { args: {}, status: "EXECUTING", resource_id: "r" };
  const [low, high] = [0.007, 0.7].map((fraction) => {
    const progress = Number((fraction * scale).toPrecision(6));
    return control.insert("Task", { ...open, progress });
  });
  const resourceId = { eq: "r" };
  const found = async (progress: object) => {
    const { tasks } = await gateway.data<Tasks>(QUERY, { filter: { or: [{ and: [{ resourceId, progress }] }] } });
    expect(tasks.totalCount).toBe(tasks.nodes.length);
    return tasks.nodes.map(({ cloudTowerId }) => cloudTowerId);
  };

  expect(await found({ gte: 0.5 })).toEqual([high]);
  expect(await found({ lt: 0.01 })).toEqual([low]);
  expect(await found({ in: [0.7, 0.007] })).toEqual([low, high]);
  expect(await found({ isNull: false, gt: 0 })).toEqual([low, high]);
});

test("a filter on progress is refused while no task has ended, from which the scale could be learned", async () => {
  const gateway = await startGateway();
  for (const { id } of gateway.simulator.control.rows("Task")) gateway.simulator.control.remove("Task", String(id));

  const { errors } = await gateway.query(QUERY, { filter: { progress: { gte: 0.5 } } });

  expect(errors).toMatchObject([
    { message: expect.stringContaining("status"), extensions: { code: "UPSTREAM_ERROR" } },
  ]);
  expect(await gateway.query(QUERY, { filter: { progress: { isNull: true } } })).not.toHaveProperty("errors");
});
