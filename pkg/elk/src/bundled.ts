// For browsers and bundlers: the engine's bytes are part of the file.
import { wasm } from "#wasm";
import { withDefault } from "./in-thread-class.js";
import { decode } from "./load.js";

export default withDefault(() => decode(wasm));
