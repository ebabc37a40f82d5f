import { ELK } from "../../src/elk/api.js";

export default Object.assign(ELK, { default: ELK });
