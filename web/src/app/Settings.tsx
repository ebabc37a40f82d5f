import { useQuery } from "@tanstack/react-query";
import { type ReactNode, useState } from "react";
import { useTranslation } from "react-i18next";
import { LANGUAGES } from "../i18n";
import { renameMe } from "../state/account";
import { models } from "../state/api";
import { preferences, usePreferences } from "../state/preferences";
import { notify, useStudio } from "../state/store";
import { Button } from "../ui/Button";
import { shortcuts } from "./commands";
import { connection } from "./connection";
import { Page } from "./Page";
import { go } from "./route";
import { studio } from "./studio";
import { setDark } from "./theme";

const FIELD = "h-8 min-w-48 rounded-md border border-line bg-surface px-2 text-[13px]";

/** What a person can set for this browser, and who they are for the server. */
export function Settings() {
  const { t } = useTranslation();
  return (
    <Page title={t("settings.title")} hint={t("settings.hint")}>
      <div className="flex flex-col gap-4">
        <Section title={t("settings.look")}>
          <LookFields />
        </Section>
        <Section title={t("settings.assistant")}>
          <AssistantFields />
        </Section>
        <Section title={t("settings.style")}>
          <StyleFields />
        </Section>
        <Section title={t("settings.account")}>
          <AccountFields />
        </Section>
        <Section title={t("settings.shortcuts")}>
          <dl className="grid grid-cols-1 gap-x-8 sm:grid-cols-2">
            {shortcuts().map(({ label, keys }) => (
              <div key={label} className="flex items-baseline justify-between gap-4 border-b border-hairline py-1.5 text-[13px]">
                <dt>{label}</dt>
                <dd>
                  <kbd className="rounded border border-hairline bg-sunken px-1.5 py-0.5 font-sans text-xs whitespace-nowrap text-muted">{keys}</kbd>
                </dd>
              </div>
            ))}
          </dl>
        </Section>
      </div>
    </Page>
  );
}

function Section({ title, children }: { title: string; children: ReactNode }) {
  return (
    <section aria-label={title} className="grid gap-x-8 gap-y-3 rounded-lg border border-hairline bg-surface p-5 md:grid-cols-[12rem_1fr]">
      <h2 className="font-semibold">{title}</h2>
      <div className="flex min-w-0 flex-col gap-4">{children}</div>
    </section>
  );
}

function Row({ label, hint, children }: { label: string; hint?: string; children: ReactNode }) {
  return (
    <label className="flex flex-wrap items-center justify-between gap-x-6 gap-y-1 text-[13px]">
      <span className="min-w-0 flex-1 basis-56">
        {label}
        {hint && <span className="block text-xs text-muted">{hint}</span>}
      </span>
      {children}
    </label>
  );
}

function LookFields() {
  const { t } = useTranslation();
  const dark = useStudio((state) => state.dark);
  const { language } = usePreferences();
  return (
    <>
      <Row label={t("settings.theme")}>
        <select className={FIELD} value={dark ? "dark" : "light"} onChange={(event) => setDark(event.target.value === "dark")}>
          <option value="light">{t("settings.light")}</option>
          <option value="dark">{t("settings.dark")}</option>
        </select>
      </Row>
      <Row label={t("settings.language")} hint={t("settings.languageHint")}>
        <select className={FIELD} value={language} onChange={(event) => preferences.set({ language: event.target.value })}>
          <option value="">{t("settings.asBrowser")}</option>
          {LANGUAGES.map(({ code, name }) => (
            <option key={code} value={code} lang={code}>
              {name}
            </option>
          ))}
        </select>
      </Row>
    </>
  );
}

function AssistantFields() {
  const { t } = useTranslation();
  const { assistant, model } = usePreferences();
  const server = useStudio((state) => state.server);
  const found = useQuery({ queryKey: ["models", server], queryFn: models, enabled: server, retry: false, networkMode: "always" });
  const names = found.data ?? [];
  return (
    <>
      <Row label={t("settings.who")} hint={t("settings.whoHint")}>
        <select
          className={FIELD}
          value={assistant}
          onChange={(event) => preferences.set({ assistant: event.target.value === "browser" ? "browser" : "server" })}
        >
          <option value="server">{t("settings.byServer")}</option>
          <option value="browser">{t("settings.byBrowser")}</option>
        </select>
      </Row>
      {names.length === 0 ? (
        <p className="text-xs text-muted">{t(server ? "settings.noModels" : "settings.noServer")}</p>
      ) : (
        <Row label={t("settings.model")} hint={t("settings.modelHint")}>
          <select className={FIELD} value={model} disabled={assistant === "browser"} onChange={(event) => preferences.set({ model: event.target.value })}>
            <option value="">{t("settings.serverChooses")}</option>
            {[...new Set([...names, ...(model === "" ? [] : [model])])].map((name) => (
              <option key={name} value={name}>
                {name}
              </option>
            ))}
          </select>
        </Row>
      )}
    </>
  );
}

function StyleFields() {
  const { t } = useTranslation();
  const { style } = usePreferences();
  return (
    <Row label={t("settings.findings")} hint={t("settings.findingsHint")}>
      <input
        type="checkbox"
        className="size-5 accent-(--accent)"
        checked={style}
        onChange={(event) => {
          preferences.set({ style: event.target.checked });
          studio.session.changed();
        }}
      />
    </Row>
  );
}

function AccountFields() {
  const { t } = useTranslation();
  const account = useStudio((state) => state.account);
  const link = useStudio((state) => state.link);
  const [name, setName] = useState<string>();
  if (!account) {
    return (
      <div className="flex flex-wrap items-center justify-between gap-3 text-[13px]">
        <p>{t(link === "away" ? "account.away" : "account.none")}</p>
        <Button kind="primary" onClick={() => go("account")}>
          {t("account.signIn")}
        </Button>
      </div>
    );
  }
  const save = (): void => {
    const text = name?.trim() ?? "";
    setName(undefined);
    if (text === "" || text === account.name) return;
    renameMe(text)
      .then(() => connection.look())
      .catch((error: Error) => notify("error", error.message));
  };
  return (
    <>
      <Row label={t("account.name")} {...(account.isLocal ? { hint: t("account.local") } : {})}>
        <input className={FIELD} value={name ?? account.name} onChange={(event) => setName(event.target.value)} onBlur={save} />
      </Row>
      <div className="flex flex-wrap items-center justify-between gap-3 text-[13px]">
        <p className="text-muted">{account.email ?? t("account.noEmail")}</p>
        {account.isLocal ? (
          <Button onClick={() => go("account")}>{t("account.signIn")}</Button>
        ) : (
          <Button onClick={() => void connection.leave()}>{t("account.signOut")}</Button>
        )}
      </div>
    </>
  );
}
