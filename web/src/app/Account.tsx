import { useQuery } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import { askReset, confirmReset, issuers, register, signIn, signInAt } from "../state/account";
import { ApiError } from "../state/http";
import { notify, useStudio } from "../state/store";
import { Button } from "../ui/Button";
import { ARRIVED } from "./arrival";
import { connection } from "./connection";
import { go } from "./route";

const LEAST_PASSWORD = 10;

/** What the page is for at the moment; `reset` comes from the link of a mail. */
type Mode = "signIn" | "register" | "forgot" | "reset";

/** Signing in, making an account first, or getting a new password. */
export function AccountPage() {
  const { t } = useTranslation();
  const link = useStudio((state) => state.link);
  const token = useStudio((state) => state.resetToken);
  const [chosen, setChosen] = useState<Exclude<Mode, "reset">>("signIn");
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState("");
  const [asked, setAsked] = useState(false);
  const mode: Mode = token === null ? chosen : "reset";

  const change = (to: Exclude<Mode, "reset">): void => {
    useStudio.setState({ resetToken: null });
    setChosen(to);
    setProblem("");
    setAsked(false);
  };

  const send = async (field: (name: string) => string): Promise<void> => {
    if (mode === "forgot") {
      await askReset(field("email"));
      setAsked(true);
      return;
    }
    if (token !== null) {
      await confirmReset(token, field("password"));
      notify("info", t("account.resetDone"));
      change("signIn");
      return;
    }
    if (mode === "register") await register(field("email"), field("password"), field("name"));
    connection.entered(await signIn(field("email"), field("password")));
    // Who has gone elsewhere meanwhile stays there.
    if (useStudio.getState().screen === "account") go("studio");
  };

  const submit = async (event: FormEvent<HTMLFormElement>): Promise<void> => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    setBusy(true);
    setProblem("");
    try {
      await send((name) => String(form.get(name) ?? ""));
    } catch (error) {
      setProblem(reasonOf(error as Error, { 401: t(mode === "reset" ? "account.resetOver" : "account.wrong"), 404: mode === "forgot" ? t("account.noMail") : undefined }));
    } finally {
      setBusy(false);
    }
  };

  const fresh = mode === "register" || mode === "reset";
  return (
    <main className="flex min-h-0 flex-1 items-start justify-center overflow-y-auto bg-paper p-6 pt-[10vh]">
      <div className="w-full max-w-sm rounded-xl border border-hairline bg-surface p-6 shadow-pop">
        <h1 className="text-xl font-semibold">{t(`account.${mode}`)}</h1>
        <p className="mt-1 mb-5 text-[13px] text-muted">{t(`account.hints.${mode}`)}</p>
        {link === "away" && (
          <p role="status" className="mb-4 rounded-md bg-warning-soft px-3 py-2 text-[13px] text-warning">
            {t("account.away")}
          </p>
        )}
        {asked ? (
          <p role="status" className="rounded-md bg-sunken px-3 py-2 text-[13px]">
            {t("account.mailSent")}
          </p>
        ) : (
          <form key={mode} className="flex flex-col gap-3" onSubmit={(event) => void submit(event)}>
            {mode === "register" && <Field name="name" label={t("account.name")} autoComplete="name" />}
            {mode !== "reset" && <Field name="email" type="email" required label={t("account.email")} autoComplete="email" />}
            {mode !== "forgot" && (
              <Field
                name="password"
                type="password"
                required
                minLength={fresh ? LEAST_PASSWORD : undefined}
                label={t(mode === "reset" ? "account.newPassword" : "account.password")}
                {...(fresh ? { hint: t("account.passwordHint", { count: LEAST_PASSWORD }) } : {})}
                autoComplete={fresh ? "new-password" : "current-password"}
              />
            )}
            {problem && (
              <p role="alert" className="text-[13px] whitespace-pre-line text-error">
                {problem}
              </p>
            )}
            <Button kind="primary" type="submit" className="mt-1 h-9" disabled={busy}>
              {t(busy ? "account.working" : `account.buttons.${mode}`)}
            </Button>
          </form>
        )}
        {(mode === "signIn" || mode === "register") && <Issuers />}
        <div className="mt-4 flex flex-col items-start gap-2">
          {mode === "signIn" && <Way label={t("account.forgotten")} onClick={() => change("forgot")} />}
          {mode === "signIn" && <Way label={t("account.haveNone")} onClick={() => change("register")} />}
          {mode === "register" && <Way label={t("account.haveOne")} onClick={() => change("signIn")} />}
          {(mode === "forgot" || mode === "reset") && <Way label={t("account.backToSignIn")} onClick={() => change("signIn")} />}
          {mode === "reset" && problem !== "" && <Way label={t("account.forgotten")} onClick={() => change("forgot")} />}
        </div>
      </div>
    </main>
  );
}

/** A way from one of the page's purposes to another. */
function Way({ label, onClick }: { label: string; onClick(): void }) {
  return (
    <button type="button" className="rounded text-[13px] text-muted underline underline-offset-4 hover:text-ink" onClick={onClick}>
      {label}
    </button>
  );
}

/** The issuers that this server trusts, where it names any. */
function Issuers() {
  const { t } = useTranslation();
  const away = useStudio((state) => state.link === "away");
  const { data } = useQuery({ queryKey: ["issuers"], queryFn: issuers, enabled: !away, retry: false, networkMode: "always" });
  if (!data?.length) return null;
  return (
    <>
      <p className="my-4 flex items-center gap-3 text-xs text-muted before:h-px before:flex-1 before:bg-hairline after:h-px after:flex-1 after:bg-hairline">
        {t("account.or")}
      </p>
      <ul className="flex flex-col gap-2">
        {data.map(({ name, title }) => (
          <li key={name}>
            <a href={signInAt(name, ARRIVED)} className="flex h-9 items-center justify-center truncate rounded-md border border-line px-3 text-[13px] font-semibold hover:bg-hover">
              {t("account.with", { name: title })}
            </a>
          </li>
        ))}
      </ul>
    </>
  );
}

/** A sentence of ours for a status that has one, else the server's own words; those of single fields where it names them. */
function reasonOf(error: Error, ours: Record<number, string | undefined>): string {
  if (!(error instanceof ApiError)) return error.message;
  const own = ours[error.status];
  if (own) return own;
  const fields = error.details["fields"] as { field: string; message: string }[] | undefined;
  return fields?.map(({ field, message }) => `${field}: ${message}`).join("\n") ?? error.message;
}

interface FieldProps {
  name: string;
  label: string;
  type?: string;
  hint?: string;
  required?: boolean;
  minLength?: number | undefined;
  autoComplete: string;
}

function Field({ name, label, hint, ...rest }: FieldProps) {
  return (
    <label className="flex flex-col gap-1 text-[13px] font-semibold">
      {label}
      <input
        name={name}
        className="h-9 rounded-md border border-line bg-surface px-2.5 font-normal"
        aria-describedby={hint ? `${name}-hint` : undefined}
        {...rest}
      />
      {hint && (
        <span id={`${name}-hint`} className="text-xs font-normal text-muted">
          {hint}
        </span>
      )}
    </label>
  );
}
