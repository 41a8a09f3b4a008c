import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { defineConfig, type Plugin } from "vite";

const LICENCES = ["LICENSE", "LICENSE.txt", "LICENSE.md"];

// What is given on with the build keeps its licences: those of every package of which something was built in.
function licences(): Plugin {
  return {
    name: "licences",
    generateBundle(_, bundle) {
      const inside = new Set(["maplibre-gl", "world-atlas"]); // the worker and the outlines are carried over as they are
      for (const one of Object.values(bundle)) {
        for (const id of one.type === "chunk" ? one.moduleIds : []) {
          const name = /node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(id)?.[1];
          if (name) inside.add(name);
        }
      }
      const told = [...inside].sort().map((name) => {
        const file = LICENCES.map((one) => join("node_modules", name, one)).find(existsSync);
        if (!file) throw new Error(`${name} comes without its licence`);
        return `${name}\n\n${readFileSync(file, "utf8").trim()}\n`;
      });
      this.emitFile({ type: "asset", fileName: "licences.txt", source: told.join("\n\n") });
    },
  };
}

// One entry whose name stays, `map.js`, which pages ask for; all else carries a digest of its content in its name, so
// that browsers may keep it for good. Nothing becomes a data: address, which the policy of the pages forbids.
export default defineConfig({
  base: "./",
  plugins: [licences()],
  build: {
    outDir: "../static/map",
    emptyOutDir: true,
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 1500,
    modulePreload: false,
    target: "es2022",
    rollupOptions: {
      input: "src/map.ts",
      output: {
        entryFileNames: "map.js",
        chunkFileNames: "[name]-[hash].js",
        assetFileNames: "[name]-[hash][extname]",
      },
    },
  },
});
