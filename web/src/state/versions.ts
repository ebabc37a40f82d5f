// Versions are append-only and numbered from 1 without holes, wherever they are kept.
import type { StoredDrawing } from "spandrel";
import { addRecord, recordsOf } from "./db";

export interface VersionInfo {
  number: number;
  message: string;
  author: string;
  /** ISO 8601. */
  createdAt: string;
}

export interface Version extends VersionInfo {
  source: string;
  drawing: StoredDrawing;
}

export interface NewVersion {
  source: string;
  drawing: StoredDrawing;
  message: string;
  /** The version that the text came from, 0 for none. */
  base: number;
}

/** Someone saved before: both sides are still whole. */
export class VersionConflict extends Error {
  override name = "VersionConflict";
  readonly theirs: VersionInfo;
  constructor(theirs: VersionInfo) {
    super(`version ${theirs.number} was saved in the meantime`);
    this.theirs = theirs;
  }
}

/** A place where the versions of a design are kept. */
export interface VersionStore {
  readonly place: "local" | "server";
  /** Newest first. */
  list(design: string): Promise<VersionInfo[]>;
  read(design: string, number: number): Promise<Version>;
  save(design: string, version: NewVersion): Promise<VersionInfo>;
}

type Record = Version & { design: string };

/** This browser's own store. Two tabs that save at once get a conflict, never the same number. */
export const localVersions: VersionStore = {
  place: "local",

  async list(design) {
    const records = await recordsOf<Record>(design);
    return records
      .map(({ number, message, author, createdAt }) => ({ number, message, author, createdAt }))
      .sort((a, b) => b.number - a.number);
  },

  async read(design, number) {
    const record = (await recordsOf<Record>(design)).find((candidate) => candidate.number === number);
    if (!record) throw new Error(`version ${number} is not in this browser`);
    return record;
  },

  async save(design, { source, drawing, message, base }) {
    const [newest] = await localVersions.list(design);
    if (newest && newest.number !== base) throw new VersionConflict(newest);
    const info: VersionInfo = {
      number: (newest?.number ?? 0) + 1,
      message,
      author: "",
      createdAt: new Date().toISOString(),
    };
    await addRecord({ ...info, source, drawing, design } as Record);
    return info;
  },
};
