import type { OpenApiDocument } from "../../../support/openapi.js";
import type { OpenApiSchema } from "../../../support/openapi-validators.js";

/** What a document says of one member of an object. */
export type Shape =
  | { readonly kind: "one" | "many"; readonly of: string; readonly stub: string }
  | { readonly kind: "object" | "objects"; readonly schema: OpenApiSchema }
  | { readonly kind: "values"; readonly of: OpenApiSchema }
  | { readonly kind: "enum"; readonly values: readonly string[] }
  | { readonly kind: "text" | "boolean" | "int32" | "int64" | "double" | "json" };

/** A member of an object. */
export type Member = Shape & { readonly name: string; readonly required: boolean };

/** Reads the shapes of CloudTower's objects straight from an OpenAPI document. */
export class Shapes {
  /** Kinds that can be listed, each with its endpoint such as `get-vms`. */
  readonly lists: ReadonlyMap<string, string>;
  private readonly known = new Map<string, readonly Member[]>();

  constructor(readonly document: OpenApiDocument) {
    const lists = Object.entries(document.paths).flatMap(([path, { post }]) => {
      const schema = post?.responses["200"]?.content?.["application/json"]?.schema;
      const kind = schema?.type === "array" ? refOf(schema.items) : undefined;
      const isList =
        path.startsWith("/get-") && kind !== undefined && `${kind}WhereInput` in document.components.schemas;
      // Another way to the same rows.
      const isAgain = path.endsWith("-without-executions");
      return isList && !isAgain ? [[kind, path.slice(1)] as const] : [];
    });
    this.lists = new Map(lists);
  }

  /** The members of a named schema. */
  of(name: string): readonly Member[] {
    let members = this.known.get(name);
    if (members === undefined) {
      members = this.members(this.schema(name));
      this.known.set(name, members);
    }
    return members;
  }

  /** The members of an object's schema. */
  members({ properties = {}, required = [] }: OpenApiSchema): Member[] {
    return Object.entries(properties).map(([name, schema]) => ({
      ...this.shape(schema),
      name,
      required: required.includes(name) && schema.nullable !== true,
    }));
  }

  private shape(schema: OpenApiSchema): Shape {
    const ref = refOf(schema);
    if (ref !== undefined) {
      const target = this.schema(ref);
      if (target.enum !== undefined) return { kind: "enum", values: target.enum as string[] };
      const of = this.listedAs(ref);
      return of === undefined ? { kind: "object", schema: target } : { kind: "one", of, stub: ref };
    }
    switch (schema.type) {
      case "array": {
        const inner = this.shape(schema.items ?? {});
        if (inner.kind === "one") return { ...inner, kind: "many" };
        if (inner.kind === "object") return { kind: "objects", schema: inner.schema };
        return { kind: "values", of: schema.items ?? {} };
      }
      case "string":
        return schema.enum ? { kind: "enum", values: schema.enum as string[] } : { kind: "text" };
      case "boolean":
        return { kind: "boolean" };
      case "integer":
        return { kind: schema.format === "int64" ? "int64" : "int32" };
      case "number":
        return { kind: "double" };
      default:
        return { kind: "json" };
    }
  }

  /** The listed kind that a stub stands for. */
  private listedAs(stub: string): string | undefined {
    const kind = stub.replace(/^Nested/, "");
    return stub !== kind && this.lists.has(kind) ? kind : undefined;
  }

  private schema(name: string): OpenApiSchema {
    const schema = this.document.components.schemas[name];
    if (schema === undefined) throw new Error(`the document has no schema ${name}`);
    return schema;
  }
}

function refOf(schema: OpenApiSchema | undefined): string | undefined {
  const ref = schema?.$ref ?? schema?.allOf?.[0]?.$ref;
  return ref?.slice(ref.lastIndexOf("/") + 1);
}
