import {
  graphqlSync,
  isEnumType,
  isInputObjectType,
  isInterfaceType,
  isObjectType,
  specifiedScalarTypes,
} from "graphql";
import { expect, test } from "vitest";
import { settings } from "../../src/config.js";
import { fullSchema } from "../../src/schema/schema.js";

const DEFAULTS = new Map(Object.values(settings).map(({ variable, fallback }) => [variable as string, fallback]));

/** A setting with its default, such as `MAX_PAGE_SIZE (1000 by default)`. */
const WITH_DEFAULT = /([A-Z]+(?:_[A-Z]+)+) \((\d+) by default\)/g;

/** The version in which something arrived, which is generated from the table of arrivals. */
const SINCE = / Since CloudTower \d+\.\d+(\.\d+)?( at the latest)?\./g;

/** Phrases with numbers that no setting changes. */
const FIXED = [
  ...["At most 5000 VMs", "1 to 5000", "1 to 315360000 (ten years). Defaults to 26 hours", "31 days for a month"],
  // Limits in the code. MAX_LIST_LENGTH and MAX_STRING_LENGTH apply to every argument in addition.
  ...["0 to 300", "0 to 600", "deliveries, 1 to 1000", "1 to 100", "up to 100 VMs", "1 to 500", "1 to 255 characters"],
  ...["up to 100 snapshots", "1 to 31708800", "1 to 63 letters"],
  ...["at most 1000, or MAX_LIST_LENGTH", "0 to MAX_PAGE_SIZE", "1 to MAX_PAGE_SIZE"],
  // Meanings of single values.
  ...["0 for no limit", "0 does not wait", "0 to 1; 1 only", "0 once it has ended"],
  // The time between bookmarks.
  "at least every 30 s",
  ...["2xx status", "410 Gone", "response is 410", "the last 200 are kept; of the dead letters, 1000"],
  "0 if there is none",
  // Versions, formats and names.
  ...[
    "CloudTower 4.1 or newer",
    "AES-256",
    "IPv6",
    "RFC 8785",
    "osInRaid1",
    "RFC 3339",
    "2026-11-22T08:30:00.000Z",
    "SHA-256",
    "UTF-8",
  ],
  ...["64 bits", "64-bit", "2^31 - 1", "2 GiB", "x86-64", "RAID 1", "E1000", "Vm:cl2k9x0a0", "SCSI:k2", "IDE:b0"],
];

test("no description states a number that a setting can change without naming the setting", () => {
  const wrong = descriptions().filter(([, text]) => {
    const stated = text.replaceAll(WITH_DEFAULT, "$1").replaceAll(SINCE, "");
    const rest = FIXED.reduce((left, phrase) => left.replaceAll(phrase, ""), stated);
    return /\d/.test(rest);
  });

  expect(wrong, "name the setting and its default, or add the phrase to FIXED if the number is fixed").toEqual([]);
});

test("every default in a description is that of the setting", () => {
  const stated = descriptions().flatMap(([, text]) =>
    [...text.matchAll(WITH_DEFAULT)].map(([, variable = "", value]) => [variable, value] as const),
  );

  expect(stated.length).toBeGreaterThan(0);
  expect(stated).toEqual(stated.map(([variable]) => [variable, DEFAULTS.get(variable)]));
});

test("every type, field, argument and enum value has a description that starts with a capital and ends with a full stop", () => {
  expect(descriptions().filter(([, text]) => !/^([A-Z`0-9]|iSCSI|x86).*\.$/.test(text))).toEqual([]);
});

/** Every description of TowerQL's schema with its path. Built-in and third-party scalars are left out. */
function descriptions(): [path: string, text: string][] {
  const found: [string, string][] = [];
  const add = (path: string, text: string | null | undefined) => found.push([path, text ?? ""]);
  for (const type of Object.values(fullSchema().schema.getTypeMap())) {
    if (type.name.startsWith("__") || ["ID", "Int", "Float", "String", "Boolean", "JSON"].includes(type.name)) continue;
    add(type.name, type.description);
    if (isEnumType(type))
      for (const { name, description } of type.getValues()) add(`${type.name}.${name}`, description);
    if (!isObjectType(type) && !isInterfaceType(type) && !isInputObjectType(type)) continue;
    for (const field of Object.values(type.getFields())) {
      add(`${type.name}.${field.name}`, field.description);
      if (!("args" in field)) continue;
      for (const { name, description } of field.args) add(`${type.name}.${field.name}(${name})`, description);
    }
  }
  return found;
}

test("the schema describes itself, and every custom scalar says where its format is specified", () => {
  const { schema } = fullSchema();
  const { __schema } = graphqlSync({
    schema,
    source: "{ __schema { description types { kind name specifiedByURL } } }",
  }).data as unknown as { __schema: { description: string; types: Scalar[] } };

  expect(__schema.description).toMatch(/ZBS volumes/);
  const custom = __schema.types.filter(({ kind, name }) => kind === "SCALAR" && !BUILT_IN.has(name));
  expect(custom.length).toBeGreaterThan(2);
  expect(custom.filter(({ specifiedByURL }) => specifiedByURL === null)).toEqual([]);
});

const BUILT_IN = new Set(specifiedScalarTypes.map(({ name }) => name));

interface Scalar {
  readonly kind: string;
  readonly name: string;
  readonly specifiedByURL: string | null;
}
