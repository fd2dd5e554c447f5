import { integer } from "../parsers.js";
import { setting } from "../setting.js";

/** Limits of an operation and its document. */
export const operationsSettings = {
  operationTimeoutSeconds: setting(
    "OPERATION_TIMEOUT_SECONDS",
    integer(1, 3600),
    "60",
    "Maximum duration of a query or mutation, or of one event of a subscription, in seconds.",
  ),
  defaultPageSize: setting(
    "DEFAULT_PAGE_SIZE",
    integer(1, 100_000),
    "50",
    "Page size if a client gives neither `first` nor `last`.",
  ),
  maxPageSize: setting("MAX_PAGE_SIZE", integer(1, 100_000), "1000", "Maximum `first` or `last`."),
  maxDocumentTokens: setting(
    "MAX_DOCUMENT_TOKENS",
    integer(10, 1_000_000),
    "5000",
    "Maximum number of tokens in a document.",
  ),
  maxNesting: setting("MAX_NESTING", integer(2, 1_000), "50", "Maximum bracket depth of a document."),
  maxDefinitions: setting(
    "MAX_DEFINITIONS",
    integer(1, 10_000),
    "100",
    "Maximum number of operations and fragments in a document.",
  ),
  maxDepth: setting("MAX_DEPTH", integer(1, 1_000), "20", "Maximum field depth."),
  maxFields: setting("MAX_FIELDS", integer(1, 100_000), "5000", "Maximum number of fields, with fragments expanded."),
  maxAliases: setting("MAX_ALIASES", integer(0, 100_000), "100", "Maximum number of aliases, with fragments expanded."),
  maxRootFields: setting(
    "MAX_ROOT_FIELDS",
    integer(1, 10_000),
    "50",
    "Maximum number of fields at the root of an operation.",
  ),
  maxDirectives: setting(
    "MAX_DIRECTIVES",
    integer(0, 10_000),
    "100",
    "Maximum number of directives, with fragments expanded.",
  ),
  maxListLength: setting("MAX_LIST_LENGTH", integer(1, 1_000_000), "1000", "Maximum length of a list in an argument."),
  maxStringLength: setting(
    "MAX_STRING_LENGTH",
    integer(1, 1_000_000),
    "4096",
    "Maximum length of a string in an argument, in characters.",
  ),
  maxOperationCalls: setting(
    "MAX_OPERATION_CALLS",
    integer(1, 1_000_000),
    "500",
    "Maximum number of calls to CloudTower of an operation, as estimated from its text and as made.",
  ),
  maxOperationObjects: setting(
    "MAX_OPERATION_OBJECTS",
    integer(1, 1_000_000_000),
    "250000",
    "Maximum number of objects in the result of an operation, as estimated from its text and as written.",
  ),
  maxOperationRows: setting(
    "MAX_OPERATION_ROWS",
    integer(1, 1_000_000_000),
    "500000",
    "Maximum number of CloudTower's rows that an operation reads.",
  ),
  maxResultMiB: setting(
    "MAX_RESULT_MIB",
    integer(1, 1_048_576),
    "64",
    "Maximum size of the result of an operation, in MiB, approximated by its names and texts.",
  ),
} as const;
