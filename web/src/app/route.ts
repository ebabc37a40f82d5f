// Which screen the address names, and the other way round.
import { type Screen, useStudio } from "../state/store";

const PATHS: Record<Screen, string> = {
  studio: "/",
  designs: "/designs",
  templates: "/templates",
  settings: "/settings",
  account: "/sign-in",
};

const screenOf = (path: string): Screen =>
  (Object.keys(PATHS) as Screen[]).find((screen) => PATHS[screen] === path) ?? "studio";

export function startRoutes(): void {
  useStudio.setState({ screen: screenOf(location.pathname) });
  addEventListener("popstate", () => useStudio.setState({ screen: screenOf(location.pathname) }));
}

/** Goes to a screen; going back in the browser comes back. */
export function go(screen: Screen): void {
  if (useStudio.getState().screen === screen) return;
  history.pushState(null, "", PATHS[screen]);
  useStudio.setState({ screen, paletteOpen: false });
}
