// For Node: the engine is read from disk.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { withDefault } from "./in-thread-class.js";

export default withDefault(() => readFileSync(join(__dirname, "../dist/engine/engine_bg.wasm")));
