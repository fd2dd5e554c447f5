import { EXPIRES_KEY, labelText, OWNER_KEY } from "../../../src/resources/vm-snapshot/lease-labels.js";
import { type Backup, type ErrorItem, startBackup } from "../../snapshots/support/backup.js";
import type { GatewayOptions } from "../../snapshots/support/start.js";

export const HOUR_MS = 3_600_000;

/** A lease as a query returns it. */
export interface Lease {
  readonly owner: string | null;
  readonly expiresAt: string | null;
  readonly expired: boolean | null;
}

const ERRORS =
  "errors { __typename code message ... on LeaseNotSetError { reason { code message } } ... on LeaseOfAnotherOwnerError { owners } }";
const LEASE = "lease { owner expiresAt expired }";
const CREATE = `mutation($input: CreateVmSnapshotInput!) { createVmSnapshot(input: $input) {
  created snapshot { cloudTowerId name ${LEASE} } ${ERRORS} } }`;
const CREATE_MANY = `mutation($input: CreateVmSnapshotsInput!) { createVmSnapshots(input: $input) {
  results { created snapshot { cloudTowerId ${LEASE} } ${ERRORS} } ${ERRORS} } }`;
const RENEW = `mutation($input: RenewSnapshotLeasesInput!) { result: renewSnapshotLeases(input: $input) {
  results { inputId snapshot { cloudTowerId ${LEASE} } ${ERRORS} } ${ERRORS} } }`;
const RELEASE = RENEW.replaceAll("Renew", "Release").replace("renew", "release");

export interface Created {
  readonly created: boolean;
  readonly snapshot: { readonly cloudTowerId: string; readonly lease: Lease | null } | null;
  readonly errors: readonly (ErrorItem & { readonly reason?: { readonly code: string } })[];
}

export interface Changed {
  readonly results: readonly (Omit<Created, "created"> & { readonly inputId: string })[];
  readonly errors: readonly ErrorItem[];
}

/** A gateway with the calls of a job that leases its snapshots. */
export interface Leasing extends Backup {
  createLeased(input: Record<string, unknown>): Promise<Created>;
  createManyLeased(
    input: Record<string, unknown>,
  ): Promise<{ results: readonly Created[]; errors: readonly ErrorItem[] }>;
  renew(snapshotIds: readonly string[], seconds?: number): Promise<Changed>;
  release(snapshotIds: readonly string[]): Promise<Changed>;
  /** A label of the simulator's, made if it does not exist. */
  label(key: string, value: string): string;
  /** Sets the labels of a snapshot to these alone. `expiresMs` is relative to now. */
  setLease(snapshotId: string, lease: { readonly owners?: readonly string[]; readonly expiresMs?: number }): void;
  /** Keys and values of a snapshot's labels, as CloudTower has them. */
  labelsOf(snapshotId: string): string[];
}

export async function startLeasing(options: GatewayOptions = {}): Promise<Leasing> {
  const backup = await startBackup(options);
  const { control } = backup.simulator;
  const label = (key: string, value: string) => {
    const [row] = control.rows("Label", { key, value });
    return row === undefined
      ? control.insert("Label", { key, value, createdAt: new Date().toISOString() })
      : String(row.id);
  };
  const change = async (mutation: string, input: object) =>
    (await backup.data<{ result: Changed }>(mutation, { input })).result;
  return {
    ...backup,
    async createLeased(input) {
      return (await backup.data<{ createVmSnapshot: Created }>(CREATE, { input })).createVmSnapshot;
    },
    async createManyLeased(input) {
      const data = await backup.data<{ createVmSnapshots: { results: Created[]; errors: ErrorItem[] } }>(CREATE_MANY, {
        input,
      });
      return data.createVmSnapshots;
    },
    renew: (snapshotIds, seconds = 7200) => change(RENEW, { snapshotIds, seconds }),
    release: (snapshotIds) => change(RELEASE, { snapshotIds }),
    label,
    setLease(snapshotId, { owners = [], expiresMs }) {
      const labels = owners.map((owner) => label(OWNER_KEY, owner));
      if (expiresMs !== undefined) labels.push(label(EXPIRES_KEY, labelText(Date.now() + expiresMs)));
      control.patch("VmSnapshot", snapshotId, { labels });
    },
    labelsOf(snapshotId) {
      const held = (control.row("VmSnapshot", snapshotId)?.labels ?? []) as { id: string }[];
      return held
        .map(({ id }) => control.row("Label", id))
        .map((row) => `${row?.key}=${row?.value}`)
        .sort();
    },
  };
}
