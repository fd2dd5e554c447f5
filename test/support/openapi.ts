import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { Exchange } from "../../src/simulator/http/exchange.js";
import { type OpenApiSchema, type Validate, validators } from "./openapi-validators.js";

/** Which half of an exchange to check; the default is both. */
export interface CheckOptions {
  /** For an answer that is faulty on purpose. */
  readonly requestOnly?: boolean;
  /** For a request that is faulty on purpose. */
  readonly answerOnly?: boolean;
}

/** CloudTower's OpenAPI document as a judge of what is really sent. */
export interface Contract {
  readonly document: OpenApiDocument;
  /** What violates the contract, each as `POST /get-vms request /where/foo: is not in the contract`; empty when nothing does. */
  check(exchange: Exchange, options?: CheckOptions): string[];
}

/** What is read of an OpenAPI 3.0 document. */
export interface OpenApiDocument {
  readonly info: { readonly version: string };
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: {
    readonly schemas: Readonly<Record<string, OpenApiSchema>>;
    readonly securitySchemes: Readonly<Record<string, { readonly type: string }>>;
  };
}

interface Operation {
  readonly security?: readonly Readonly<Record<string, unknown>>[];
  readonly parameters?: readonly { readonly in: string; readonly name: string; readonly schema: OpenApiSchema }[];
  readonly requestBody?: { readonly required?: boolean; readonly content: Content };
  readonly responses: Readonly<Record<string, { readonly content?: Content; readonly headers?: object }>>;
}

type Content = Readonly<Record<string, { readonly schema: OpenApiSchema }>>;

/** Folder with the documents, one per version: CLOUDTOWER_OPENAPI, by default beside the project. */
export function documentFolder(): string {
  return process.env.CLOUDTOWER_OPENAPI || fileURLToPath(new URL("../../../shared/contract", import.meta.url));
}

/** The contract of a version, or null where its document is absent: it is the vendor's and no part of this project. */
export function loadContract(version: string): Contract | null {
  const path = `${documentFolder()}/cloudtower-${version}.full.openapi.json`;
  if (!existsSync(path)) return null;
  const document: OpenApiDocument = JSON.parse(readFileSync(path, "utf8"));
  const compile = validators(document.components.schemas);
  const compiled = new Map<string, Validate>();

  function validate(part: string, schema: OpenApiSchema, value: unknown): string[] {
    let check = compiled.get(part);
    if (!check) {
      check = compile(schema);
      compiled.set(part, check);
    }
    return check(value).map((problem) => `${part} ${problem}`);
  }

  function checkRequest(label: string, operation: Operation, exchange: Exchange): string[] {
    return [
      ...checkAuthorization(label, operation, exchange, document),
      ...checkLanguage(label, operation, exchange),
      ...checkBody(label, operation, exchange),
    ];
  }

  function checkLanguage(label: string, { parameters = [] }: Operation, { headers }: Exchange): string[] {
    const language = headers["content-language"];
    const parameter = parameters.find(({ name }) => name === "content-language");
    if (language === undefined || !parameter) return [];
    return validate(`${label} request header content-language`, parameter.schema, language);
  }

  function checkBody(label: string, { requestBody }: Operation, exchange: Exchange): string[] {
    const sent = exchange.requestBody === "" ? undefined : exchange.requestBody;
    if (!requestBody) return sent === undefined ? [] : [`${label} request: expected no body`];
    if (sent === undefined) return requestBody.required ? [`${label} request: expected a body, got none`] : [];
    const schema = jsonSchema(requestBody.content);
    const problems = isJson(exchange.headers)
      ? []
      : [`${label} request header content-type: expected application/json, got ${exchange.headers["content-type"]}`];
    return schema ? [...problems, ...validate(`${label} request`, schema, sent)] : problems;
  }

  function checkAnswer(label: string, operation: Operation, exchange: Exchange): string[] {
    const { status, responseBody } = exchange;
    const part = `${label} answer ${status}`;
    const declared = operation.responses[status];
    if (!declared) {
      if (status < 400) return [`${part}: expected one of ${Object.keys(operation.responses)}`];
      // CloudTower's own errors have a common form; a proxy in front of it answers as it likes.
      return isJson(exchange.responseHeaders) ? validate(part, ERROR_BODY, responseBody) : [];
    }
    const problems: string[] = [];
    if (declared.headers && !exchange.responseHeaders["x-tower-request-id"]) {
      problems.push(`${part} header x-tower-request-id: is required, but missing`);
    }
    const schema = jsonSchema(declared.content);
    if (!schema) return problems;
    if (!isJson(exchange.responseHeaders)) {
      problems.push(
        `${part} header content-type: expected application/json, got ${exchange.responseHeaders["content-type"]}`,
      );
    }
    return [...problems, ...validate(part, schema, responseBody)];
  }

  return {
    document,
    check(exchange, { requestOnly = false, answerOnly = false } = {}) {
      const path = `/${exchange.endpoint.replace(/^\//, "")}`;
      const label = `${exchange.method} ${path}`;
      const operation = own(own(document.paths, path) ?? {}, exchange.method.toLowerCase());
      if (!operation) return answerOnly ? [] : [`${label} request: no such operation in the contract`];
      return [
        ...(answerOnly ? [] : checkRequest(label, operation, exchange)),
        ...(requestOnly ? [] : checkAnswer(label, operation, exchange)),
      ];
    },
  };
}

const ERROR_BODY: OpenApiSchema = { $ref: "#/components/schemas/ErrorBody" };

/** A request without a credential is right where the answer is 401: that is how one finds out that CloudTower is there. */
function checkAuthorization(
  label: string,
  { security = [] }: Operation,
  { headers, status }: Exchange,
  { components }: OpenApiDocument,
): string[] {
  const scheme = security.flatMap(Object.keys)[0];
  if (scheme === undefined) return [];
  const sent = headers.authorization;
  if (!sent) return status === 401 ? [] : [`${label} request header authorization: is required, but missing`];
  const basic = components.securitySchemes[scheme]?.type === "http";
  if (/^Basic /i.test(String(sent)) !== basic || /^Bearer /i.test(String(sent))) {
    return [`${label} request header authorization: expected ${basic ? "Basic authentication" : "a token alone"}`];
  }
  return [];
}

function jsonSchema(content: Content | undefined): OpenApiSchema | undefined {
  return content?.["application/json"]?.schema;
}

function isJson(headers: Exchange["headers"]): boolean {
  return /^application\/json\b/i.test(String(headers["content-type"] ?? ""));
}

function own<T>(record: Readonly<Record<string, T>>, key: string): T | undefined {
  return Object.hasOwn(record, key) ? record[key] : undefined;
}
