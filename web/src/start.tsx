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
studio.start();
createRoot(document.getElementById("root") as HTMLElement).render(<App />);

// After this visit the studio opens without a network.
if (import.meta.env.PROD && "serviceWorker" in navigator) {
  addEventListener("load", () => void navigator.serviceWorker.register("/sw.js").catch(() => undefined));
}
