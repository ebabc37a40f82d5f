// The browser's own database, as far as the studio needs it: designs, versions, and versions that wait to be sent.

const NAME = "spandrel";
const VERSION = 2;

/** `designs` by id; `versions` of the server by design and number; `outbox` by its own running number. */
export type StoreName = "designs" | "versions" | "outbox";

let opening: Promise<IDBDatabase> | undefined;

function open(): Promise<IDBDatabase> {
  opening ??= new Promise<IDBDatabase>((resolve, reject) => {
    const request = indexedDB.open(NAME, VERSION);
    request.onupgradeneeded = () => {
      const db = request.result;
      if (!db.objectStoreNames.contains("versions")) db.createObjectStore("versions", { keyPath: ["design", "number"] });
      if (!db.objectStoreNames.contains("designs")) db.createObjectStore("designs", { keyPath: "id" });
      if (!db.objectStoreNames.contains("outbox")) {
        db.createObjectStore("outbox", { keyPath: "order", autoIncrement: true }).createIndex("design", "design");
      }
    };
    request.onsuccess = () => {
      // Another tab with a newer build must not be kept waiting.
      request.result.onversionchange = () => request.result.close();
      request.result.onclose = () => {
        opening = undefined;
      };
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

/** Runs requests in one transaction; resolves with what the last one gave once it is on disk. */
export async function transact<T>(
  name: StoreName,
  mode: IDBTransactionMode,
  work: (store: IDBObjectStore) => IDBRequest<T> | undefined,
): Promise<T | undefined> {
  const db = await open();
  return new Promise<T | undefined>((resolve, reject) => {
    const transaction = db.transaction(name, mode);
    const request = work(transaction.objectStore(name));
    // Only a completed transaction is on disk.
    transaction.oncomplete = () => resolve(request?.result);
    transaction.onabort = transaction.onerror = () =>
      reject(transaction.error ?? request?.error ?? new Error("the browser's database refused"));
  });
}

export const getAll = async <T>(name: StoreName, query?: IDBKeyRange): Promise<T[]> =>
  ((await transact(name, "readonly", (store) => store.getAll(query))) ?? []) as T[];

export const get = <T>(name: StoreName, key: IDBValidKey): Promise<T | undefined> =>
  transact(name, "readonly", (store) => store.get(key)) as Promise<T | undefined>;

export const put = (name: StoreName, value: object): Promise<IDBValidKey | undefined> =>
  transact(name, "readwrite", (store) => store.put(value));

export async function remove(name: StoreName, key: IDBValidKey | IDBKeyRange): Promise<void> {
  await transact(name, "readwrite", (store) => store.delete(key) as IDBRequest<undefined>);
}
