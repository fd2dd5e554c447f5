import { expect, test } from "vitest";
import { KnownVersion } from "../../src/upstream/known-version.js";
import { arrivals } from "../../src/upstream/wire/arrivals.js";
import { arrivedIn, hasArrived, versionNumber } from "../../src/upstream/wire/versions.js";

/** A KnownVersion whose CloudTower has the version that `tower.version` says; null fails. */
function start(version: string | null) {
  const tower = { version, reads: 0, now: 0 };
  const read = async () => {
    tower.reads += 1;
    return tower.version;
  };
  const known = new KnownVersion(
    read,
    (name) => `shown(${name})`,
    () => tower.now,
  );
  return { tower, messageFor: async (where: object) => (await known.missing("get-vms", { where }))?.message };
}

const USED_SIZE = { used_size_gt: 1 };

test("the version is read once for many questions", async () => {
  const { tower, messageFor } = start("4.3.0");

  for (let n = 0; n < 3; n += 1) {
    expect(await messageFor(USED_SIZE)).toBe("CloudTower 4.3.0 has no shown(Vm.used_size) (since 4.6).");
    expect(await messageFor({ bios_uuid: "x" })).toBeUndefined();
  }

  expect(tower.reads).toBe(1);
});

test("nothing is refused on knowledge older than a minute", async () => {
  const { tower, messageFor } = start("4.3.0");
  expect(await messageFor(USED_SIZE)).toBeDefined();

  tower.version = "4.6.0";
  tower.now = 60_001;
  expect(await messageFor(USED_SIZE)).toBeUndefined();

  tower.now = 10_000_000;
  expect(await messageFor(USED_SIZE)).toBeUndefined();
  expect(tower.reads).toBe(2);
});

test.each([null, "4.3.0-beta", "next"])(
  "a version %j refuses nothing, and is read again after a minute",
  async (version) => {
    const { tower, messageFor } = start(version);

    expect(await messageFor(USED_SIZE)).toBeUndefined();
    expect(await messageFor(USED_SIZE)).toBeUndefined();
    expect(tower.reads).toBe(1);

    tower.version = "4.3.0";
    tower.now = 60_001;
    expect(await messageFor(USED_SIZE)).toBeDefined();
  },
);

test("a version that can no longer be read refuses nothing", async () => {
  const { tower, messageFor } = start("4.3.0");
  expect(await messageFor(USED_SIZE)).toBeDefined();

  tower.version = null;
  tower.now = 60_001;
  expect(await messageFor(USED_SIZE)).toBeUndefined();
});

test.each(Object.entries(arrivals))(
  "%s is missing before it arrived, there since, and unknown in between",
  (name, arrival) => {
    const at = (version: string) => hasArrived(versionNumber(version) as number, name);

    expect(at(arrival.with)).toBe(true);
    expect(at("99.0")).toBe(true);
    expect(at("0.1")).toBe(false);
    if (arrival.since !== undefined) expect(at(arrival.since)).toBe(true);
    if (arrival.without !== undefined) {
      expect(at(arrival.without)).toBe(false);
      const [major = "", minor = ""] = arrival.without.split(".");
      if (arrival.since === undefined) expect(at(`${major}.${minor}.999`)).toBeUndefined();
    }
    expect(arrivedIn(name)).toMatch(/^\d+\.\d+(\.\d+)?( at the latest)?$/);
  },
);

test.each<[string, object]>([
  ["an operator", { where: { used_size_not_in: [1] } }],
  ["an order", { orderBy: "used_size_DESC" }],
  ["a condition in AND, OR and NOT", { where: { OR: [{ name: "a" }, { NOT: [{ AND: [{ used_size: null }] }] }] } }],
  ["a filter across relations", { where: { vm_disks_some: { vm_volume: { used_size: 1 } } } }],
])("what a read uses is found in %s", async (_, body) => {
  const known = new KnownVersion(async () => "4.3.0", String);

  expect((await known.missing("get-vms", body))?.message).toMatch(/^CloudTower 4.3.0 has no (Vm|VmVolume).used_size /);
  expect((await known.missing("get-vms-connection", body))?.message).toMatch(/used_size/);
});

test("a read of what every version has is not compared with the version", () => {
  const known = new KnownVersion(async () => Promise.reject(new Error("the version was read")), String);

  expect(
    known.missing("get-vms", { where: { name_in: ["used_size"], cluster: { id: "c" } }, orderBy: "id_ASC" }),
  ).toBeUndefined();
  expect(known.missing("get-tasks", {})).toBeUndefined();
  expect(known.missing("get-nothing", { where: { used_size: 1 } })).toBeUndefined();
  // A version that tells its number has these.
  expect(known.missing("get-vm-volume-snapshots", {})).toBeUndefined();
  expect(known.missing("get-vm-volumes", { where: { type: "KVM_VOLUME_ISCSI" } })).toBeUndefined();
});

test("what is not in the table has always existed", () => {
  expect(hasArrived(versionNumber("1.0") as number, "Vm.name")).toBe(true);
  expect(hasArrived(versionNumber("1.0") as number, "constructor")).toBe(true);
  expect(arrivedIn("constructor")).toBeUndefined();
});
