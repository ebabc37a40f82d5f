// What the slim boundary (`engine-wasm/elk`) exports, as this package uses it.
export function initSync(input: { module: BufferSource | WebAssembly.Module }): unknown;
export function layout(graphJson: string, optionsJson: string, timeMs: number): string;
export function known(what: string): string;
export function version(): string;
