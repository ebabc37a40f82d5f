import type { Preset } from "./actions";
import { IMAGE } from "./structure";

/** What the palette of shapes offers; `tool` is its picture there. */
export const PRESETS: readonly (Preset & { tool: string })[] = [
  { name: "service", shape: "rectangle", tool: "mdi:rectangle-outline" },
  { name: "database", shape: "cylinder", tool: "mdi:database-outline" },
  { name: "queue", shape: "queue", tool: "mdi:tray-full" },
  { name: "person", shape: "person", tool: "mdi:account-outline" },
  { name: "cloud", shape: "cloud", tool: "mdi:cloud-outline" },
  { name: "hexagon", shape: "hexagon", tool: "mdi:hexagon-outline" },
  { name: "decision", shape: "diamond", tool: "mdi:rhombus-outline" },
  { name: "document", shape: "document", tool: "mdi:file-document-outline" },
  { name: "package", shape: "package", tool: "mdi:package-variant-closed" },
  { name: "table", shape: "sql_table", tool: "mdi:table" },
  { name: "class", shape: "class", tool: "mdi:code-braces" },
  { name: "text", shape: "text", tool: "mdi:format-text" },
  { name: "image", shape: "image", icon: IMAGE, tool: "mdi:image-outline" },
];

/** The shapes that any object can be given. */
export const SHAPES = [
  "rectangle", "square", "page", "parallelogram", "document", "cylinder", "queue", "package", "step", "callout",
  "stored_data", "person", "c4-person", "diamond", "oval", "circle", "hexagon", "cloud", "text", "image",
] as const;
