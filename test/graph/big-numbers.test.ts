import { expect, test } from "vitest";
import { startGateway } from "../support/gateway.js";

const HUGE = 2 ** 53 - 1;

test("numbers beyond 2^31 are returned exactly: sizes, limits of LUNs, and doubles without their fraction", async () => {
  const gateway = await startGateway({ simulator: { vms: 3 } });
  const { control } = gateway.simulator;
  const lun = control.rows("IscsiLun")[0]?.id as string;
  const limits = { bps: 2 ** 40, bps_rd_max: 2 ** 41, bps_wr_max_length: 2 ** 32, iops: 2 ** 33, io_size: 2 ** 34 };
  control.patch("IscsiLun", lun, { ...limits, assigned_size: HUGE, unique_logical_size: 2 ** 40 + 0.75 });
  const fields = `assignedSizeBytes uniqueLogicalSizeBytes maxBandwidthBytesPerSecond burstReadBandwidthBytesPerSecond
    burstWriteBandwidthSeconds maxIops ioSizeBytes storageVolume { sizeBytes }`;

  expect(await gateway.data(`query ($id: ID!) { iscsiLun(id: $id) { ${fields} } }`, { id: lun })).toEqual({
    iscsiLun: {
      assignedSizeBytes: HUGE,
      uniqueLogicalSizeBytes: 2 ** 40,
      maxBandwidthBytesPerSecond: 2 ** 40,
      burstReadBandwidthBytesPerSecond: 2 ** 41,
      burstWriteBandwidthSeconds: 2 ** 32,
      maxIops: 2 ** 33,
      ioSizeBytes: 2 ** 34,
      storageVolume: { sizeBytes: HUGE },
    },
  });
});

test("lists sort by large numbers and continue after them", async () => {
  const gateway = await startGateway({ simulator: { vms: 3 } });
  const { control } = gateway.simulator;
  for (const [index, { id }] of control.rows("IscsiLun").entries()) {
    control.patch("IscsiLun", id as string, { bps: 2 ** 40 * (index % 3) });
  }
  const query = `query ($after: String) { iscsiLuns(
    first: 2, after: $after, filter: {maxBandwidthBytesPerSecond: {gte: 1099511627776}}
    orderBy: {field: MAX_BANDWIDTH_BYTES_PER_SECOND, direction: DESC}
  ) { nodes { id maxBandwidthBytesPerSecond } pageInfo { hasNextPage endCursor } } }`;
  interface Data {
    iscsiLuns: {
      nodes: { id: string; maxBandwidthBytesPerSecond: number }[];
      pageInfo: { hasNextPage: boolean; endCursor: string };
    };
  }

  const seen: Data["iscsiLuns"]["nodes"] = [];
  for (let after: string | undefined; ; ) {
    const { iscsiLuns } = await gateway.data<Data>(query, { after });
    seen.push(...iscsiLuns.nodes);
    if (!iscsiLuns.pageInfo.hasNextPage) break;
    after = iscsiLuns.pageInfo.endCursor;
  }

  const limits = seen.map((lun) => lun.maxBandwidthBytesPerSecond);
  expect(limits).toEqual(limits.toSorted((a, b) => b - a));
  expect(new Set(limits)).toEqual(new Set([2 ** 41, 2 ** 40]));
  expect(new Set(seen.map(({ id }) => id)).size).toBe(control.rows("IscsiLun", { bps_gte: 2 ** 40 }).length);
});
