import { defineConfig } from "vite";

// One entry whose name stays, `map.js`, which pages ask for; all else carries a digest of its content in its name, so
// that browsers may keep it for good. Nothing becomes a data: address, which the policy of the pages forbids.
export default defineConfig({
  base: "./",
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
