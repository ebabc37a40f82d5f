import i18n from "i18next";
import { initReactI18next } from "react-i18next";
import { preferences } from "../state/preferences";
import canvasEn from "./canvas.en.json";
import { setSentences } from "./engine";
import en from "./en.json";

export const LANGUAGES = [
  { code: "en", name: "English" },
  { code: "de", name: "Deutsch" },
] as const;

/** The language that was chosen, else the first of the browser's that there is. */
function wanted(): string {
  const known = (tag: string): string | undefined => LANGUAGES.find(({ code }) => tag.toLowerCase().split("-")[0] === code)?.code;
  return known(preferences.get().language) ?? navigator.languages.map(known).find((code) => code !== undefined) ?? "en";
}

/** Other languages than English come when they are wanted, from the same origin. */
async function use(code: string): Promise<void> {
  if (code === "de") {
    const [app, canvas, engine] = await Promise.all([import("./de.json"), import("./canvas.de.json"), import("./engine.de.json")]);
    i18n.addResourceBundle("de", "translation", { ...app.default, ...canvas.default });
    setSentences(engine.default);
  } else {
    setSentences({});
  }
  await i18n.changeLanguage(code);
  document.documentElement.lang = code;
}

export const ready = i18n
  .use(initReactI18next)
  .init({
    lng: "en",
    fallbackLng: "en",
    resources: { en: { translation: { ...en, ...canvasEn } } },
    interpolation: { escapeValue: false },
  })
  .then(() => use(wanted()).catch(() => undefined));

preferences.onChange(() => void use(wanted()));

export { i18n };
