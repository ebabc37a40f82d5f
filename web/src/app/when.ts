import { i18n } from "../i18n";

/** Today by the clock, before that by the date, as the reader writes them. */
export function when(time: string | number): string {
  const date = new Date(time);
  const today = date.toDateString() === new Date().toDateString();
  return new Intl.DateTimeFormat(
    i18n.language,
    today ? { hour: "numeric", minute: "2-digit" } : { dateStyle: "medium", timeStyle: "short" },
  ).format(date);
}
