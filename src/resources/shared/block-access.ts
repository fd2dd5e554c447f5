import { ObjectType } from "type-graphql";
import { defineEnum } from "../../graph/connections/define-enum.js";
import { boolean } from "../../graph/model/codec.js";
import { columnsOf } from "../../graph/model/column.js";
import { type Reference, references } from "./reference.type.js";
import { Resilient } from "./resilient.js";

type Accessed = "IscsiLun" | "IscsiTarget" | "NvmfNamespace";
const column = columnsOf("IscsiLun", "IscsiTarget", "NvmfNamespace");

/** How data is encrypted. */
export const EncryptionMethod = defineEnum(
  "EncryptionMethod",
  "How data is encrypted.",
  { PLAIN_TEXT: "Not encrypted.", AES256_CTR: "AES-256 in counter mode." },
  { contract: "EncryptMethod" },
);

/** How the machines that may use block storage are configured. */
export const AccessConfiguration = defineEnum(
  "AccessConfiguration",
  "How the machines that may use block storage are configured.",
  { MANUAL: "By lists of addresses and names.", BUSINESS_HOST: "By business hosts registered in CloudTower." },
  { contract: "ConfigurationMethod" },
);

/** Encryption of block storage, and the machines that may use it; of an iSCSI target, the encryption of its new LUNs. */
@ObjectType({ isAbstract: true } as object)
export abstract class BlockAccess<E extends Accessed> extends Resilient<E> {
  @column("encrypt_method", EncryptionMethod.orNull, "How the data is encrypted.", { filter: true })
  readonly encryptionMethod!: string | null;

  @column("prioritized", boolean, "Whether the data is prioritized.", { filter: true })
  readonly prioritized!: boolean | null;

  @column("configuration_method", AccessConfiguration.orNull, "How the machines that may use it are configured.")
  readonly accessConfiguration!: string | null;

  @column("business_hosts", references, "The business hosts that may use it.")
  readonly businessHosts!: Reference[];

  @column("business_host_groups", references, "The groups of business hosts that may use it.")
  readonly businessHostGroups!: Reference[];
}
