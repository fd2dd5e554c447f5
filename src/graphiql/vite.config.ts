import { defineConfig } from "vite";

/** Builds the page into dist/graphiql: `vite build src/graphiql`. Every address in the output is relative, see `<base>` in index.html. */
export default defineConfig({
  base: "./",
  logLevel: "warn",
  // Monaco's language workers are modules with chunks of their own.
  worker: { format: "es" },
  build: {
    outDir: "../../dist/graphiql",
    emptyOutDir: true,
    target: "es2022",
    // The editor is as large as it is; a warning at every build would only be learned to be ignored.
    chunkSizeWarningLimit: 4000,
    reportCompressedSize: false,
    // React libraries mark their modules "use client"; here everything is client, so dropping the mark changes nothing.
    rolldownOptions: { checks: { moduleLevelDirective: false } },
  },
});
