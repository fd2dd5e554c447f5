/**
 * The straightforward gateway: Apollo's standalone server, type-graphql classes, a field resolver and a DataLoader for each relation,
 * all with default settings. A good developer writes this in a day; TowerQL must be faster.
 *
 * Environment: CLOUDTOWER_URL, HOST, PORT.
 */
import "reflect-metadata";
import { ApolloServer } from "@apollo/server";
import { startStandaloneServer } from "@apollo/server/standalone";
import { buildSchema } from "type-graphql";
import { UpstreamPool } from "../upstream-pool.js";
import { type BaselineContext, createLoaders } from "./loaders.js";
import {
  DiskResolver,
  LunResolver,
  SnapshotDiskResolver,
  SnapshotResolver,
  VmResolver,
  VolumeResolver,
} from "./resolvers.js";

const upstream = new UpstreamPool(process.env.CLOUDTOWER_URL ?? "");
const schema = await buildSchema({
  resolvers: [VmResolver, DiskResolver, VolumeResolver, LunResolver, SnapshotResolver, SnapshotDiskResolver],
  validate: false,
});
const server = new ApolloServer<BaselineContext>({ schema });
await startStandaloneServer(server, {
  listen: { host: process.env.HOST ?? "127.0.0.1", port: Number(process.env.PORT) },
  context: async ({ req }) => {
    const token = req.headers.authorization ?? "";
    return { token, upstream, loaders: createLoaders(upstream, token) };
  },
});
process.on("SIGTERM", () => process.exit());
