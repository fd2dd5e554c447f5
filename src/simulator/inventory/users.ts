import type { Account, SimulatorUser } from "../accounts.js";
import type { Builder } from "../rows/builder.js";
import { Viewer } from "../store/viewer.js";

/** Adds users and returns their accounts, the administrator first. The second sees one cluster; the last two are read-only. */
export function addUsers(builder: Builder, operatorCluster: string): readonly Account[] {
  const hasAuthn = builder.store.model.version.has("UserSource.AUTHN");
  const directoryLogin = hasAuthn ? `logs in with auth_config_id ${authConfigId}` : "logs in with the source LDAP";
  return [
    add(builder, "admin", "LOCAL", "ROOT", "can read and write everything", true, null),
    add(
      builder,
      "operator",
      "LOCAL",
      "ADMIN",
      "can read and write in one cluster only",
      true,
      new Set([operatorCluster]),
    ),
    add(builder, "viewer", "LOCAL", "READ_ONLY", "can read everything; writes are refused", false, null),
    add(
      builder,
      "auditor",
      hasAuthn ? "AUTHN" : "LDAP",
      "READ_ONLY",
      `directory account; can read everything; ${directoryLogin}`,
      false,
      null,
    ),
  ];
}

const authConfigId = "clrdirectory00000822simulat";

function add(
  { store, random }: Builder,
  username: string,
  source: SimulatorUser["source"],
  role: string,
  description: string,
  writes: boolean,
  clusters: ReadonlySet<string> | null,
): Account {
  const id = random.id();
  store.insert(
    "User",
    {
      id,
      auth_config_id: source === "AUTHN" ? authConfigId : null,
      display_username: username,
      email_address: `${username}@tower.example`,
      internal: false,
      ldap_dn: source !== "LOCAL" ? `cn=${username},ou=people,dc=tower,dc=example` : null,
      mobile_phone: "+86 100 0000 0000",
      name: username === "operator" ? "值班运维" : username,
      password_expired: false,
      password_recover_qa: { enabled: true, items: [{ question: "the first question" }] },
      password_updated_at: "2026-01-05T02:00:00.000Z",
      role,
      roles: [{ id: random.id(), name: role }],
      source,
      username,
    },
    null,
  );
  const user = { username, password: `${username}-pass`, source, token: `${username}-${random.hex(32)}`, description };
  return {
    user,
    viewer: new Viewer(id, username, writes, clusters),
    authConfigId: source === "AUTHN" ? authConfigId : null,
  };
}
