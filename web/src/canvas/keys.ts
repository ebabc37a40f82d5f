// The canvas by keyboard. The same keys work on the canvas and in the list beside it.
import type { KeyboardEvent } from "react";
import { studio } from "../app/studio";
import { useStudio } from "../state/store";
import { add, copySelected, groupSelected, remove, rename, selectAll, toggleFold, togglePin, ungroupSelected } from "./actions";

/** Does what a key means for what is selected, else for `focused`. True where it meant something. */
export function onCanvasKey(event: KeyboardEvent, focused: string | undefined): boolean {
  const { selected, viewing, proposal } = useStudio.getState();
  const modifier = event.metaKey || event.ctrlKey;
  const key = event.key.toLowerCase();
  if (modifier && key === "z") return (event.shiftKey ? studio.redo() : studio.undo(), true);
  if (modifier && key === "y") return (studio.redo(), true);
  if (viewing || proposal || event.altKey) return false;
  // What the keyboard stands on is meant where nothing else was chosen.
  const takeFocused = (): boolean => {
    if (focused !== undefined && !selected.includes(focused)) useStudio.setState({ selected: [focused] });
    return focused !== undefined || selected.length > 0;
  };
  if (modifier) {
    if (key === "a") return (selectAll(), true);
    if (key === "d") return takeFocused() && (void copySelected(), true);
    if (key === "g") return takeFocused() && (void (event.shiftKey ? ungroupSelected() : groupSelected()), true);
    return false;
  }
  switch (key) {
    case "f2":
      return takeFocused() && (rename(), true);
    case "delete":
    case "backspace":
      return (void remove(selected.length > 0 ? selected : focused === undefined ? [] : [focused]), true);
    case "n":
      if (focused !== undefined) takeFocused();
      return (void add({ name: "service", shape: "rectangle" }), true);
    case "c":
      return takeFocused() && (useStudio.setState({ paletteOpen: true, palette: "connect" }), true);
    case "m":
      return takeFocused() && (useStudio.setState({ paletteOpen: true, palette: "move" }), true);
    case "p":
      return takeFocused() && (void togglePin(), true);
    case "x":
      return takeFocused() && (toggleFold(), true);
    default:
      return false;
  }
}

/** Whether a key is being typed into a field. */
export const isTyping = (target: EventTarget): boolean =>
  target instanceof HTMLElement && target.closest("textarea, input, select, [contenteditable=true]") !== null;
