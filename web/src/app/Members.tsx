import { useQuery, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import {
  answerInvitation,
  invitations,
  invite,
  members,
  myInvitations,
  removeMember,
  type Role,
  setRole,
  withdraw,
} from "../state/api";
import { notify, useStudio } from "../state/store";
import { Button, IconButton } from "../ui/Button";
import { Dialog } from "../ui/Dialog";
import { type Design, shareableCode } from "./designs";

const ROLES: readonly Role[] = ["owner", "editor", "viewer"];
const FIELD = "h-8 rounded-md border border-line bg-surface px-2 text-[13px] text-ink";

/** Who works on a design, and who is asked to. */
export function MembersDialog({ design, onClose }: { design: Design; onClose(): void }) {
  const { t } = useTranslation();
  const me = useStudio((state) => state.account?.id);
  const queries = useQueryClient();
  const owner = design.role === "owner";
  const query = useQuery({
    queryKey: ["members", design.id],
    queryFn: async () => {
      const code = await shareableCode(design);
      return { code, members: await members(code), asked: owner ? await invitations(code) : [] };
    },
    networkMode: "always",
    retry: false,
  });
  const change = (what: (code: string) => Promise<unknown>) => () => {
    if (!query.data) return;
    what(query.data.code)
      .catch((error: Error) => notify("error", error.message))
      .finally(() => void queries.invalidateQueries({ queryKey: ["members", design.id] }));
  };
  return (
    <Dialog title={t("members.of", { name: design.name })} onClose={onClose}>
      {query.isError ? (
        <p role="alert" className="text-error">
          {query.error.message}
        </p>
      ) : !query.data ? (
        <p role="status" className="text-muted">
          {t("members.loading")}
        </p>
      ) : (
        <>
          <ul aria-label={t("members.title")} className="flex flex-col gap-1">
            {query.data.members.map((member) => (
              <li key={member.user_id} className="flex items-center gap-2">
                <span className="min-w-0 flex-1 truncate">
                  {member.name}
                  {member.user_id === me && <span className="text-muted"> ({t("members.you")})</span>}
                </span>
                <RoleField
                  label={t("members.roleOf", { name: member.name })}
                  role={member.role}
                  disabled={!owner}
                  onChange={(role) => change((code) => setRole(code, member.user_id, role))()}
                />
                {(owner || member.user_id === me) && (
                  <IconButton
                    icon="mdi:account-remove-outline"
                    label={t("members.remove", { name: member.name })}
                    tip="left"
                    onClick={change((code) => removeMember(code, member.user_id))}
                  />
                )}
              </li>
            ))}
            {query.data.asked.map((one) => (
              <li key={one.id} className="flex items-center gap-2 text-muted">
                <span className="min-w-0 flex-1 truncate">
                  {one.email} · {t("members.asked")}
                </span>
                <span className="px-2 text-[13px]">{t(`role.${one.role}`)}</span>
                <IconButton
                  icon="mdi:close"
                  label={t("members.withdraw", { email: one.email })}
                  tip="left"
                  onClick={change((code) => withdraw(code, one.id))}
                />
              </li>
            ))}
          </ul>
          {owner && <Invite onInvite={(email, role) => change((code) => invite(code, email, role))()} />}
        </>
      )}
    </Dialog>
  );
}

interface RoleFieldProps {
  label: string;
  role: Role;
  disabled?: boolean;
  onChange(role: Role): void;
}

function RoleField({ label, role, disabled = false, onChange }: RoleFieldProps) {
  const { t } = useTranslation();
  return (
    <select aria-label={label} className={FIELD} value={role} disabled={disabled} onChange={(event) => onChange(event.target.value as Role)}>
      {ROLES.map((name) => (
        <option key={name} value={name}>
          {t(`role.${name}`)}
        </option>
      ))}
    </select>
  );
}

function Invite({ onInvite }: { onInvite(email: string, role: Role): void }) {
  const { t } = useTranslation();
  const [email, setEmail] = useState("");
  const [role, setRole_] = useState<Role>("editor");
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    onInvite(email.trim(), role);
    setEmail("");
  };
  return (
    <form className="mt-4 border-t border-hairline pt-4" onSubmit={submit}>
      <label className="text-[13px] font-semibold" htmlFor="invite">
        {t("members.invite")}
      </label>
      <p className="mb-2 text-xs text-muted">{t("members.inviteHint")}</p>
      <div className="flex gap-2">
        <input
          id="invite"
          type="email"
          required
          autoComplete="off"
          placeholder={t("members.email")}
          value={email}
          className={`${FIELD} min-w-0 flex-1`}
          onChange={(event) => setEmail(event.target.value)}
        />
        <RoleField label={t("members.role")} role={role} onChange={setRole_} />
        <Button kind="primary" type="submit">
          {t("members.send")}
        </Button>
      </div>
    </form>
  );
}

/** Designs that this person is asked into. */
export function Invitations() {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const account = useStudio((state) => state.account);
  const query = useQuery({
    queryKey: ["invitations", account?.id],
    queryFn: myInvitations,
    enabled: account !== null && !account.isLocal,
    networkMode: "always",
    retry: false,
  });
  const answer = (id: string, yes: boolean) => () => {
    answerInvitation(id, yes)
      .catch((error: Error) => notify("error", error.message))
      .finally(() => {
        void queries.invalidateQueries({ queryKey: ["invitations"] });
        void queries.invalidateQueries({ queryKey: ["designs"] });
      });
  };
  if (!query.data || query.data.length === 0) return null;
  return (
    <ul aria-label={t("members.invitations")} className="mb-6 flex flex-col gap-2">
      {query.data.map((one) => (
        <li key={one.id} className="flex flex-wrap items-center gap-2 rounded-lg border border-hairline bg-accent-soft px-4 py-2">
          <span className="min-w-0 flex-1">{t("members.invited", { name: one.project_name, role: t(`role.${one.role}`) })}</span>
          <Button onClick={answer(one.id, false)}>{t("members.decline")}</Button>
          <Button kind="primary" onClick={answer(one.id, true)}>
            {t("members.accept")}
          </Button>
        </li>
      ))}
    </ul>
  );
}
