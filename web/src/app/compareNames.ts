import { i18n } from "../i18n";

/** What a side of a comparison is called; 0 is the draft. */
export const sideName = (number: number): string =>
  number === 0 ? i18n.t("versions.draft") : i18n.t("versions.version", { n: number });
