import { useTranslation } from "react-i18next";
import type { Diagnostic } from "spandrel";
import { applyEdits } from "../engine/host";
import { diagnosticInWords } from "../i18n/engine";
import { useStudio } from "../state/store";
import { Button } from "../ui/Button";
import { Icon } from "../ui/Icon";
import { studio } from "./studio";

const SIGNS = {
  error: { icon: "mdi:close-circle-outline", colour: "text-error" },
  warning: { icon: "mdi:alert-outline", colour: "text-warning" },
  hint: { icon: "mdi:information-outline", colour: "text-hint" },
} as const;

/** What is wrong or doubtful, by place; each entry leads there. */
export function Problems() {
  const { t } = useTranslation();
  const problems = useStudio((state) => state.problems);
  if (problems.length === 0) {
    return (
      <p className="flex items-center gap-2 p-5 text-[13px] text-muted">
        <Icon name="mdi:check-circle-outline" />
        {t("problems.none")}
      </p>
    );
  }
  return (
    <ul aria-label={t("problems.list")} className="h-full overflow-y-auto p-2">
      {problems.map((problem, at) => (
        <Problem key={at} problem={diagnosticInWords(problem)} />
      ))}
    </ul>
  );
}

function Problem({ problem }: { problem: Diagnostic }) {
  const { t } = useTranslation();
  const sign = SIGNS[problem.severity];
  const { start, end } = problem.range;
  return (
    <li className="rounded-md hover:bg-hover">
      <button
        type="button"
        className="flex w-full items-start gap-2 rounded-md p-2 text-left text-[13px]"
        onClick={() => studio.revealRange(start.offset, end.offset)}
      >
        <span className={`mt-px ${sign.colour}`}>
          <Icon name={sign.icon} />
        </span>
        <span className="min-w-0">
          <span className="sr-only">{t(`problems.${problem.severity}`)}: </span>
          <span className="break-words">
            <Words of={problem.message} />
          </span>
          {problem.help && (
            <span className="block text-muted">
              <Words of={problem.help} />
            </span>
          )}
          <span className="block text-xs text-muted">
            {t("problems.at", { line: start.line, column: start.column })} · {problem.code}
          </span>
        </span>
      </button>
      {problem.fixes && problem.fixes.length > 0 && (
        <div className="flex flex-wrap gap-1.5 pb-2 pl-9">
          {problem.fixes.map((fix) => (
            <Button key={fix.title} onClick={() => studio.replaceText(applyEdits(studio.text, fix.edits))}>
              <span>
                <Words of={fix.title} />
              </span>
            </Button>
          ))}
        </div>
      )}
    </li>
  );
}

/** A sentence with what is of the text set as such. */
function Words({ of }: { of: string }) {
  return of.split("`").map((part, at) =>
    at % 2 === 0 ? (
      part
    ) : (
      <code key={at} className="rounded bg-sunken px-1 font-mono text-[0.93em] text-ink">
        {part}
      </code>
    ),
  );
}
