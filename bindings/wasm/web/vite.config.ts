import { fileURLToPath } from "node:url";
import { defineConfig } from "vite";

/** All local: the page works without a network. */
export default defineConfig({
  root: fileURLToPath(new URL(".", import.meta.url)),
  base: "./",
  resolve: { alias: { "simcom-at": fileURLToPath(new URL("../dist/index.js", import.meta.url)) } },
  build: { outDir: "dist", emptyOutDir: true, target: "es2022" },
  worker: { format: "es" },
});
