import { registerEnumType } from "type-graphql";

/** Sort direction. */
export enum Direction {
  ASC = "ASC",
  DESC = "DESC",
}
registerEnumType(Direction, {
  name: "Direction",
  description: "Sort direction.",
  valuesConfig: {
    ASC: { description: "Smallest first; objects without a value are last." },
    DESC: { description: "Largest first; objects without a value are first." },
  },
});
