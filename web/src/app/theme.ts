import { useStudio } from "../state/store";

const KEY = "spandrel:theme";

/** The person's choice, else the system's, followed as long as nothing was chosen. */
export function startTheme(): void {
  const system = matchMedia("(prefers-color-scheme: dark)");
  const chosen = localStorage.getItem(KEY);
  show(chosen === null ? system.matches : chosen === "dark");
  system.addEventListener("change", (event) => {
    if (localStorage.getItem(KEY) === null) show(event.matches);
  });
}

export function setDark(dark: boolean): void {
  try {
    localStorage.setItem(KEY, dark ? "dark" : "light");
  } catch {
    // Not remembered, then.
  }
  show(dark);
}

function show(dark: boolean): void {
  document.documentElement.dataset["theme"] = dark ? "dark" : "light";
  useStudio.setState({ dark });
}
