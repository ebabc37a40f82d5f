import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";

// Two pages: the engine as it comes, and an app that was written for elkjs.
export default defineConfig({ plugins: [react()], build: { rolldownOptions: { input: ["index.html", "elk.html"] } } });
