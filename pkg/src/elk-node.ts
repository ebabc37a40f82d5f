// The elkjs class over this package's engine.
import { over } from "./elk/over.js";
import type { ELK as Api } from "./elk/api.js";
import { init } from "./node.js";

export type * from "./elk/types.js";

export const ELK = over(init);
export type ELK = Api;
export default ELK;
