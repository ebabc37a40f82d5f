import i18n from "i18next";
import { initReactI18next } from "react-i18next";
import canvasEn from "./canvas.en.json";
import en from "./en.json";

/** Starts i18n with the strings that are part of the bundle: nothing is loaded later. */
export const ready = i18n.use(initReactI18next).init({
  lng: "en",
  fallbackLng: "en",
  resources: { en: { translation: { ...en, ...canvasEn } } },
  interpolation: { escapeValue: false },
});

export { i18n };
