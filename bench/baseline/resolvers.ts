import { Arg, Ctx, FieldResolver, Int, Query, Resolver, Root } from "type-graphql";
import type { BaselineContext } from "./loaders.js";
import {
  IscsiLun,
  IscsiLunSnapshot,
  StorageVolume,
  Vm,
  VmConnection,
  VmDisk,
  VmSnapshot,
  VmSnapshotConnection,
  VmSnapshotDisk,
  VmVolume,
} from "./types.js";

@Resolver(() => Vm)
export class VmResolver {
  @Query(() => VmConnection)
  async vms(
    @Arg("first", () => Int) first: number,
    @Arg("after", () => String, { nullable: true }) after: string | undefined,
    @Ctx() { upstream, token }: BaselineContext,
  ): Promise<VmConnection> {
    const rows = await upstream.list("Vm", token, { orderBy: "id_ASC", first, after: after ?? null });
    const pageInfo = { hasNextPage: rows.length === first, endCursor: rows.at(-1)?.id ?? null };
    return { nodes: rows.map(Vm.of), pageInfo };
  }

  @FieldResolver(() => [VmDisk])
  async disks(@Root() vm: Vm, @Ctx() { loaders }: BaselineContext): Promise<VmDisk[]> {
    return (await loaders.disksByVm.load(vm.cloudTowerId)).map(VmDisk.of);
  }
}

@Resolver(() => VmDisk)
export class DiskResolver {
  @FieldResolver(() => VmVolume, { nullable: true })
  async volume(@Root() disk: VmDisk, @Ctx() { loaders }: BaselineContext): Promise<VmVolume | null> {
    const row = disk.volumeId ? await loaders.volumeById.load(disk.volumeId) : null;
    return row ? VmVolume.of(row) : null;
  }
}

@Resolver(() => VmVolume)
export class VolumeResolver {
  @FieldResolver(() => IscsiLun, { nullable: true })
  async lun(@Root() volume: VmVolume, @Ctx() { loaders }: BaselineContext): Promise<IscsiLun | null> {
    const row = volume.lunId ? await loaders.lunById.load(volume.lunId) : null;
    return row ? IscsiLun.of(row) : null;
  }
}

@Resolver(() => IscsiLun)
export class LunResolver {
  @FieldResolver(() => StorageVolume)
  storageVolume(@Root() lun: IscsiLun): StorageVolume {
    return Object.assign(new StorageVolume(), { zbsId: lun.zbsId });
  }
}

@Resolver(() => VmSnapshot)
export class SnapshotResolver {
  @Query(() => VmSnapshotConnection)
  async vmSnapshots(
    @Arg("first", () => Int) first: number,
    @Ctx() { upstream, token }: BaselineContext,
  ): Promise<VmSnapshotConnection> {
    const rows = await upstream.list("VmSnapshot", token, { orderBy: "id_ASC", first });
    return { nodes: rows.map(VmSnapshot.of) };
  }

  @FieldResolver(() => Vm, { nullable: true })
  async vm(@Root() snapshot: VmSnapshot, @Ctx() { loaders }: BaselineContext): Promise<Vm | null> {
    const row = snapshot.vmId ? await loaders.vmById.load(snapshot.vmId) : null;
    return row ? Vm.of(row) : null;
  }
}

@Resolver(() => VmSnapshotDisk)
export class SnapshotDiskResolver {
  @FieldResolver(() => IscsiLunSnapshot, { nullable: true })
  async lunSnapshot(
    @Root() disk: VmSnapshotDisk,
    @Ctx() { loaders }: BaselineContext,
  ): Promise<IscsiLunSnapshot | null> {
    const row = disk.lunSnapshotName ? await loaders.lunSnapshotByName.load(disk.lunSnapshotName) : null;
    return row ? IscsiLunSnapshot.of(row) : null;
  }
}
