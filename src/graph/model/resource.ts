import { Field, ID, ObjectType } from "type-graphql";
import { globalId } from "../../kernel/text/global-id.js";
import { hasId, oddRow } from "../../upstream/sound-rows.js";
import type { Entity, Row } from "../../upstream/wire/types.js";
import { reads } from "./column.js";

/**
 * An object of the graph that is backed by one row of CloudTower.
 *
 * Its getters are the GraphQL fields; they read the row when called and allocate nothing before. Objects that the look-ahead loaded are
 * set on it under `@<field>`, so that a relation resolves without a promise. Lives as long as one operation.
 */
@ObjectType({ isAbstract: true } as object)
export abstract class Resource<E extends Entity = Entity> {
  /** Name of the GraphQL type, and of the first part of its global ids. */
  static readonly typename: string;
  /** Name of CloudTower's kind of object. */
  static readonly entity: Entity;

  /** Results of relations: the objects, null, or the error of the call that should have brought them. */
  [relation: `@${string}`]: unknown;

  /** @throws UpstreamError for a row that is no object with an id: it could only be shown as an object without a name. */
  constructor(readonly row: Row<E>) {
    if (!hasId(row)) throw oddRow((this.constructor as typeof Resource).entity);
  }

  @reads("id")
  @Field(() => ID, { description: "Global id: the type's name, a colon, and CloudTower's id." })
  get id(): string {
    return globalId((this.constructor as typeof Resource).typename, this.row.id);
  }

  @reads("id")
  @Field(() => String, { description: "CloudTower's own id, without the type name." })
  get cloudTowerId(): string {
    return this.row.id;
  }
}

/** A class of the graph: builds an object from a row. */
export interface ResourceClass<E extends Entity = Entity, R extends Resource<E> = Resource<E>> {
  new (row: Row<E>): R;
  readonly typename: string;
  readonly entity: E;
  readonly prototype: R;
}
