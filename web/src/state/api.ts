// The proxy, as far as the studio asks it. Every answer is checked for its status; errors carry the proxy's words.
import type { NewVersion, Version, VersionInfo, VersionStore } from "./versions";
import { VersionConflict } from "./versions";

/** The proxy said no, in its own shape. */
export class ApiError extends Error {
  override name = "ApiError";
  readonly status: number;
  readonly code: string;
  readonly details: Record<string, unknown>;
  constructor(status: number, code: string, message: string, details: Record<string, unknown>) {
    super(message);
    this.status = status;
    this.code = code;
    this.details = details;
  }
}

/** Nobody answered. */
export class Unreachable extends Error {
  override name = "Unreachable";
}

async function call<T>(method: string, path: string, body?: unknown, signal?: AbortSignal): Promise<T> {
  let response: Response;
  try {
    response = await fetch(path, {
      method,
      headers: body === undefined ? { accept: "application/json" } : { accept: "application/json", "content-type": "application/json" },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      ...(signal ? { signal } : {}),
      credentials: "same-origin",
    });
  } catch (error) {
    if (signal?.aborted) throw error;
    throw new Unreachable("the server does not answer", { cause: error });
  }
  const text = await response.text();
  let answer: unknown;
  try {
    answer = text === "" ? null : JSON.parse(text);
  } catch {
    // A page instead of an answer: this is not our proxy.
    throw new Unreachable("the server does not speak this language");
  }
  if (response.ok) return answer as T;
  const error = (answer ?? {}) as { error_code?: string; message?: string; details?: Record<string, unknown> };
  throw new ApiError(response.status, error.error_code ?? "UNKNOWN", error.message ?? response.statusText, error.details ?? {});
}

/** Whether our proxy is there and lets this person in. */
export async function isServerThere(): Promise<boolean> {
  try {
    await call<unknown>("GET", "/v1/projects?limit=1");
    return true;
  } catch {
    return false;
  }
}

export interface Project {
  project_code: string;
  name: string;
}

/** Sent again with the same id it gives the same project. */
export function createProject(name: string, clientId: string): Promise<Project> {
  return call("POST", "/v1/projects", { name, client_id: clientId });
}

export function renameProject(code: string, name: string): Promise<Project> {
  return call("PATCH", `/v1/projects/${encodeURIComponent(code)}`, { name });
}

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

const versionsOf = (code: string): string => `/v1/projects/${encodeURIComponent(code)}/versions`;

/** Versions kept by the proxy; a design is named by its project code. */
export const serverVersions: VersionStore = {
  place: "server",

  async list(code) {
    const found: VersionInfo[] = [];
    for (let page = 1; ; page++) {
      const { data, meta } = await call<{ data: Entry[]; meta: { total: number } }>(
        "GET",
        `${versionsOf(code)}?page=${page}&limit=100`,
      );
      found.push(...data.map(info));
      if (data.length === 0 || found.length >= meta.total) return found;
    }
  },

  async read(code, number): Promise<Version> {
    const entry = await call<Entry & { source: string; drawing: unknown }>("GET", `${versionsOf(code)}/${number}`);
    return { ...info(entry), source: entry.source, drawing: entry.drawing };
  },

  async save(code, { source, drawing, message, base }: NewVersion) {
    try {
      const body = { source, drawing, message: message.slice(0, 500), base_version: base };
      return info(await call<Entry>("POST", versionsOf(code), body));
    } catch (error) {
      if (error instanceof ApiError && error.status === 409) {
        const [newest] = await serverVersions.list(code);
        if (newest) throw new VersionConflict(newest);
      }
      throw error;
    }
  },
};

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

/** Asks for a design without storing anything; the studio draws it and the person decides. */
export async function propose(
  request: { project: string; query: string; source: string; base: number; session: string | null },
  signal: AbortSignal,
): Promise<DesignAnswer> {
  const body = {
    project_id: request.project,
    query: request.query,
    mode: "propose",
    include: [],
    source: request.source,
    base_version: request.base,
    ...(request.session ? { session_id: request.session } : {}),
  };
  const { response } = await call<{ response: DesignAnswer }>("POST", "/v2/design/generate", body, signal);
  return response;
}
