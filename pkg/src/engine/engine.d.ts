// What the wasm boundary (`engine-wasm`) exports, as this package uses it. The file that stands here at run
// time is wasm-bindgen's; answers are JSON texts unless a comment says otherwise.

export type InitInput = RequestInfo | URL | Response | BufferSource | WebAssembly.Module;

export default function init(
  input: { module_or_path: InitInput | Promise<InitInput> },
): Promise<unknown>;
export function initSync(input: { module: BufferSource | WebAssembly.Module }): unknown;

/** Plain text. */
export function version(): string;
export function compile(source: string, options: unknown): string;
/** The two parts of `compile`: graph and diagnostics. */
export function compileParts(source: string, options: unknown): string[];
export function validate(source: string, options: unknown): string;
export function canonical(source: string, options: unknown): string;
/** Plain text. */
export function format(source: string): string;
export function edit(source: string, op: unknown, options: unknown): string;
export function diff(a: string, b: string, options: unknown): string;
export function layout(graphJson: string, optionsJson: string): string;
export function layoutLogged(graphJson: string, optionsJson: string): string;
export function elkKnown(what: string): string;
export function diagram(source: string, options: unknown): string;
/** Plain text. */
export function render(source: string, options: unknown): string;
export function repair(text: string): string;
export function checkRequest(query: string, options: unknown): string;
export function answer(query: string, context: unknown): string;
export function classify(query: string, context: unknown): string;
export function clarify(query: string, context: unknown): string;
export function generate(query: string, context: unknown): string;
/** The assistant's data file; idempotent. */
export function loadAssist(bytes: Uint8Array): void;

export class DocumentHandle {
  constructor(source: string, options: unknown);
  /** Plain text. */
  source(): string;
  replace(start: number, end: number, text: string): void;
  setBoard(path: string): void;
  edit(op: unknown): string;
  diagnostics(): string;
  diagram(): string;
  patch(): string;
  relayout(options: unknown): void;
  rangeOf(id: string): string;
  idAt(offset: number): string;
  tokens(start: number, end: number): string;
  complete(offset: number): string;
  hover(offset: number): string;
  definition(offset: number): string;
  references(offset: number): string;
  outline(): string;
  folding(): string;
  rename(offset: number, name: string): string;
  drawing(): string;
  free(): void;
}

/** In a worker: answers `{id, method, args}` with `{id, value}` or `{id, error}`. */
export function serveWorker(): void;
