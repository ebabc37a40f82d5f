import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useStudio } from "../state/store";
import { Button } from "../ui/Button";
import { Dialog } from "../ui/Dialog";
import { studio } from "./studio";
import { TextDiff } from "./TextDiff";
import { Thumbnail } from "./Thumbnail";
import { when } from "./when";

/** Someone saved in the meantime: both sides, and no way out that loses one of them. */
export function ConflictDialog() {
  const { t } = useTranslation();
  const conflict = useStudio((state) => state.conflict);
  const [put, setPut] = useState(false);
  const [busy, setBusy] = useState(false);
  if (!conflict) return null;
  const { theirs, theirSource, mySource } = conflict;
  const work = (what: () => Promise<void>) => () => {
    setBusy(true);
    void what().finally(() => setBusy(false));
  };
  const later = (): void => {
    setPut(false);
    useStudio.setState({ conflict: null });
  };
  return (
    <Dialog
      wide
      title={t("conflict.title")}
      onClose={later}
      actions={
        <>
          <Button disabled={busy} onClick={later}>
            {t("conflict.later")}
          </Button>
          <Button disabled={busy} onClick={work(() => studio.history.takeTheirs())}>
            {t("conflict.theirs")}
          </Button>
          <Button kind="primary" disabled={busy} onClick={work(() => studio.history.putOnTop())}>
            {t("conflict.mine")}
          </Button>
        </>
      }
    >
      <p className="mb-4 text-[13px] text-muted">{t("conflict.hint", { n: theirs.number })}</p>
      <div className="grid gap-4 sm:grid-cols-2">
        <Side
          title={t("conflict.theirVersion", { n: theirs.number })}
          about={[theirs.author, when(theirs.createdAt), theirs.message.split("\n")[0]].filter(Boolean).join(" · ")}
          source={theirSource}
        />
        <Side title={t("conflict.myVersion")} about={t("conflict.myAbout")} source={mySource} />
      </div>
      <Button className="mt-4" icon="mdi:compare" aria-expanded={put} onClick={() => setPut(!put)}>
        {t("conflict.compare")}
      </Button>
      {put && (
        <div className="mt-2 flex max-h-80 rounded-lg border border-hairline">
          <TextDiff label={t("conflict.compare")} before={theirSource} after={mySource} />
        </div>
      )}
    </Dialog>
  );
}

function Side({ title, about, source }: { title: string; about: string; source: string }) {
  return (
    <section aria-label={title}>
      <h3 className="text-[13px] font-semibold">{title}</h3>
      <p className="mb-2 truncate text-xs text-muted" title={about}>
        {about}
      </p>
      <Thumbnail id={source} source={{ source }} className="h-56 rounded-lg border border-hairline" />
    </section>
  );
}
