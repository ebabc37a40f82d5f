// Everything that can be done, by name: for the command palette and for keys.
import { canvasCommands } from "../canvas/commands";
import { i18n } from "../i18n";
import { useStudio } from "../state/store";
import { exports } from "./export";
import { go } from "./route";
import { studio } from "./studio";
import { setDark } from "./theme";

export interface Command {
  id: string;
  label: string;
  icon: string;
  keys?: string;
  run?(): void;
  /** A second question, instead of doing something at once. */
  choose?(): Command[];
}

const t = i18n.t.bind(i18n);
const mac = /Mac|iPhone|iPad/.test(navigator.platform);

/** A key combination as this machine writes it. */
export const keys = (combination: string): string => combination.replace("Mod", mac ? "⌘" : "Ctrl+").replace("Shift+", mac ? "⇧" : "Shift+");

/** The commands of this moment, and a way to every node. */
export function commands(): Command[] {
  const { dark, editorOpen, sideOpen } = useStudio.getState();
  const open = (side: "assistant" | "inspector" | "versions" | "problems") => () => useStudio.setState({ side, sideOpen: true });
  return [
    { id: "save", label: t("bar.save"), icon: "mdi:content-save-outline", keys: keys("ModS"), run: () => void studio.save() },
    { id: "undo", label: t("bar.undo"), icon: "mdi:undo", keys: keys("ModZ"), run: () => studio.undo() },
    { id: "redo", label: t("bar.redo"), icon: "mdi:redo", keys: keys("ModShift+Z"), run: () => studio.redo() },
    { id: "tidy", label: t("canvas.tidy"), icon: "mdi:auto-fix", run: () => void studio.tidy() },
    { id: "format", label: t("bar.format"), icon: "mdi:format-align-left", run: () => void studio.format() },
    { id: "new", label: t("bar.new"), icon: "mdi:file-plus-outline", run: () => studio.newDesign() },
    { id: "designs", label: t("designs.title"), icon: "mdi:view-grid-outline", run: () => go("designs") },
    { id: "templates", label: t("templates.title"), icon: "mdi:shape-outline", run: () => go("templates") },
    { id: "settings", label: t("settings.title"), icon: "mdi:cog-outline", run: () => go("settings") },
    { id: "svg", label: `${t("export.menu")}: ${t("export.svg")}`, icon: "mdi:export-variant", run: () => void exports.svg() },
    { id: "png", label: `${t("export.menu")}: ${t("export.png")}`, icon: "mdi:export-variant", run: () => void exports.png() },
    { id: "d2", label: `${t("export.menu")}: ${t("export.d2")}`, icon: "mdi:export-variant", run: () => void exports.d2() },
    { id: "link", label: t("export.copyLink"), icon: "mdi:link-variant", run: () => void exports.copyLink() },
    { id: "theme", label: t("bar.theme", { to: t(dark ? "bar.light" : "bar.dark") }), icon: "mdi:theme-light-dark", run: () => setDark(!dark) },
    { id: "editor", label: t("bar.editor"), icon: "mdi:dock-left", run: () => useStudio.setState({ editorOpen: !editorOpen }) },
    { id: "side", label: t("bar.side"), icon: "mdi:dock-right", run: () => useStudio.setState({ sideOpen: !sideOpen }) },
    { id: "assistant", label: t("side.assistant"), icon: "mdi:creation-outline", run: open("assistant") },
    { id: "inspector", label: t("side.inspector"), icon: "mdi:tune", run: open("inspector") },
    { id: "versions", label: t("side.versions"), icon: "mdi:history", run: open("versions") },
    { id: "problems", label: t("side.problems"), icon: "mdi:alert-outline", run: open("problems") },
    ...canvasCommands(),
  ];
}

/** The keys that work, for the settings page. */
export function shortcuts(): { label: string; keys: string }[] {
  return [
    { label: t("palette.title"), keys: keys("ModK") },
    { label: t("bar.save"), keys: keys("ModS") },
    { label: t("bar.undo"), keys: keys("ModZ") },
    { label: t("bar.redo"), keys: keys("ModShift+Z") },
    { label: t("bar.format"), keys: "Shift+Alt+F" },
    { label: t("canvas.rename"), keys: "F2" },
    { label: t("canvas.delete"), keys: t("keys.delete") },
    { label: t("keys.move"), keys: t("keys.arrows") },
    { label: t("chat.send"), keys: t("keys.enter") },
    { label: t("keys.newLine"), keys: t("keys.shiftEnter") },
  ];
}

/** Commands that hold every word of `query`, those that begin with it first. */
export function matching(all: readonly Command[], query: string): Command[] {
  const words = query.toLowerCase().split(/\s+/).filter(Boolean);
  const fits = all.filter(({ label }) => words.every((word) => label.toLowerCase().includes(word)));
  const first = words[0] ?? "";
  const rank = ({ label }: Command): number => (label.toLowerCase().startsWith(first) ? 0 : 1);
  return fits.map((command, at) => ({ command, at })).sort((a, b) => rank(a.command) - rank(b.command) || a.at - b.at).map(({ command }) => command);
}
