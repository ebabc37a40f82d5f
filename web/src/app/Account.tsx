import { type FormEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import { register, signIn } from "../state/account";
import { ApiError } from "../state/http";
import { useStudio } from "../state/store";
import { Button } from "../ui/Button";
import { connection } from "./connection";
import { go } from "./route";

const LEAST_PASSWORD = 10;

/** Signing in, or making an account first. */
export function AccountPage() {
  const { t } = useTranslation();
  const link = useStudio((state) => state.link);
  const [making, setMaking] = useState(false);
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState("");

  const submit = async (event: FormEvent<HTMLFormElement>): Promise<void> => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const field = (name: string): string => String(form.get(name) ?? "");
    setBusy(true);
    setProblem("");
    try {
      if (making) await register(field("email"), field("password"), field("name"));
      await signIn(field("email"), field("password"));
      await connection.look();
      go("studio");
    } catch (error) {
      setProblem(reasonOf(error as Error, t("account.wrong")));
    } finally {
      setBusy(false);
    }
  };

  return (
    <main className="flex min-h-0 flex-1 items-start justify-center overflow-y-auto bg-paper p-6 pt-[10vh]">
      <div className="w-full max-w-sm rounded-xl border border-hairline bg-surface p-6 shadow-pop">
        <h1 className="text-xl font-semibold">{t(making ? "account.register" : "account.signIn")}</h1>
        <p className="mt-1 mb-5 text-[13px] text-muted">{t("account.hint")}</p>
        {link === "away" && (
          <p role="status" className="mb-4 rounded-md bg-warning-soft px-3 py-2 text-[13px] text-warning">
            {t("account.away")}
          </p>
        )}
        <form className="flex flex-col gap-3" onSubmit={(event) => void submit(event)}>
          {making && <Field name="name" label={t("account.name")} autoComplete="name" />}
          <Field name="email" type="email" required label={t("account.email")} autoComplete="email" />
          <Field
            name="password"
            type="password"
            required
            minLength={making ? LEAST_PASSWORD : undefined}
            label={t("account.password")}
            {...(making ? { hint: t("account.passwordHint", { count: LEAST_PASSWORD }) } : {})}
            autoComplete={making ? "new-password" : "current-password"}
          />
          {problem && (
            <p role="alert" className="text-[13px] text-error">
              {problem}
            </p>
          )}
          <Button kind="primary" type="submit" className="mt-1 h-9" disabled={busy}>
            {t(busy ? "account.working" : making ? "account.register" : "account.signIn")}
          </Button>
        </form>
        <button
          type="button"
          className="mt-4 rounded text-[13px] text-muted underline underline-offset-4 hover:text-ink"
          onClick={() => {
            setMaking(!making);
            setProblem("");
          }}
        >
          {t(making ? "account.haveOne" : "account.haveNone")}
        </button>
      </div>
    </main>
  );
}

/** The server's own words; those of single fields where it names them. */
function reasonOf(error: Error, wrong: string): string {
  if (!(error instanceof ApiError)) return error.message;
  if (error.status === 401) return wrong;
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
