import type { CSSProperties } from "react";

/** Hues of the types in the chain, so that each always looks the same; others get one by their name. */
const HUES: Readonly<Record<string, number>> = {
  Vm: 212,
  VmDisk: 178,
  VmVolume: 150,
  IscsiLun: 265,
  StorageVolume: 24,
  VmSnapshot: 330,
  VmSnapshotDisk: 195,
  IscsiLunSnapshot: 290,
  Task: 45,
};

/** The color of a type, as the custom property `--hue`. */
export function typeStyle(type: string): CSSProperties {
  return { "--hue": Object.hasOwn(HUES, type) ? HUES[type] : hash(type) % 360 } as CSSProperties;
}

function hash(text: string): number {
  let sum = 7;
  for (const character of text) sum = (sum * 31 + (character.codePointAt(0) ?? 0)) % 9973;
  return sum;
}
