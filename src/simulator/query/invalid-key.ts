import type { EntityModel } from "../store/model.js";
import { operatorsOf } from "./operators.js";

/** Why a key of a filter is not allowed, with the operators that are, for an error message. */
export function invalidKeyReason(entity: EntityModel, key: string): string {
  const field = [...entity.fields.values()]
    .filter(({ name }) => key === name || key.startsWith(`${name}_`))
    .sort((a, b) => b.name.length - a.name.length)[0];
  if (field === undefined) return `${entity.name} has no such field`;
  switch (field.kind.is) {
    case "many":
      return `${field.name} is a list of ${field.kind.target}, which takes _some, _every and _none`;
    case "one":
      return `${field.name} is a ${field.kind.target}, which takes a nested filter and no operator`;
    case "list":
    case "json":
      return `${field.name} cannot be filtered on`;
    case "enum":
    case "scalar": {
      const suffixes = operatorsOf(field.kind).map(({ suffix }) => suffix);
      return `the operators of ${field.name} are${suffixes.join(" ")}`;
    }
    default:
      return field.kind satisfies never;
  }
}
