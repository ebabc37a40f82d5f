import { createRoot } from "react-dom/client";
import { App } from "./app/App";
import { startArrivals } from "./app/arrival";
import { studio } from "./app/studio";
import { startRoutes } from "./app/route";
import { startTheme } from "./app/theme";
import { ready } from "./i18n";

await ready;
startTheme();
startRoutes();
startArrivals();
// The engine is asked before the page is put together: it draws meanwhile.
await studio.start();
createRoot(document.getElementById("root") as HTMLElement).render(<App />);

// After this visit the studio opens without a network. What is kept for that is fetched once the page has all it needs.
const keep = (): void => void navigator.serviceWorker.register("/sw.js").catch(() => undefined);
if (import.meta.env.PROD && "serviceWorker" in navigator) {
  if (document.readyState === "complete") keep();
  else addEventListener("load", keep);
}
