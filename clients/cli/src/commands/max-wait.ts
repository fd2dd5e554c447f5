import { InvalidArgumentError, Option } from "commander";

const LONGEST_SECONDS = 300;

/** The option `--max-wait` of commands that write to a VM which another task may lock. */
export function maxWait(): Option {
  return new Option("--max-wait <seconds>", `wait at most so long for a lock to be released, 0 to ${LONGEST_SECONDS}`)
    .default(120)
    .argParser((text) => {
      if (/^\d{1,3}$/.test(text) && Number(text) <= LONGEST_SECONDS) return Number(text);
      throw new InvalidArgumentError(`It must be a whole number from 0 to ${LONGEST_SECONDS}.`);
    });
}
