import { Int } from "type-graphql";
import { singleFlight } from "../../kernel/single-flight.js";
import { readCount } from "../../upstream/reads.js";
import type { UpstreamSession } from "../../upstream/session.js";
import type { Where } from "../../upstream/wire/types.js";
import { namedObject } from "../connections/connection.js";
import type { EnumType } from "../connections/define-enum.js";
import { Direction } from "../connections/direction.js";
import type { Listing } from "../connections/listing.js";
import type { PageArguments } from "../connections/page-arguments.js";
import { allOf } from "../connections/rows-by-column.js";
import { groupConditions, inVersion } from "../connections/value-groups.js";
import { pageArguments } from "./declare.js";
import type { RootField } from "./root-fields.js";

/** What is counted. */
interface Statistics {
  readonly listing: Listing;
  /** The enum of the column `status`. */
  readonly status: EnumType;
  /** For descriptions: `VMs`. */
  readonly nouns: string;
}

/** Number of objects with a status. */
interface StatusCount {
  readonly status: string;
  readonly count: number;
}

/** `vmStatistics(filter)`: how many objects there are, in all and by status, with a call for each number that is selected. */
export function statisticsField(name: string, statistics: Statistics): RootField {
  const { listing, status, nouns } = statistics;
  const type = statisticsType(statistics);
  const { filter, ...others } = pageArguments(listing);
  const leftOut = listing.leftOut === undefined ? {} : { [listing.leftOut.argument]: others[listing.leftOut.argument] };
  return {
    name,
    type: () => type,
    nullable: true,
    description: `How many ${nouns} there are, in all and by status: cheaper than a list for each status.`,
    args: { filter, ...leftOut } as RootField["args"],
    // One for each status, those that are not known, and the total.
    lookupCalls: () => status.upstreamValues.length + 2,
    resolve: (_, args: PageArguments, { graph }) => new Counts(graph.session, statistics, listing.whereOf(args)),
  };
}

/** Counts on access, each once. Lives as long as the operation. */
class Counts {
  constructor(
    private readonly session: UpstreamSession,
    private readonly statistics: Statistics,
    private readonly where: Where<never> | undefined,
  ) {}

  get total(): Promise<number> {
    return this.readTotal();
  }

  get byStatus(): Promise<readonly StatusCount[]> {
    return this.readByStatus();
  }

  private readonly readTotal = singleFlight(() => this.count(), { keepResult: true });

  private readonly readByStatus = singleFlight(
    async () => {
      const { listing, status } = this.statistics;
      const { entity } = listing.resource;
      const column = { field: "status", nullable: false, isOpen: true, direction: Direction.ASC };
      const groupings = await inVersion(this.session, entity, [{ ...column, values: status.upstreamValues }]);
      const names = [...(groupings[0]?.values ?? []).map((value) => status.fromUpstream(value)), "UNKNOWN"];
      const counts = await Promise.all(groupConditions(groupings).map((conditions) => this.count(...conditions)));
      return names.map((name, index): StatusCount => ({ status: name, count: counts[index] ?? 0 }));
    },
    { keepResult: true },
  );

  private count(...conditions: readonly object[]): Promise<number> {
    return readCount(this.session, this.statistics.listing.resource.entity, allOf(this.where, ...conditions));
  }
}

function statisticsType({ listing, status, nouns }: Statistics): object {
  const { typename } = listing.resource;
  const countType = namedObject(`${status.name}Count`, `Number of ${nouns} with a status.`, {
    status: { type: () => status.type, description: "The status." },
    count: { type: () => Int, description: `Number of ${nouns} that have it.` },
  });
  return namedObject(`${typename}Statistics`, `How many ${nouns} there are.`, {
    total: { type: () => Int, nullable: true, description: "Number of all that match the filter. One upstream call." },
    byStatus: {
      type: () => [countType],
      nullable: true,
      description:
        "Number for each status, also if there are none; UNKNOWN for those that this version of TowerQL does not know. One upstream call each, at the same time: if objects change meanwhile, the sum may differ from `total`.",
    },
  });
}
