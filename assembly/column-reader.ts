/**
 * Picks the values of some columns out of JSON text, a list of rows, and writes them as one flat JSON list, row after row.
 *
 * AssemblyScript, compiled to WebAssembly with SIMD by `npm run assembly`. Every byte is read by JSON's grammar, those of skipped values
 * too. At the first doubt it stops, and its caller has JSON.parse read the whole text. The text comes in windows that begin at `INPUT`;
 * 64 zeros after a window, which JSON never contains, end every loop.
 */

/** Where the value of each wanted column begins in the current row, 0 if the row has none, and where it ends. */
const STARTS: usize = 1024;
const ENDS: usize = 1536;
/** The wanted names in quotes, each in a slot that is filled up with zeros. */
const NAMES: usize = 2048;
const NAME_BYTES: usize = 64;
const MAX_COLUMNS: usize = 128;
/** Length of the longest name in quotes that has room in a slot and in a place. */
const MAX_NAME: usize = 47;
/**
 * The members of the rows so far, in the order in which they first came. The next row most likely has the same members in the same order.
 *
 * A place of 64 bytes has the member's name in quotes with the colon, a bit for each of these bytes (32 bits, then 16), their number, and
 * the index of the column, -1 for an unwanted one.
 */
const LAYOUT: usize = 12288;
const PLACE: usize = 64;
const LOW_BITS: usize = 48;
const HIGH_BITS: usize = 52;
const LENGTH: usize = 56;
const COLUMN: usize = 60;
/** Place of every name that is too long for one. */
const NOWHERE: usize = LAYOUT - PLACE;
const INPUT: usize = 32768;
const WINDOW: usize = 512 * 1024;
const OUTPUT: usize = INPUT + WINDOW + 64;
const OUTPUT_END: usize = OUTPUT + WINDOW;
/** Maximum depth of values inside a value. */
const MAX_DEPTH = 64;
/** Written for a member that a row does not have: JSON.parse makes Infinity of it. Numbers of that size are doubtful. */
const ABSENT: u64 = 0x3939396531; // 1e999

/** What the text must go on with. */
enum Expected {
  List,
  /** The first row, or the end of an empty list. */
  FirstRow,
  Row,
  /** The comma before the next row, or the end of the list. */
  Separator,
  Nothing,
}

let expected: Expected = Expected.List;
let columns: usize = 0;
let layoutEnd: usize = LAYOUT;
let output: usize = OUTPUT;
let absent: i32 = 0;
let hasEscape: bool = false;
let written: v128 = i8x16.splat(0);

export function input(): usize {
  return INPUT;
}

/** Maximum number of bytes in a window. */
export function windowBytes(): usize {
  return WINDOW;
}

export function names(): usize {
  return NAMES;
}

export function maxColumns(): usize {
  return MAX_COLUMNS;
}

/** Maximum length of a column's name in quotes. */
export function maxNameBytes(): usize {
  return MAX_NAME;
}

/** Where the last call of `read` has written. */
export function outputStart(): usize {
  return OUTPUT;
}

export function outputEnd(): usize {
  return output;
}

/** Whether the last call of `read` has written nothing but ASCII. */
export function isAscii(): bool {
  return !i8x16.bitmask(written);
}

/** Number of members that the rows read by the last call of `read` did not have. */
export function absentMembers(): i32 {
  return absent;
}

/** Whether the list has ended. */
export function isComplete(): bool {
  return expected === Expected.Nothing;
}

/** Begins another text. */
export function begin(wanted: i32): void {
  expected = Expected.List;
  columns = wanted;
  layoutEnd = LAYOUT;
  store<u32>(LAYOUT + LOW_BITS, 0);
  store<i32>(NOWHERE + COLUMN, -1);
}

/**
 * Reads the rows of a window.
 *
 * @returns number of bytes that were read: the next window begins with the others. 0 if there is no whole row at the window's start.
 */
export function read(): usize {
  output = OUTPUT + 1;
  absent = 0;
  written = i8x16.splat(0);
  let p = skipSpace(INPUT);
  for (let next = step(p); next; next = step(p)) p = skipSpace(next);
  if (output > OUTPUT + 1) {
    store<u8>(OUTPUT, 0x5b); // [
    store<u8>(output - 1, 0x5d); // ] in place of the last comma
  } else {
    output = OUTPUT;
  }
  return p - INPUT;
}

/** Reads a row, or what is between rows. @returns the position after it; 0 at a doubt, as below. */
function step(p: usize): usize {
  const c = load<u8>(p);
  if (expected === Expected.Separator && c === 0x2c) {
    // ,
    expected = Expected.Row;
    return p + 1;
  }
  if ((expected === Expected.Separator || expected === Expected.FirstRow) && c === 0x5d) {
    // ]
    expected = Expected.Nothing;
    return p + 1;
  }
  if (expected === Expected.List) {
    if (c !== 0x5b) return 0; // [
    expected = Expected.FirstRow;
    return p + 1;
  }
  if (expected === Expected.Separator || expected === Expected.Nothing || c !== 0x7b) return 0; // {
  const end = readRow(p + 1);
  if (end) expected = Expected.Separator;
  return end;
}

function readRow(start: usize): usize {
  memory.fill(STARTS, 0, columns * 4);
  let p = skipSpace(start);
  if (load<u8>(p) === 0x7d) {
    // }
    p++;
  } else {
    let place = LAYOUT;
    while (true) {
      if (isAt(place, p)) {
        p += load<u32>(place + LENGTH);
      } else {
        if (load<u8>(p) !== 0x22) return 0; // "
        const name = p;
        hasEscape = false;
        p = textEnd(p + 1);
        if (!p || hasEscape) return 0;
        place = placeOf(name, p - name);
        if (!place) return 0;
        p = skipSpace(p);
        if (load<u8>(p++) !== 0x3a) return 0; // :
      }
      p = skipSpace(p);
      const valueStart = p;
      p = valueEnd(p);
      if (!p) return 0;
      const column = load<i32>(place + COLUMN);
      // Of members with the same name the last one counts.
      if (column >= 0) {
        store<u32>(STARTS + <usize>column * 4, <u32>valueStart);
        store<u32>(ENDS + <usize>column * 4, <u32>p);
      }
      place += PLACE;
      p = skipSpace(p);
      const c = load<u8>(p++);
      if (c === 0x7d) break; // }
      if (c !== 0x2c) return 0; // ,
      p = skipSpace(p);
    }
  }
  return write(p - start) ? p : 0;
}

/** Writes the wanted values of the current row. False if there might be no room. */
function write(rowBytes: usize): bool {
  if (output + rowBytes + columns * 6 + 16 > OUTPUT_END) return false;
  for (let offset: usize = 0; offset < columns * 4; offset += 4) {
    const start = load<u32>(STARTS + offset);
    if (start) {
      copy(start, load<u32>(ENDS + offset));
    } else {
      store<u64>(output, ABSENT);
      output += 5;
      absent++;
    }
    store<u8>(output++, 0x2c); // ,
  }
  return true;
}

function copy(start: usize, end: usize): void {
  for (let p = start; p < end; p += 16) {
    const piece = v128.load(p);
    written = v128.or(written, piece);
    v128.store(output + (p - start), piece);
  }
  output += end - start;
}

/** Whether the member of a place, up to its colon, is at a position. */
function isAt(place: usize, p: usize): bool {
  const low = load<u32>(place + LOW_BITS);
  const high = load<u32>(place + HIGH_BITS);
  const equal =
    i8x16.bitmask(i8x16.eq(v128.load(p), v128.load(place))) |
    (i8x16.bitmask(i8x16.eq(v128.load(p, 16), v128.load(place, 16))) << 16);
  if (!low || (equal & low) !== low) return false;
  return !high || (i8x16.bitmask(i8x16.eq(v128.load(p, 32), v128.load(place, 32))) & high) === high;
}

/** The place of a name. A new name gets the next one; 0 if there is no more. */
function placeOf(name: usize, length: usize): usize {
  if (length > MAX_NAME) return NOWHERE;
  const bits = ((<u64>1) << length) - 1;
  for (let place = LAYOUT; place < layoutEnd; place += PLACE) {
    if (<usize>load<u32>(place + LENGTH) === length + 1 && (equalBytes(name, place) & bits) === bits) return place;
  }
  const place = layoutEnd;
  if (place + 2 * PLACE > INPUT) return 0;
  layoutEnd += PLACE;
  store<u32>(layoutEnd + LOW_BITS, 0);
  memory.copy(place, name, length);
  store<u8>(place + length, 0x3a); // :
  store<u32>(place + LOW_BITS, <u32>((bits << 1) | 1));
  store<u32>(place + HIGH_BITS, <u32>(((bits << 1) | 1) >> 32));
  store<u32>(place + LENGTH, <u32>length + 1);
  store<i32>(place + COLUMN, -1);
  // A slot's zeros are no part of a name, so equal bytes up to the closing quote are equal names.
  for (let i: usize = 0; i < columns; i++) {
    if ((equalBytes(name, NAMES + i * NAME_BYTES) & bits) === bits) store<i32>(place + COLUMN, <i32>i);
  }
  return place;
}

/** A bit for each of 48 bytes that are equal. */
function equalBytes(a: usize, b: usize): u64 {
  return (
    <u64>(<u32>i8x16.bitmask(i8x16.eq(v128.load(a), v128.load(b)))) |
    ((<u64>(<u32>i8x16.bitmask(i8x16.eq(v128.load(a, 16), v128.load(b, 16))))) << 16) |
    ((<u64>(<u32>i8x16.bitmask(i8x16.eq(v128.load(a, 32), v128.load(b, 32))))) << 32)
  );
}

function skipSpace(start: usize): usize {
  if (load<u8>(start) > 0x20) return start;
  let p = start;
  let c = load<u8>(p);
  while (c === 0x20 || c === 0x0a || c === 0x0d || c === 0x09) c = load<u8>(++p);
  return p;
}

/** The position after a value. Recognizes the most frequent kinds here; `anyValueEnd` knows all. */
function valueEnd(p: usize): usize {
  const c = load<u8>(p);
  if (c === 0x22) return textEnd(p + 1); // "
  if (c === 0x6e) return load<u32>(p) === 0x6c6c756e ? p + 4 : 0; // null
  if (<u8>(c - 0x31) < 9) {
    const digits = i8x16.lt_u(i8x16.sub(v128.load(p), i8x16.splat(0x30)), i8x16.splat(10));
    const end = p + ctz(~i8x16.bitmask(digits));
    const next = load<u8>(end);
    if (next === 0x2c || next === 0x7d) return end; // , }
  }
  return anyValueEnd(p, MAX_DEPTH);
}

function anyValueEnd(start: usize, depth: i32): usize {
  let p = start;
  const c = load<u8>(p);
  if (c === 0x22) return textEnd(p + 1); // "
  if (c === 0x2d || <u8>(c - 0x30) < 10) return numberEnd(p);
  if (c === 0x6e) return load<u32>(p) === 0x6c6c756e ? p + 4 : 0; // null
  if (c === 0x74) return load<u32>(p) === 0x65757274 ? p + 4 : 0; // true
  if (c === 0x66) return load<u32>(p + 1) === 0x65736c61 ? p + 5 : 0; // false
  if (depth === 0 || (c !== 0x7b && c !== 0x5b)) return 0; // { [
  const close: u8 = c + 2;
  p = skipSpace(p + 1);
  if (load<u8>(p) === close) return p + 1;
  while (true) {
    if (c === 0x7b) {
      if (load<u8>(p) !== 0x22) return 0; // "
      p = textEnd(p + 1);
      if (!p) return 0;
      p = skipSpace(p);
      if (load<u8>(p++) !== 0x3a) return 0; // :
      p = skipSpace(p);
    }
    p = anyValueEnd(p, depth - 1);
    if (!p) return 0;
    p = skipSpace(p);
    const next = load<u8>(p++);
    if (next === close) return p;
    if (next !== 0x2c) return 0; // ,
    p = skipSpace(p);
  }
}

/** The position after the closing quote of a text, from the one after its opening quote. */
function textEnd(start: usize): usize {
  let p = start;
  while (true) {
    const piece = v128.load(p);
    const stops = i8x16.bitmask(
      v128.or(
        v128.or(i8x16.eq(piece, i8x16.splat(0x22)), i8x16.eq(piece, i8x16.splat(0x5c))),
        i8x16.lt_u(piece, i8x16.splat(0x20)),
      ),
    );
    if (stops === 0) {
      p += 16;
      continue;
    }
    p += ctz(stops);
    const c = load<u8>(p);
    if (c === 0x22) return p + 1; // "
    if (c !== 0x5c) return 0; // \
    hasEscape = true;
    p = escapeEnd(p + 1);
    if (!p) return 0;
  }
}

function escapeEnd(p: usize): usize {
  const c = load<u8>(p);
  if (c === 0x22 || c === 0x5c || c === 0x2f) return p + 1; // " \ /
  if (c === 0x62 || c === 0x66 || c === 0x6e || c === 0x72 || c === 0x74) return p + 1; // b f n r t
  if (c !== 0x75) return 0; // u
  for (let digit = p + 1; digit < p + 5; digit++) {
    const h = load<u8>(digit);
    if (<u8>(h - 0x30) >= 10 && <u8>((h | 0x20) - 0x61) >= 6) return 0;
  }
  return p + 5;
}

/** Doubtful if it may be too large for a finite number: with three digits of an exponent, or more than a hundred characters. */
function numberEnd(start: usize): usize {
  let p = start;
  if (load<u8>(p) === 0x2d) p++; // -
  const integer = p;
  p = digitsEnd(p);
  if (p === integer || (load<u8>(integer) === 0x30 && p > integer + 1)) return 0;
  if (load<u8>(p) === 0x2e) {
    // .
    const fraction = p + 1;
    p = digitsEnd(fraction);
    if (p === fraction) return 0;
  }
  if ((load<u8>(p) | 0x20) === 0x65) {
    // e
    p++;
    const sign = load<u8>(p);
    if (sign === 0x2b || sign === 0x2d) p++;
    const exponent = p;
    p = digitsEnd(exponent);
    if (p === exponent || p > exponent + 2) return 0;
  }
  return p > start + 100 ? 0 : p;
}

function digitsEnd(start: usize): usize {
  let p = start;
  while (<u8>(load<u8>(p) - 0x30) < 10) p++;
  return p;
}
