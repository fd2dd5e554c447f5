import type { OpenApiSchema } from "../../../support/openapi-validators.js";
import { nameFrozenDisks, nameResources } from "./names.js";
import type { Member, Shapes } from "./shape.js";

/** A row as CloudTower keeps it: related objects are ids. */
export type StoredRow = Record<string, unknown> & { id: string };

/** Random numbers that are the same in each run. */
export function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

/**
 * Objects of every kind that a document lists, generated from its schemas: every value that the document allows can occur, optional
 * members are absent or null at random, and both ends of a relation agree.
 */
export class World {
  readonly rows = new Map<string, StoredRow[]>();
  private readonly byId = new Map<string, StoredRow>();
  private readonly random: () => number;

  /** @param perKind number of objects of each kind. */
  constructor(
    readonly shapes: Shapes,
    { perKind, seed }: { readonly perKind: number; readonly seed: number },
  ) {
    this.random = randomFrom(seed);
    const kinds = [...shapes.lists.keys()];
    for (const kind of kinds) this.rows.set(kind, []);
    for (const kind of kinds) for (let count = 0; count < perKind; count += 1) this.add(kind, {});
    for (const kind of kinds) this.linkOne(kind);
    nameFrozenDisks(this);
    nameResources(this);
    for (const kind of kinds) this.linkMany(kind);
  }

  /** The objects of a kind; none if the document does not have it. */
  of(kind: string): readonly StoredRow[] {
    return this.rows.get(kind) ?? [];
  }

  find(id: unknown): StoredRow | undefined {
    return this.byId.get(id as string);
  }

  /** Adds an object of a kind, with these fields beside generated ones. Fields that the document does not have are left out. */
  add(kind: string, fields: Record<string, unknown>): StoredRow {
    const row = this.plainRow(kind);
    // While an object is being made, the cluster has given it no id yet.
    if (row.entityAsyncStatus === "CREATING" && "local_id" in row) row.local_id = `placeholder-${this.uuid()}`;
    for (const { name } of this.shapes.of(kind)) if (name in fields) row[name] = fields[name];
    this.rows.get(kind)?.push(row);
    return row;
  }

  /** Removes an object of a kind. */
  remove(kind: string, id: string): void {
    this.rows.set(
      kind,
      this.of(kind).filter((row) => row.id !== id),
    );
    this.byId.delete(id);
  }

  /** A generated object of those that a member of a kind embeds. */
  embedded(kind: string, name: string): Record<string, unknown> {
    const member = this.shapes.of(kind).find((each) => each.name === name);
    if (member === undefined || !("schema" in member)) throw new Error(`${kind}.${name} embeds nothing`);
    return this.object(kind, member.schema);
  }

  uuid(): string {
    return "xxxxxxxx-xxxx-4xxx-8xxx-xxxxxxxxxxxx".replace(/x/g, () => Math.floor(this.random() * 16).toString(16));
  }

  pick<T>(from: readonly T[]): T {
    return from[Math.floor(this.random() * from.length)] as T;
  }

  private plainRow(kind: string): StoredRow {
    const id = `cl${Array.from({ length: 23 }, () => this.pick([..."0123456789abcdefghijklmnopqrstuvwxyz"])).join("")}`;
    const row: StoredRow = { id };
    for (const member of this.shapes.of(kind)) {
      if (member.kind === "one" || member.kind === "many" || member.name === "id") continue;
      this.setPlain(row, kind, member);
    }
    if ("name" in row)
      row.name = `${this.pick(["web", "数据库", "Web", "a b", "x%_y", "o'k"])}-${kind}-${id.slice(-4)}`;
    this.byId.set(id, row);
    return row;
  }

  private setPlain(into: Record<string, unknown>, kind: string, member: Member): void {
    if (!member.required && this.random() < 0.2) {
      if (this.random() < 0.5) into[member.name] = null;
      return;
    }
    into[member.name] = this.plain(kind, member);
  }

  private plain(kind: string, member: Member): unknown {
    switch (member.kind) {
      case "object":
        return this.object(kind, member.schema);
      case "objects":
        return Array.from({ length: Math.floor(this.random() * 3) }, () => this.object(kind, member.schema));
      case "values":
        return Array.from({ length: Math.floor(this.random() * 3) }, () => this.value(member.of));
      case "enum":
        return this.pick(member.values);
      case "boolean":
        return this.random() < 0.5;
      case "int32":
        return Math.floor(this.random() * 2 ** 31) * (this.random() < 0.9 ? 1 : 0);
      case "int64":
        return Math.floor(this.random() * 2 ** 50);
      case "double":
        return this.random() < 0.1 ? 0 : this.random() * 2 ** 40;
      case "json":
        return {};
      default:
        return this.text(kind, member);
    }
  }

  private text(kind: string, { name }: Member): string {
    if (this.isDate(kind, name)) {
      const time = Date.UTC(2026, 0, 1) + Math.floor(this.random() * 300) * 86_400_000;
      return new Date(time + Math.floor(this.random() * 1000)).toISOString();
    }
    if (/(^|_)(id|uuid)$/.test(name)) return this.uuid();
    return this.random() < 0.1
      ? ""
      : `${name} ${this.pick(["α", "b", "C", "d%", '"e"', "\\f"])}${Math.floor(this.random() * 50)}`;
  }

  /** The document does not mark dates: a text that cannot be searched in is one. */
  private isDate(kind: string, name: string): boolean {
    const filters = this.shapes.document.components.schemas[`${kind}WhereInput`]?.properties ?? {};
    return Object.hasOwn(filters, name) && !Object.hasOwn(filters, `${name}_contains`);
  }

  private object(kind: string, schema: OpenApiSchema): Record<string, unknown> {
    const result: Record<string, unknown> = {};
    for (const member of this.shapes.members(schema)) {
      if (member.kind === "one") result[member.name] = this.stubOf(this.pick(this.of(member.of)), member.stub);
      else if (member.kind === "many") result[member.name] = [];
      else this.setPlain(result, kind, member);
    }
    return result;
  }

  private value(schema: OpenApiSchema): unknown {
    const name = schema.$ref?.slice(schema.$ref.lastIndexOf("/") + 1);
    const target = name === undefined ? schema : (this.shapes.document.components.schemas[name] ?? {});
    if (target.enum) return this.pick(target.enum);
    return target.type === "string" ? this.pick(["one", "two, three", "数"]) : Math.floor(this.random() * 100);
  }

  /** The id, and what else a stub of the document has, of an object. */
  stubOf(row: StoredRow | undefined, stub: string): object | null {
    if (row === undefined) return null;
    return Object.fromEntries(
      this.shapes.of(stub).flatMap((member) => {
        const value = row[member.name];
        if (value !== undefined) return [[member.name, value]];
        return member.required ? [[member.name, member.kind === "text" ? "" : this.plain("", member)]] : [];
      }),
    );
  }

  private linkOne(kind: string): void {
    for (const member of this.shapes.of(kind)) {
      if (member.kind !== "one") continue;
      for (const row of this.of(kind)) {
        if (!member.required && this.random() < 0.15) {
          if (this.random() < 0.5) row[member.name] = null;
        } else row[member.name] = this.pick(this.of(member.of)).id;
      }
    }
  }

  /** A list is the inverse of the one link that leads back, or of the one list that does; else it is random. */
  private linkMany(kind: string): void {
    for (const member of this.shapes.of(kind)) {
      if (member.kind !== "many") continue;
      const back = this.shapes.of(member.of).filter((other) => "of" in other && other.of === kind);
      const one = back.filter((other) => other.kind === "one");
      const many = back.filter((other) => other.kind === "many");
      for (const row of this.of(kind)) {
        const ids = this.of(member.of).flatMap((other) => {
          if (one.length === 1) return other[one[0]?.name ?? ""] === row.id ? [other.id] : [];
          const [only] = one.length === 0 && many.length === 1 ? many : [];
          const known = only && (other[only.name] as string[] | null | undefined);
          if (known !== undefined) return known?.includes(row.id) ? [other.id] : [];
          return this.random() < 0.3 ? [other.id] : [];
        });
        if (ids.length === 0 && !member.required) {
          const odd = this.random();
          if (odd < 0.3) continue;
          row[member.name] = odd < 0.6 ? null : [];
        } else row[member.name] = ids;
      }
    }
  }
}
