import { Field, ID, ObjectType } from "type-graphql";
import { globalId } from "../../kernel/global-id.js";
import type { Entity, Row } from "../../upstream/wire/types.js";
import { reads } from "./column.js";

/**
 * An object of the graph that stands on one row of CloudTower.
 *
 * Its getters are the GraphQL fields; they read the row when asked and allocate nothing beforehand. What the look-ahead joined
 * is kept on the object itself under `@<field>`, so that a relation answers without a promise. Lives as long as one operation.
 */
@ObjectType({ isAbstract: true } as object)
export abstract class Resource<E extends Entity = Entity> {
  /** Name of the GraphQL type, and of the first part of its global ids. */
  static readonly typename: string;
  /** Name of CloudTower's kind of object. */
  static readonly entity: Entity;

  /** Answers of relations: the joined object or objects, null, or the error of the call that should have brought them. */
  [joined: `@${string}`]: unknown;

  constructor(readonly row: Row<E>) {}

  @reads("id")
  @Field(() => ID, { description: "Global id: the type's name, a colon, and CloudTower's id." })
  get id(): string {
    return globalId((this.constructor as typeof Resource).typename, this.row.id);
  }

  @reads("id")
  @Field(() => String, { description: "The bare id, as CloudTower's own API uses it." })
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
