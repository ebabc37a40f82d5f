// Versions are append-only and numbered from 1 without holes. Each is written down in this browser before it is sent
// anywhere: what waits in the outbox is numbered after what the server has, and gets its number for good there.
import type { StoredDrawing } from "spandrel";
import { getAll, get, put, remove, transact } from "./db";
import { listVersions, postVersion, readVersion } from "./api";
import { ApiError, Unreachable } from "./http";

export interface VersionInfo {
  number: number;
  message: string;
  author: string;
  /** ISO 8601. */
  createdAt: string;
  /** Only in this browser so far. */
  waiting?: boolean;
}

export interface Version extends VersionInfo {
  source: string;
  drawing: StoredDrawing;
}

export interface NewVersion {
  source: string;
  drawing: StoredDrawing;
  message: string;
  author: string;
  /** The version that the text came from, 0 for none. */
  base: number;
}

/** A version that waits: `base` is the version it comes after. */
interface Waiting extends NewVersion {
  order: number;
  design: string;
  createdAt: string;
}

/** A version as the server has it; the source is fetched when it is first needed. */
type Kept = VersionInfo & { design: string; source?: string; drawing?: StoredDrawing };

/** Someone saved before: both sides are still whole. */
export class VersionConflict extends Error {
  override name = "VersionConflict";
  readonly theirs: VersionInfo;
  constructor(theirs: VersionInfo) {
    super(`version ${theirs.number} was saved in the meantime`);
    this.theirs = theirs;
  }
}

/** One tab sends at a time. */
const LOCK = "spandrel:send";

const ofDesign = (design: string): IDBKeyRange => IDBKeyRange.bound([design, 0], [design, Infinity]);

async function waitingOf(design: string): Promise<Waiting[]> {
  return (await getAll<Waiting>("outbox")).filter((entry) => entry.design === design).sort((a, b) => a.order - b.order);
}

/** The designs that have something to send. */
export async function designsWaiting(): Promise<string[]> {
  return [...new Set((await getAll<Waiting>("outbox")).map((entry) => entry.design))];
}

const infoOf = ({ message, author, createdAt, base }: Waiting): VersionInfo => ({
  number: base + 1,
  message,
  author,
  createdAt,
  waiting: true,
});

/** All versions of a design, newest first. `code`: its name on the server, `null` where there is no server now. */
export async function list(design: string, code: string | null): Promise<VersionInfo[]> {
  if (code !== null) {
    const theirs = await listVersions(code);
    const known = new Map((await getAll<Kept>("versions", ofDesign(design))).map((version) => [version.number, version]));
    for (const info of theirs) if (!known.has(info.number)) await put("versions", { ...info, design });
  }
  const kept = await getAll<Kept>("versions", ofDesign(design));
  const infos = kept.map(({ number, message, author, createdAt }) => ({ number, message, author, createdAt }));
  return [...infos, ...(await waitingOf(design)).map(infoOf)].sort((a, b) => b.number - a.number);
}

/** One version with its text. What was read once is read again without a network. */
export async function read(design: string, code: string | null, number: number, waiting = false): Promise<Version> {
  if (waiting) {
    const found = (await waitingOf(design)).find((entry) => entry.base + 1 === number);
    if (found) return { ...infoOf(found), source: found.source, drawing: found.drawing };
  }
  const kept = await get<Kept>("versions", [design, number]);
  if (kept?.source !== undefined) return kept as Version;
  if (code === null) throw new Unreachable(`version ${number} is not in this browser`);
  const version = await readVersion(code, number);
  await put("versions", { ...version, design });
  return version;
}

/** Fetches the texts of the newest versions, so that they are there without a network. */
export async function keepNewest(design: string, code: string, versions: readonly VersionInfo[], count = 10): Promise<void> {
  for (const { number, waiting } of versions.slice(0, count)) if (!waiting) await read(design, code, number);
}

/**
 * Writes a version down in this browser. It is after `base`; where this browser has a newer one already (another tab
 * was first), that is a conflict and nothing is written.
 */
export async function writeDown(design: string, version: NewVersion): Promise<VersionInfo> {
  return navigator.locks.request(`${LOCK}:${design}`, async () => {
    const newest = (await waitingOf(design)).at(-1);
    if (newest && newest.base + 1 !== version.base) throw new VersionConflict(infoOf(newest));
    const entry = { ...version, design, createdAt: new Date().toISOString() };
    await transact("outbox", "readwrite", (store) => store.add(entry));
    return infoOf(entry as Waiting);
  });
}

/** Sends what waits, oldest first. `VersionConflict`: the server has a newer one, and all that waits still waits. */
export async function send(design: string, code: string): Promise<VersionInfo[]> {
  return navigator.locks.request(LOCK, async () => {
    const sent: VersionInfo[] = [];
    for (const { order, ...entry } of await waitingOf(design)) {
      try {
        const info = await postVersion(code, entry, `${design}-${order}-${entry.base}`);
        await put("versions", { ...info, design, source: entry.source, drawing: entry.drawing });
        await remove("outbox", order);
        sent.push(info);
      } catch (error) {
        if (!(error instanceof ApiError && error.status === 409)) throw error;
        const [newest] = await listVersions(code);
        if (!newest) throw error;
        throw new VersionConflict(newest);
      }
    }
    return sent;
  });
}

/** What waits is put after the server's newest version instead: it becomes the newest, and theirs is below it. */
export async function putOnTop(design: string, newest: number): Promise<void> {
  const waiting = await waitingOf(design);
  for (const [at, entry] of waiting.entries()) await put("outbox", { ...entry, base: newest + at });
}

/** Gives what waits to another design, where it is numbered from the start. */
export async function giveTo(design: string, other: string): Promise<void> {
  const waiting = await waitingOf(design);
  for (const [at, entry] of waiting.entries()) await put("outbox", { ...entry, design: other, base: at });
}

/** Everything of a design, for good. */
export async function forget(design: string): Promise<void> {
  await remove("versions", ofDesign(design));
  for (const { order } of await waitingOf(design)) await remove("outbox", order);
}
