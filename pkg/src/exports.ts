// What every entry of the engine offers, whichever way its bytes are loaded.
export type * from "./types.js";
export type { InitInput } from "./api.js";
export {
  canonical,
  checkRequest,
  compile,
  diagram,
  diff,
  Document,
  edit,
  format,
  layout,
  open,
  render,
  repair,
  validate,
  version,
} from "./api.js";
