// Seeds faults into assembly/column-reader.ts, one at a time, and tells which of them the tests of the reader find.
// Usage: node scripts/reader-faults.mjs [<words in the names of the faults>]; all of them take several minutes.
// Fails if a fault is not found, unless it can have no other effect than the one that is given.
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { compile, SOURCE } from "./assembly.mjs";

/** Number of random texts for each fault. */
const TEXTS = "10000";

/** A fault in words, what is replaced, by what, and the effect if no test can find it. */
const FAULTS = [
  ["a comma before the end of the list", "expected = Expected.Row;", "expected = Expected.FirstRow;"],
  [
    "rows without a comma",
    "expected === Expected.Separator || expected === Expected.Nothing || c",
    "expected === Expected.Nothing || c",
  ],
  ["text after the list", "expected = Expected.Nothing;", "expected = Expected.FirstRow;"],
  ["a list without its bracket", "if (c !== 0x5b) return 0; // [", "if (c !== 0x5b) p--;"],
  ["values of the row before", "memory.fill(STARTS, 0, columns * 4);", ""],
  ["members of the text before", "layoutEnd = LAYOUT;\n  store<u32>(LAYOUT + LOW_BITS, 0);", "layoutEnd = LAYOUT;"],
  ["escapes in names", "if (!p || hasEscape) return 0;", "if (!p) return 0;"],
  [
    "a name without its colon",
    "if (load<u8>(p++) !== 0x3a) return 0; // :\n      }\n      p = skipSpace(p);\n      const",
    "p++;\n      }\n      p = skipSpace(p);\n      const",
  ],
  [
    "the first of members with the same name",
    "if (column >= 0) {",
    "if (column >= 0 && !load<u32>(STARTS + <usize>column * 4)) {",
  ],
  [
    "a row that ends anyhow",
    "if (c === 0x7d) break; // }\n      if (c !== 0x2c) return 0; // ,",
    "if (c !== 0x2c) break;",
  ],
  [
    "members without a comma",
    "if (c === 0x7d) break; // }\n      if (c !== 0x2c) return 0; // ,",
    "if (c === 0x7d) break;\n      if (c !== 0x2c) p--;",
  ],
  ["more written than there is room for", "if (output + rowBytes + columns * 6 + 16 > OUTPUT_END) return false;", ""],
  ["the mark of an absent member is missing", "output += 5;\n      absent++;", "output += 5;"],
  ["ASCII is not told from other text", "written = v128.or(written, piece);", ""],
  ["two names that start alike", "return !high || (i8x16", "return true || (i8x16"],
  ["names up to 16 bytes", "(i8x16.bitmask(i8x16.eq(v128.load(p, 16), v128.load(place, 16))) << 16);", "0xffff0000;"],
  ["a layout is never used", "if (!low || (equal & low) !== low) return false;", "return false;", "only slower"],
  [
    "names without their closing quote",
    "const bits = ((<u64>1) << length) - 1;",
    "const bits = ((<u64>1) << (length - 1)) - 1;",
  ],
  ["names of any length in the layout", "if (length > MAX_NAME) return NOWHERE;", ""],
  [
    "more members than the layout has places",
    "if (place + 2 * PLACE > INPUT) return 0;",
    "",
    "writes over the text, which JSON.parse then refuses",
  ],
  [
    "other characters as white space",
    "while (c === 0x20 || c === 0x0a || c === 0x0d || c === 0x09)",
    "while (c > 0 && c <= 0x20)",
  ],
  ["white space without tabs", " || c === 0x09)", ")"],
  [
    "null by its first letter",
    "if (c === 0x6e) return load<u32>(p) === 0x6c6c756e ? p + 4 : 0; // null\n  if (<u8>",
    "if (c === 0x6e) return p + 4;\n  if (<u8>",
  ],
  [
    "true by its first letter",
    "if (c === 0x74) return load<u32>(p) === 0x65757274 ? p + 4 : 0; // true",
    "if (c === 0x74) return p + 4;",
  ],
  [
    "false by its first letter",
    "if (c === 0x66) return load<u32>(p + 1) === 0x65736c61 ? p + 5 : 0; // false",
    "if (c === 0x66) return p + 5;",
  ],
  ["short numbers end anywhere", "if (next === 0x2c || next === 0x7d) return end; // , }", "return end;"],
  ["short numbers start with 0", "if (<u8>(c - 0x31) < 9) {", "if (<u8>(c - 0x30) < 10) {"],
  [
    "values of any depth",
    "if (depth === 0 || (c !== 0x7b && c !== 0x5b)) return 0; // { [",
    "if (c !== 0x7b && c !== 0x5b) return 0;",
    "the end of the stack is a trap",
  ],
  ["an object closed as a list", "if (next === close) return p;", "if (next === 0x5d || next === 0x7d) return p;"],
  [
    "names of inner members in no quotes",
    'if (load<u8>(p) !== 0x22) return 0; // "\n      p = textEnd(p + 1);\n      if (!p) return 0;\n      p = skipSpace(p);\n      if (load<u8>(p++) !== 0x3a) return 0; // :\n      p = skipSpace(p);\n    }',
    "p = anyValueEnd(p, depth - 1);\n      if (!p) return 0;\n      p = skipSpace(p);\n      if (load<u8>(p++) !== 0x3a) return 0;\n      p = skipSpace(p);\n    }",
  ],
  [
    "inner members without a colon",
    "if (load<u8>(p++) !== 0x3a) return 0; // :\n      p = skipSpace(p);\n    }",
    "p++;\n      p = skipSpace(p);\n    }",
  ],
  [
    "a comma before the end of an inner list",
    "if (next !== 0x2c) return 0; // ,\n    p = skipSpace(p);\n  }\n}\n\n/** The position after the closing",
    "if (next !== 0x2c) return 0;\n    p = skipSpace(p);\n    if (load<u8>(p) === close) return p + 1;\n  }\n}\n\n/** The position after the closing",
  ],
  ["control characters in texts", "i8x16.lt_u(piece, i8x16.splat(0x20)),", "i8x16.lt_u(piece, i8x16.splat(0x1f)),"],
  [
    "characters beyond ASCII end a text",
    "i8x16.lt_u(piece, i8x16.splat(0x20)),",
    "i8x16.lt_s(piece, i8x16.splat(0x20)),",
  ],
  ["escapes of any character", "if (c !== 0x75) return 0; // u", "if (c !== 0x75) return p + 1;"],
  [
    "escapes of three digits",
    "for (let digit = p + 1; digit < p + 5; digit++)",
    "for (let digit = p + 1; digit < p + 4; digit++)",
  ],
  ["escapes with the digit g", "<u8>((h | 0x20) - 0x61) >= 6", "<u8>((h | 0x20) - 0x61) >= 7"],
  ["numbers with a leading zero", "(load<u8>(integer) === 0x30 && p > integer + 1)", "false"],
  ["a minus without digits", "if (p === integer || (", "if (("],
  ["a point without digits", "if (p === fraction) return 0;", ""],
  [
    "an exponent without digits",
    "if (p === exponent || p > exponent + 2) return 0;",
    "if (p > exponent + 2) return 0;",
  ],
  [
    "infinite numbers by their exponent",
    "if (p === exponent || p > exponent + 2) return 0;",
    "if (p === exponent) return 0;",
  ],
  ["infinite numbers by their digits", "return p > start + 100 ? 0 : p;", "return p;"],
  ["the last byte of a value is missing", "output += end - start;", "output += end - start - 1;"],
  [
    "the position is after the last row's comma",
    "for (let next = step(p); next; next = step(p)) p = skipSpace(next);",
    "for (let next = step(p); next; next = step(p)) p = skipSpace(next) + 1;",
  ],
];

process.chdir(resolve(import.meta.dirname, ".."));
const source = readFileSync(SOURCE, "utf8");
const folder = mkdtempSync(join(tmpdir(), "reader-faults-"));
const [, , words = ""] = process.argv;
const faults = FAULTS.filter(([name]) => name.includes(words));
let found = 0;
let missed = 0;
try {
  for (const [name, from, to, effect] of faults) {
    if (source.split(from).length !== 2) throw new Error(`"${name}" does not name one place of ${SOURCE}`);
    const [faulty, module] = [join(folder, "faulty.ts"), join(folder, "faulty.wasm")];
    writeFileSync(
      faulty,
      source.replace(from, () => to),
    );
    writeFileSync(module, compile(faulty));
    const env = { ...process.env, READER_MODULE: module, READER_TEXTS: TEXTS };
    // Not the rows of the simulator: they take long to make, and are well-formed.
    const args = ["run", "test/unit/column-reader", "--bail=1", "--testNamePattern=^(?!of CloudTower)"];
    const { status } = spawnSync(process.execPath, ["node_modules/vitest/vitest.mjs", ...args], {
      env,
      stdio: "ignore",
    });
    const isFound = status !== 0;
    if (isFound) found += 1;
    else if (effect === undefined) missed += 1;
    console.log(`${isFound ? "found " : "MISSED"}  ${name}${effect === undefined ? "" : ` (${effect})`}`);
  }
} finally {
  rmSync(folder, { recursive: true });
}
console.log(`${found} of ${faults.length} faults found`);
if (missed > 0) process.exitCode = 1;
