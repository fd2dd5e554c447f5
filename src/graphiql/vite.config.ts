import { join } from "node:path";
import { defineConfig } from "vite";
import { compress } from "./build/compress.js";
import { docs } from "./build/docs.js";

/** Builds the page into dist/graphiql: `vite build src/graphiql`. All URLs in the output are relative, see `<base>` in index.html. */
export default defineConfig({
  base: "./",
  logLevel: "warn",
  plugins: [docs(join(import.meta.dirname, "../../docs")), compress()],
  // Monaco's language workers are modules with their own chunks.
  worker: { format: "es" },
  build: {
    outDir: "../../dist/graphiql",
    emptyOutDir: true,
    target: "es2022",
    // The editor's size is known; no warning at every build.
    chunkSizeWarningLimit: 4000,
    reportCompressedSize: false,
    // React libraries mark modules with "use client", which has no meaning here. The client imports graphql only when it needs it, which the page always does.
    rolldownOptions: { checks: { moduleLevelDirective: false, ineffectiveDynamicImport: false, pluginTimings: false } },
  },
});
