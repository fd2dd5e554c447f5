import { Ajv, type ErrorObject, type ValidateFunction } from "ajv";

/** The part of OpenAPI 3.0's schema language that CloudTower's document uses. */
export interface OpenApiSchema {
  readonly $ref?: string;
  readonly type?: string;
  readonly format?: string;
  readonly nullable?: boolean;
  readonly enum?: readonly unknown[];
  readonly minimum?: number;
  readonly maximum?: number;
  readonly items?: OpenApiSchema;
  readonly allOf?: readonly OpenApiSchema[];
  readonly properties?: Readonly<Record<string, OpenApiSchema>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: boolean | OpenApiSchema;
}

/** Gives what is wrong with a value, each as "/where/foo: is not in the contract"; empty when nothing is. */
export type Validate = (value: unknown) => string[];

/**
 * Compiles schemas of an OpenAPI document to checks, each named schema and each shape of a member once and only when data
 * reaches it.
 *
 * A filter has hundreds of members and refers to the filters of all other kinds, while a request uses a few of them:
 * compiling everything that is in reach costs seconds in each test file.
 */
export function validators(schemas: Readonly<Record<string, OpenApiSchema>>): (schema: OpenApiSchema) => Validate {
  const byName = new Map<string, ValidateFunction>();
  const byShape = new Map<string, ValidateFunction>();
  const ajv = new Ajv({ allErrors: true, allowUnionTypes: true });
  ajv.addFormat("int32", { type: "number", validate: (value: number) => value >= -(2 ** 31) && value < 2 ** 31 });
  ajv.addFormat("int64", { type: "number", validate: (value: number) => value >= -(2 ** 63) && value < 2 ** 63 });
  ajv.addFormat("double", true);
  ajv.addKeyword({ keyword: NAMED, schemaType: "string", errors: "full", compile: checkNamed });
  ajv.addKeyword({ keyword: MEMBERS, type: "object", schemaType: "object", errors: "full", compile: checkMembers });

  function checkNamed(name: string): CustomValidate {
    const validate: CustomValidate = (value, context) => {
      const check = remembered(byName, name, () => compileNamed(name));
      const valid = check(value, context);
      validate.errors = check.errors ?? [];
      return valid === true;
    };
    return validate;
  }

  function compileNamed(name: string): ValidateFunction {
    const schema = schemas[name];
    if (!schema) throw new Error(`the OpenAPI document has no schema ${name}`);
    return ajv.compile(toJsonSchema(schema));
  }

  function checkMembers(members: Readonly<Record<string, OpenApiSchema>>): CustomValidate {
    const checks = new Map<string, ValidateFunction>();
    const validate: CustomValidate = (value, context) => {
      const errors: ErrorObject[] = [];
      for (const [key, member] of Object.entries(value as object)) {
        if (!Object.hasOwn(members, key)) continue;
        const check = remembered(checks, key, () => compileShape(members[key] as OpenApiSchema));
        if (check(member, within(context, key, value as object))) continue;
        for (const error of check.errors ?? []) errors.push(error);
      }
      validate.errors = errors;
      return errors.length === 0;
    };
    return validate;
  }

  function compileShape(schema: OpenApiSchema): ValidateFunction {
    return remembered(byShape, JSON.stringify(schema), () => ajv.compile(toJsonSchema(schema)));
  }

  return (schema) => {
    const check = compileShape(schema);
    return (value) => (check(value) ? [] : describe(check.errors ?? [], value));
  };
}

function within(context: Context | undefined, key: string, parent: object): Context {
  return {
    instancePath: `${context?.instancePath ?? ""}/${escapePointer(key)}`,
    parentData: parent,
    parentDataProperty: key,
    rootData: context?.rootData ?? {},
    dynamicAnchors: {},
  };
}

function remembered<T>(known: Map<string, T>, key: string, make: () => T): T {
  const existing = known.get(key);
  if (existing !== undefined) return existing;
  const fresh = make();
  known.set(key, fresh);
  return fresh;
}

/** Keywords of our own in the compiled schemas: they stand for $ref and for the schemas of an object's members. */
const NAMED = "contractSchema";
const MEMBERS = "contractMembers";

interface CustomValidate {
  (value: unknown, context?: Context): boolean;
  errors?: ErrorObject[];
}

/** Where in the whole value ajv is. */
type Context = NonNullable<Parameters<ValidateFunction>[1]>;

type JsonSchema = Record<string, unknown>;

const ANNOTATIONS = new Set(["description", "example", "deprecated", "default", "title", "discriminator"]);

/** Throws on a keyword that it does not know, lest a newer document be checked by half. */
function toJsonSchema(schema: OpenApiSchema): JsonSchema {
  if (schema.$ref) return { [NAMED]: schema.$ref.slice(schema.$ref.lastIndexOf("/") + 1) };
  const { nullable = false, ...rest } = schema;
  // OpenAPI 3.0 leaves nullable beside allOf open; the vendor means "or null".
  if (nullable && !rest.type && !rest.enum) return { if: { type: "null" }, else: toJsonSchema(rest) };
  const result: JsonSchema = {};
  if (rest.properties) result[MEMBERS] = rest.properties;
  for (const [keyword, value] of Object.entries(rest) as [keyof typeof rest, never][]) {
    if (ANNOTATIONS.has(keyword)) continue;
    result[keyword] = convertKeyword(keyword, value, nullable);
  }
  // The inputs and results of writes do not say that they are closed. A name that they lack is still a typing error of ours.
  if (Object.keys(rest.properties ?? {}).length > 0) result.additionalProperties ??= false;
  return result;
}

function convertKeyword(keyword: string, value: never, nullable: boolean): unknown {
  switch (keyword) {
    case "type":
      return nullable ? [value, "null"] : value;
    case "enum":
      return nullable ? [...new Set<unknown>([...(value as unknown[]), null])] : value;
    case "items":
      return toJsonSchema(value);
    case "allOf":
      return (value as OpenApiSchema[]).map(toJsonSchema);
    case "properties":
      return Object.fromEntries(Object.keys(value).map((name) => [name, true]));
    case "additionalProperties":
      return typeof value === "object" ? toJsonSchema(value) : value;
    case "format":
    case "minimum":
    case "maximum":
    case "required":
      return value;
    default:
      throw new Error(`the OpenAPI document uses the keyword ${keyword}, which test/support cannot check`);
  }
}

/** One line for each distinct fault: the same one in a thousand rows is told once, with a count. */
function describe(errors: readonly ErrorObject[], root: unknown): string[] {
  const found = new Map<string, { line: string; count: number }>();
  for (const error of errors) {
    if (error.keyword === "if") continue;
    const path = pathOf(error);
    const kind = `${path.replace(/\/\d+(?=\/|$)/g, "/*")} ${error.keyword}`;
    const same = found.get(kind);
    if (same) same.count += 1;
    else found.set(kind, { line: `${path || "/"}: ${reason(error, root)}`, count: 1 });
  }
  return [...found.values()].map(({ line, count }) => (count === 1 ? line : `${line} (and ${count - 1} more like it)`));
}

function pathOf({ instancePath, params }: ErrorObject): string {
  const member: string | undefined = params.additionalProperty ?? params.missingProperty;
  return member === undefined ? instancePath : `${instancePath}/${escapePointer(member)}`;
}

function reason(error: ErrorObject, root: unknown): string {
  switch (error.keyword) {
    case "additionalProperties":
      return "is not in the contract";
    case "required":
      return "is required, but missing";
    case "type":
      return `expected ${[error.params.type].flat().join(" or ")}, got ${brief(valueAt(root, error.instancePath))}`;
    case "enum":
      return `expected ${brief(error.params.allowedValues)}, got ${brief(valueAt(root, error.instancePath))}`;
    default:
      return `${error.message}, got ${brief(valueAt(root, error.instancePath))}`;
  }
}

function valueAt(root: unknown, pointer: string): unknown {
  let value = root;
  for (const part of pointer.split("/").slice(1)) {
    value = (value as Record<string, unknown>)[part.replaceAll("~1", "/").replaceAll("~0", "~")];
  }
  return value;
}

function escapePointer(part: string): string {
  return part.replaceAll("~", "~0").replaceAll("/", "~1");
}

function brief(value: unknown): string {
  const text = value === undefined ? "nothing" : JSON.stringify(value);
  return text.length > 120 ? `${text.slice(0, 117)}...` : text;
}
