import { type KeyboardEvent, useEffect, useMemo, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { useStudio } from "../state/store";
import { Icon } from "../ui/Icon";
import { questions } from "../canvas/commands";
import { type Command, commands, matching } from "./commands";

const SHOWN = 50;

/** Everything by its name, from the keyboard. */
export function CommandPalette() {
  const open = useStudio((state) => state.paletteOpen);
  return open ? <Palette /> : null;
}

function Palette() {
  const { t } = useTranslation();
  const dialog = useRef<HTMLDialogElement>(null);
  const [query, setQuery] = useState("");
  const [at, setAt] = useState(0);
  const [all, setAll] = useState(() => {
    const { palette } = useStudio.getState();
    return palette === "commands" ? commands() : questions[palette]();
  });
  const found = useMemo(() => matching(all, query).slice(0, SHOWN), [all, query]);

  useEffect(() => dialog.current?.showModal(), []);
  useEffect(() => {
    document.getElementById(`command-${at}`)?.scrollIntoView({ block: "nearest" });
  }, [at]);

  const close = (): void => useStudio.setState({ paletteOpen: false, palette: "commands" });
  const run = (command: Command | undefined): void => {
    if (!command) return;
    if (command.choose) {
      setAll(command.choose());
      setQuery("");
      setAt(0);
      return;
    }
    close();
    command.run?.();
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step !== undefined && found.length > 0) {
      event.preventDefault();
      setAt((at + step + found.length) % found.length);
    } else if (event.key === "Enter") {
      event.preventDefault();
      run(found[at]);
    }
  };

  return (
    <dialog
      ref={dialog}
      aria-label={t("palette.title")}
      className="rise mx-auto mt-[12vh] w-full max-w-lg rounded-xl border border-hairline bg-surface p-0 text-ink shadow-pop"
      onClose={close}
      onClick={(event) => event.target === dialog.current && close()}
    >
      <input
        type="text"
        role="combobox"
        aria-expanded="true"
        aria-controls="commands"
        aria-activedescendant={found.length > 0 ? `command-${at}` : undefined}
        aria-label={t("palette.placeholder")}
        placeholder={t("palette.placeholder")}
        value={query}
        autoFocus
        className="h-12 w-full border-b border-hairline bg-transparent px-4 outline-none placeholder:text-muted"
        onChange={(event) => {
          setQuery(event.target.value);
          setAt(0);
        }}
        onKeyDown={onKeyDown}
      />
      <div id="commands" role="listbox" aria-label={t("palette.list")} className="max-h-80 overflow-y-auto p-1">
        {found.map((command, index) => (
          <div
            key={command.id}
            id={`command-${index}`}
            role="option"
            data-command={command.id}
            aria-selected={index === at}
            className="flex h-9 cursor-pointer items-center gap-2.5 rounded-md px-3 text-[13px] aria-selected:bg-accent-soft"
            onPointerMove={() => setAt(index)}
            onClick={() => run(command)}
          >
            <span className="text-muted">
              <Icon name={command.icon} size={16} />
            </span>
            <span className="truncate">{command.label}</span>
            {command.choose && <span className="text-muted">…</span>}
            {command.keys && <kbd className="ml-auto font-sans text-xs text-muted">{command.keys}</kbd>}
          </div>
        ))}
        {found.length === 0 && <p className="p-3 text-[13px] text-muted">{t("palette.none")}</p>}
      </div>
    </dialog>
  );
}
