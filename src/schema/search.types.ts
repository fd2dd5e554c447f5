import { Field, ObjectType, registerEnumType } from "type-graphql";
import type { GraphObject } from "../graph/model/graph-object.js";
import { Node } from "../graph/model/node.js";
import { searchKinds } from "./search-kinds.js";

/** The kinds of objects that `search` finds. */
export const SearchKindEnum = Object.fromEntries(Object.keys(searchKinds).map((name) => [name, name]));
registerEnumType(SearchKindEnum, {
  name: "SearchKind",
  description: "A kind of object that `search` finds.",
  valuesConfig: Object.fromEntries(
    Object.entries(searchKinds).map(([name, { listing, fields, hasLabels }]) => {
      const looked = [...fields.map(({ field }) => field), ...(hasLabels ? ["labels"] : [])];
      return [
        name,
        { description: `${listing.resource.typename}: by id, ${looked.map((one) => `\`${one}\``).join(", ")}.` },
      ];
    }),
  ),
});

/** Why an object was found. */
@ObjectType({ description: "Why an object was found." })
export class SearchMatch {
  @Field(() => String, { description: "The field with the text, such as `name`, `ips`, `labels` or `cloudTowerId`." })
  readonly field!: string;

  @Field(() => String, {
    nullable: true,
    description:
      "The field's value, of a label as `key: value`; null for a label that CloudTower's version does not name.",
  })
  readonly value!: string | null;
}

/** An object that `search` found. */
@ObjectType({ description: "An object that was found." })
export class SearchResult {
  @Field(() => SearchKindEnum, { description: "The kind of the object." })
  readonly kind!: string;

  @Field(() => Node, { description: "The object." })
  readonly node!: GraphObject;

  @Field(() => [SearchMatch], { description: "Why it was found: each field that has the text." })
  readonly matches!: readonly SearchMatch[];
}
