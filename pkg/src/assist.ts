// The offline assistant: what a request means, and a diagram for it. `init()` of the main entry comes first.
export { checkRequest, classify, generate, repair } from "./api.js";
export type { AssistContext, Classified, Generated, Intent, Repaired } from "./types.js";
