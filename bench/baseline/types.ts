import { GraphQLFloat } from "graphql";
import { Field, ID, Int, ObjectType } from "type-graphql";
import type { Embedded, Row } from "../../src/upstream/wire/types.js";

@ObjectType()
export class StorageVolume {
  @Field(() => String) zbsId!: string;
}

@ObjectType()
export class IscsiLun {
  @Field(() => ID) id!: string;
  @Field(() => String) name!: string;
  zbsId!: string;

  static of(row: Row<"IscsiLun">): IscsiLun {
    return Object.assign(new IscsiLun(), { id: `IscsiLun:${row.id}`, name: row.name, zbsId: row.zbs_volume_id });
  }
}

@ObjectType()
export class VmVolume {
  @Field(() => ID) id!: string;
  @Field(() => String) name!: string;
  @Field(() => GraphQLFloat, { nullable: true }) sizeBytes?: number;
  lunId?: string;

  static of(row: Row<"VmVolume">): VmVolume {
    return Object.assign(new VmVolume(), {
      id: `VmVolume:${row.id}`,
      name: row.name,
      sizeBytes: row.size,
      lunId: row.lun?.id,
    });
  }
}

@ObjectType()
export class VmDisk {
  @Field(() => ID) id!: string;
  @Field(() => Int, { nullable: true }) boot?: number;
  @Field(() => String) bus!: string;
  @Field(() => String) type!: string;
  volumeId?: string;

  static of(row: Row<"VmDisk">): VmDisk {
    return Object.assign(new VmDisk(), {
      id: `VmDisk:${row.vm?.id}:${row.vm_volume ? row.vm_volume.id : `${row.bus}:k${row.key}`}`,
      boot: row.boot,
      bus: row.bus,
      type: row.type,
      volumeId: row.vm_volume?.id,
    });
  }
}

@ObjectType()
export class Vm {
  @Field(() => ID) id!: string;
  @Field(() => String) name!: string;
  @Field(() => String) status!: string;
  @Field(() => GraphQLFloat, { nullable: true }) memoryBytes?: number;
  cloudTowerId!: string;

  static of(row: Row<"Vm">): Vm {
    return Object.assign(new Vm(), {
      id: `Vm:${row.id}`,
      name: row.name,
      status: row.status,
      memoryBytes: row.memory,
      cloudTowerId: row.id,
    });
  }
}

@ObjectType()
export class PageInfo {
  @Field(() => Boolean) hasNextPage!: boolean;
  @Field(() => String, { nullable: true }) endCursor!: string | null;
}

@ObjectType()
export class VmConnection {
  @Field(() => [Vm]) nodes!: Vm[];
  @Field(() => PageInfo) pageInfo!: PageInfo;
}

@ObjectType()
export class IscsiLunSnapshot {
  @Field(() => ID) id!: string;
  @Field(() => String) name!: string;
  @Field(() => StorageVolume) storageVolume!: StorageVolume;

  static of(row: Row<"IscsiLunSnapshot">): IscsiLunSnapshot {
    return Object.assign(new IscsiLunSnapshot(), {
      id: `IscsiLunSnapshot:${row.id}`,
      name: row.name,
      storageVolume: Object.assign(new StorageVolume(), { zbsId: row.local_id }),
    });
  }
}

@ObjectType()
export class VmSnapshotDisk {
  @Field(() => String) type!: string;
  lunSnapshotName?: string;

  static of(disk: Embedded<"NestedFrozenDisks">): VmSnapshotDisk {
    return Object.assign(new VmSnapshotDisk(), { type: disk.type, lunSnapshotName: disk.snapshot_local_id });
  }
}

@ObjectType()
export class VmSnapshot {
  @Field(() => ID) id!: string;
  @Field(() => String) name!: string;
  @Field(() => [VmSnapshotDisk]) disks!: VmSnapshotDisk[];
  vmId?: string;

  static of(row: Row<"VmSnapshot">): VmSnapshot {
    return Object.assign(new VmSnapshot(), {
      id: `VmSnapshot:${row.id}`,
      name: row.name,
      disks: (row.vm_disks ?? []).map(VmSnapshotDisk.of),
      vmId: row.vm?.id,
    });
  }
}

@ObjectType()
export class VmSnapshotConnection {
  @Field(() => [VmSnapshot]) nodes!: VmSnapshot[];
}
