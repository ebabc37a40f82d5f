// The browser's own database, as far as the studio needs it: versions by design and number.

const NAME = "spandrel";
const VERSION = 1;

let opening: Promise<IDBDatabase> | undefined;

function open(): Promise<IDBDatabase> {
  opening ??= new Promise<IDBDatabase>((resolve, reject) => {
    const request = indexedDB.open(NAME, VERSION);
    request.onupgradeneeded = () => {
      request.result.createObjectStore("versions", { keyPath: ["design", "number"] });
    };
    request.onsuccess = () => {
      // Another tab with a newer build must not be kept waiting.
      request.result.onversionchange = () => request.result.close();
      resolve(request.result);
    };
    request.onerror = () => reject(request.error ?? new Error("the browser's database cannot be opened"));
    request.onblocked = () => reject(new Error("another tab keeps the browser's database locked"));
  }).catch((error: unknown) => {
    opening = undefined;
    throw error;
  });
  return opening;
}

async function run<T>(mode: IDBTransactionMode, work: (store: IDBObjectStore) => IDBRequest<T>): Promise<T> {
  const db = await open();
  return new Promise<T>((resolve, reject) => {
    const transaction = db.transaction("versions", mode);
    const request = work(transaction.objectStore("versions"));
    // Only a completed transaction is on disk.
    transaction.oncomplete = () => resolve(request.result);
    transaction.onabort = transaction.onerror = () =>
      reject(transaction.error ?? request.error ?? new Error("the browser's database refused"));
  });
}

/** All records of a design, by number. */
export function recordsOf<T>(design: string): Promise<T[]> {
  return run("readonly", (store) => store.getAll(IDBKeyRange.bound([design, 0], [design, Infinity])) as IDBRequest<T[]>);
}

/** Adds a record; fails where its number is taken. */
export async function addRecord(record: { design: string; number: number }): Promise<void> {
  await run("readwrite", (store) => store.add(record));
}
