// How the studio speaks to the proxy: JSON over the same origin, errors in the proxy's own words, and the access
// token of whoever is signed in. The refresh token is in a cookie that scripts cannot read.

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

/** Nobody answered, or somebody who is not our proxy. */
export class Unreachable extends Error {
  override name = "Unreachable";
}

let token: string | undefined;
/** Set once this browser has signed in: only then is there a cookie to refresh with. */
const SIGNED_IN = "spandrel:signed-in";
/** Renewing a token works once, so only one tab does it at a time. */
const LOCK = "spandrel:refresh";

export function signedIn(accessToken: string): void {
  token = accessToken;
  localStorage.setItem(SIGNED_IN, "1");
}

export function signedOut(): void {
  token = undefined;
  localStorage.removeItem(SIGNED_IN);
}

/** A login came by another way than `signedIn`: its cookie is there, the token is asked for when it is needed. */
export function expectLogin(): void {
  localStorage.setItem(SIGNED_IN, "1");
}

export const hasLogin = (): boolean => localStorage.getItem(SIGNED_IN) !== null;

export interface CallOptions {
  signal?: AbortSignal;
  /** Goes on after the page has gone. */
  keepalive?: boolean;
  accept?: string;
  /** Sent again with the same key, it happens once. */
  idempotencyKey?: string;
  /** Another access token than that of whoever is signed in. */
  token?: string;
}

async function send(method: string, path: string, body: unknown, options: CallOptions): Promise<Response> {
  const headers: Record<string, string> = { accept: options.accept ?? "application/json" };
  if (body !== undefined) headers["content-type"] = "application/json";
  const bearer = options.token ?? token;
  if (bearer !== undefined) headers["authorization"] = `Bearer ${bearer}`;
  if (options.idempotencyKey) headers["idempotency-key"] = options.idempotencyKey;
  try {
    return await fetch(path, {
      method,
      headers,
      credentials: "same-origin",
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      ...(options.signal ? { signal: options.signal } : {}),
      ...(options.keepalive ? { keepalive: true } : {}),
    });
  } catch (error) {
    if (options.signal?.aborted) throw error;
    throw new Unreachable("the server does not answer", { cause: error });
  }
}

/** The response, renewed token and all; a status that is no success is an `ApiError`. */
export async function request(method: string, path: string, body?: unknown, options: CallOptions = {}): Promise<Response> {
  const own = options.token !== undefined;
  if (!own && token === undefined && hasLogin()) await renew();
  let response = await send(method, path, body, options);
  if (!own && response.status === 401 && hasLogin() && (await renew())) response = await send(method, path, body, options);
  if (response.ok) return response;
  throw await errorOf(response);
}

export async function call<T>(method: string, path: string, body?: unknown, options: CallOptions = {}): Promise<T> {
  const response = await request(method, path, body, options);
  return (await json(response)) as T;
}

async function json(response: Response): Promise<unknown> {
  const text = await response.text();
  if (text === "") return null;
  try {
    return JSON.parse(text);
  } catch {
    // A page instead of an answer: this is not our proxy.
    throw new Unreachable("the server does not speak this language");
  }
}

async function errorOf(response: Response): Promise<Error> {
  // A gateway in between answers for a proxy that is not there.
  if (response.status === 502 || response.status === 504) return new Unreachable("the server does not answer");
  return json(response).then(
    (answer) => asError(response.status, answer, response.statusText),
    (error: Error) => error,
  );
}

/** An error in the proxy's shape, wherever it came. */
export function asError(status: number, answer: unknown, otherwise: string): ApiError {
  const error = (answer ?? {}) as { error_code?: string; message?: string; details?: Record<string, unknown> };
  return new ApiError(status, error.error_code ?? "UNKNOWN", error.message ?? otherwise, error.details ?? {});
}

/** A new access token by the cookie; `false` where the login is over. */
async function renew(): Promise<boolean> {
  const before = token;
  return navigator.locks.request(LOCK, async () => {
    // While this waited, another call of this tab may have done it.
    if (token !== undefined && token !== before) return true;
    const response = await send("POST", "/v1/auth/refresh", {}, {});
    if (!response.ok) {
      if (response.status === 401 || response.status === 422) signedOut();
      return false;
    }
    signedIn(((await json(response)) as { access_token: string }).access_token);
    return true;
  });
}
