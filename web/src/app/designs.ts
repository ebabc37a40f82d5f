// The designs of a person: those in this browser and those on the server, one entry each.
import type { StoredDrawing } from "spandrel";
import { createProject, deleteProject, listProjects, type Project, readVersion, renameProject, type Role } from "../state/api";
import { allDrafts, type Draft, readDraft, removeDraft, storeDraft } from "../state/drafts";
import { useStudio } from "../state/store";
import { forget } from "../state/versions";
import { studio } from "./studio";
import type { Pictured } from "./thumbnails";

export interface Design {
  /** The id of this browser, or the server's code where it was never opened here. */
  id: string;
  name: string;
  code: string | null;
  role: Role;
  /** Milliseconds since 1970. */
  updatedAt: number;
  /** The text, where it is in this browser. */
  source: string | undefined;
  drawing: StoredDrawing;
  /** The newest version on the server. */
  newest: number;
  open: boolean;
}

/** All of them, the newest first. Without a server those of this browser. */
export async function listDesigns(): Promise<Design[]> {
  const { begun, server, link, account } = useStudio.getState();
  const open = studio.draft;
  // Without a word of the server nobody can say whose browser this is now.
  const known = link === "here" || link === "locked";
  const drafts = (await allDrafts()).filter((draft) => !known || draft.account === null || draft.account === account?.id);
  const mine = [...(begun || open.code !== null ? [open] : []), ...drafts.filter(({ id }) => id !== open.id)];
  const projects = server ? await listProjects() : [];
  const used = new Set<string>();
  const designs = mine.map((draft): Design => {
    const project = projects.find((one) => one.project_code === draft.code || one.client_id === draft.id);
    if (project) used.add(project.project_code);
    return ofDraft(draft, project, draft.id === open.id);
  });
  const others = projects.filter(({ project_code }) => !used.has(project_code)).map(ofProject);
  return [...designs, ...others].sort((a, b) => b.updatedAt - a.updatedAt);
}

const ofDraft = (draft: Draft, project: Project | undefined, open: boolean): Design => ({
  id: draft.id,
  name: project?.name ?? draft.name,
  code: project?.project_code ?? draft.code,
  role: project?.role ?? "owner",
  updatedAt: Math.max(draft.updatedAt, project ? Date.parse(project.updated_at) : 0),
  source: draft.source,
  drawing: draft.drawing,
  newest: project?.last_version ?? 0,
  open,
});

const ofProject = (project: Project): Design => ({
  id: project.project_code,
  name: project.name,
  code: project.project_code,
  role: project.role,
  updatedAt: Date.parse(project.updated_at),
  source: undefined,
  drawing: null,
  newest: project.last_version,
  open: false,
});

/** What the picture of a design shows. */
export async function picturedOf({ source, drawing, code, newest }: Design): Promise<Pictured> {
  if (source !== undefined) return { source, drawing };
  return code !== null && newest > 0 ? readVersion(code, newest) : { source: "" };
}

/** Opens a design. One that only the server has comes into this browser with its newest version. */
export async function openDesign(design: Design): Promise<void> {
  if (await studio.openDesign(design.id)) return;
  const version = design.code !== null && design.newest > 0 ? await readVersion(design.code, design.newest) : undefined;
  await studio.begin(design.name, version?.source ?? "", {
    code: design.code,
    account: useStudio.getState().account?.id ?? null,
    base: version?.number ?? 0,
    drawing: version?.drawing ?? null,
    good: version?.source ?? "",
  });
}

export async function renameDesign(design: Design, name: string): Promise<void> {
  if (design.open) return studio.rename(name);
  const draft = await readDraft(design.id);
  if (draft) await storeDraft({ ...draft, name, updatedAt: Date.now() }, false);
  if (design.code !== null && useStudio.getState().server) await renameProject(design.code, name);
}

/** For good: in this browser, and for an owner on the server. */
export async function deleteDesign(design: Design): Promise<void> {
  if (design.code !== null && design.role === "owner" && useStudio.getState().server) await deleteProject(design.code);
  await removeDraft(design.id);
  await forget(design.id);
}

/** The server's code of a design, so that others can be asked in. */
export async function shareableCode(design: Design): Promise<string> {
  if (design.code !== null) return design.code;
  if (design.open) return (await studio.history.projectCode()) ?? "";
  const { project_code } = await createProject(design.name, design.id);
  const draft = await readDraft(design.id);
  if (draft) await storeDraft({ ...draft, code: project_code, account: useStudio.getState().account?.id ?? null }, false);
  return project_code;
}
