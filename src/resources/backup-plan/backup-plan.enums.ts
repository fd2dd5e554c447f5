import { defineEnum } from "../../graph/connections/define-enum.js";

/** Unit of the interval between backups. */
export const BackupPeriod = defineEnum(
  "BackupPeriod",
  "What the interval between backups counts.",
  {
    MINUTELY: "Minutes.",
    HOURLY: "Hours.",
    DAILY: "Days.",
    WEEKLY: "Weeks.",
    MONTHLY: "Months.",
    YEARLY: "Years.",
  },
  { contract: "BackupPlanPeriod" },
);

/** What happens to a backup that is not done at the end of its time. */
export const BackupDelayOption = defineEnum(
  "BackupDelayOption",
  "What happens to a backup that has not ended when the plan's time of the day is over.",
  { KEEP_GO_ON: "It goes on.", STOP_BACKUP: "It is stopped." },
  { contract: "BackupPlanDelayOption" },
);
