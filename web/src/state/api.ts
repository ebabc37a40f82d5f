// The proxy's doors that the studio uses, typed: projects, members, versions, designs.
import type { StoredDrawing } from "spandrel";
import { eventsOf, type ServerEvent } from "./events";
import { call, request } from "./http";
import type { NewVersion, Version, VersionInfo } from "./versions";

export type Role = "owner" | "editor" | "viewer";

export interface Project {
  project_code: string;
  name: string;
  /** The id that a browser gave it before it was on the server. */
  client_id: string | null;
  last_version: number;
  role: Role;
  updated_at: string;
}

interface Page<T> {
  data: T[];
  meta: { page: number; limit: number; total: number };
}

/** All pages of a list. */
async function every<T>(path: string): Promise<T[]> {
  const found: T[] = [];
  const sign = path.includes("?") ? "&" : "?";
  for (let page = 1; ; page++) {
    const { data, meta } = await call<Page<T>>("GET", `${path}${sign}page=${page}&limit=100`);
    found.push(...data);
    if (data.length === 0 || found.length >= meta.total) return found;
  }
}

const of = (code: string, rest = ""): string => `/v1/projects/${encodeURIComponent(code)}${rest}`;

export const listProjects = (): Promise<Project[]> => every("/v1/projects?sort=-updated_at");

/** Sent again with the same id it gives the same project. */
export const createProject = (name: string, clientId: string): Promise<Project> =>
  call("POST", "/v1/projects", { name, client_id: clientId });

export const renameProject = (code: string, name: string): Promise<Project> => call("PATCH", of(code), { name });

/** Goes through even while the page is closing. */
export const deleteProject = (code: string): Promise<void> => call("DELETE", of(code), undefined, { keepalive: true });

export interface Member {
  user_id: string;
  name: string;
  role: Role;
}

export interface Invitation {
  id: string;
  project_code: string;
  project_name: string;
  email: string;
  role: Role;
}

export const members = async (code: string): Promise<Member[]> => (await call<{ data: Member[] }>("GET", of(code, "/members"))).data;
export const setRole = (code: string, user: string, role: Role): Promise<void> =>
  call("PATCH", of(code, `/members/${encodeURIComponent(user)}`), { role });
export const removeMember = (code: string, user: string): Promise<void> =>
  call("DELETE", of(code, `/members/${encodeURIComponent(user)}`));
export const invitations = async (code: string): Promise<Invitation[]> =>
  (await call<{ data: Invitation[] }>("GET", of(code, "/invitations"))).data;
export const invite = (code: string, email: string, role: Role): Promise<void> =>
  call("POST", of(code, "/invitations"), { email, role });
export const withdraw = (code: string, id: string): Promise<void> => call("DELETE", of(code, `/invitations/${id}`));
export const myInvitations = async (): Promise<Invitation[]> => (await call<{ data: Invitation[] }>("GET", "/v1/invitations")).data;
export const answerInvitation = (id: string, yes: boolean): Promise<void> =>
  call("POST", `/v1/invitations/${id}/${yes ? "accept" : "decline"}`);

interface Entry {
  version_id: number;
  message: string;
  author: string | null;
  created_at: string;
}

const info = (entry: Entry): VersionInfo => ({
  number: entry.version_id,
  message: entry.message,
  author: entry.author ?? "",
  createdAt: entry.created_at,
});

/** Newest first. */
export const listVersions = async (code: string): Promise<VersionInfo[]> =>
  (await every<Entry>(of(code, "/versions"))).map(info).sort((a, b) => b.number - a.number);

export async function readVersion(code: string, number: number): Promise<Version> {
  const entry = await call<Entry & { source: string; drawing: StoredDrawing }>("GET", of(code, `/versions/${number}`));
  return { ...info(entry), source: entry.source, drawing: entry.drawing };
}

const LONGEST_MESSAGE = 500;

/** Sent again with the same key it is stored once. */
export async function postVersion(code: string, version: NewVersion, key: string): Promise<VersionInfo> {
  const { source, drawing, message, base } = version;
  const body = { source, drawing, message: message.slice(0, LONGEST_MESSAGE), base_version: base };
  return info(await call<Entry>("POST", of(code, "/versions"), body, { idempotencyKey: key }));
}

/** What came of a request. */
export interface DesignAnswer {
  intent: string;
  message: string;
  confidence: number;
  session_id: string;
  classification_source: string;
  provider: string;
  payload: {
    version_id: number | null;
    d2: string | null;
    pinned_nodes: string[];
    view?: { action: string; target?: string };
  };
}

export interface DesignQuestion {
  project: string;
  query: string;
  source: string;
  base: number;
  session: string | null;
  /** Which model is to draw; `""`: the server's own choice. */
  model: string;
}

/** Asks for a design without storing anything, and tells of it while it is made. */
export async function* designStream(question: DesignQuestion, signal: AbortSignal): AsyncGenerator<ServerEvent> {
  const body = {
    project_id: question.project,
    query: question.query,
    mode: "propose",
    include: [],
    source: question.source,
    base_version: question.base,
    ...(question.session ? { session_id: question.session } : {}),
    ...(question.model === "" ? {} : { model: question.model }),
  };
  const response = await request("POST", "/v2/design/generate", body, { signal, accept: "text/event-stream" });
  if (response.headers.get("content-type")?.includes("event-stream")) {
    yield* eventsOf(response);
  } else {
    // A proxy that does not stream has the whole answer at once.
    yield { event: "done", data: await response.text() };
  }
}

/** The models that the server can ask, by name; empty where it has none. */
export async function models(): Promise<string[]> {
  const { data } = await call<{ data?: { id: string }[] }>("GET", "/v1/llm/models");
  return (data ?? []).map(({ id }) => id);
}

export const flags = (): Promise<Record<string, unknown>> => call("GET", "/v1/flags");
