// What the address brings along from elsewhere, once: the end of a sign-in at another issuer, and the leave, sent by
// mail, to choose a new password. Both are taken out of the address at once, so that no reload or bookmark repeats them.
import { i18n } from "../i18n";
import { expectLogin } from "../state/http";
import { notify, useStudio } from "../state/store";

/** Where an issuer sends the browser back to. */
export const ARRIVED = "/?sign_in=done";

export function startArrivals(): void {
  const query = new URLSearchParams(location.search);
  const signIn = query.get("sign_in");
  const token = /^#reset=([\w-]{1,200})$/.exec(location.hash)?.[1];
  if (signIn === null && token === undefined) return;
  history.replaceState(null, "", location.pathname);
  if (signIn === "done") expectLogin();
  else if (signIn !== null) notify("error", i18n.t("account.broken"));
  if (token !== undefined) useStudio.setState({ screen: "account", resetToken: token });
}
