// Who is working, as the server knows them.
import { call, hasLogin, signedIn, signedOut } from "./http";

export interface Account {
  id: string;
  name: string;
  email: string | null;
  /** The person at the keyboard of a server on this machine: there without signing in. */
  isLocal: boolean;
}

interface User {
  id: string;
  name: string;
  email: string | null;
  is_local: boolean;
}

export async function whoAmI(token?: string): Promise<Account> {
  const user = await call<User>("GET", "/v1/users/me", undefined, token === undefined ? {} : { token });
  return { id: user.id, name: user.name, email: user.email, isLocal: user.is_local };
}

/**
 * Signs in and says who that is. Whose token is sent changes only once that is known: what is asked in between is still
 * asked by whoever was there before. The caller tells the connection, with nothing in between.
 */
export async function signIn(email: string, password: string): Promise<Account> {
  const { access_token } = await call<{ access_token: string }>("POST", "/v1/auth/login", { email, password, cookie: true });
  const account = await whoAmI(access_token);
  signedIn(access_token);
  return account;
}

/** The answer does not say whether the address was free; signing in does. */
export async function register(email: string, password: string, name: string): Promise<void> {
  await call("POST", "/v1/auth/register", { email, password, ...(name.trim() === "" ? {} : { name: name.trim() }) });
}

export async function signOut(): Promise<void> {
  try {
    if (hasLogin()) await call("POST", "/v1/auth/logout", {});
  } finally {
    signedOut();
  }
}

export const renameMe = (name: string): Promise<unknown> => call("PATCH", "/v1/users/me", { name });

/** Asks for a mail with a link; the answer does not say whether the address has an account. */
export const askReset = (email: string): Promise<unknown> => call("POST", "/v1/auth/password/reset", { email });

/** A new password by the token of such a mail. */
export const confirmReset = (token: string, password: string): Promise<unknown> =>
  call("POST", "/v1/auth/password/reset/confirm", { token, new: password });

export interface Issuer {
  name: string;
  title: string;
}

/** The issuers that people can sign in with, beside a password. */
export const issuers = async (): Promise<Issuer[]> => (await call<{ data: Issuer[] }>("GET", "/v1/auth/oidc")).data;

/** The address that sends the browser to an issuer, and from there to `back`. */
export const signInAt = (issuer: string, back: string): string =>
  `/v1/auth/oidc/${encodeURIComponent(issuer)}/start?return_to=${encodeURIComponent(back)}`;
