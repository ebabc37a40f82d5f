// Whether there is a server, and who it takes us for. Asked at the start, when the network comes back, when the page
// is looked at again, and now and then while it is away.
import { type Account, signOut, whoAmI } from "../state/account";
import { ApiError } from "../state/http";
import { type Link, notify, useStudio } from "../state/store";

/** How long until a server that is away is asked again, in milliseconds. */
const AGAIN = 10_000;

class Connection {
  #timer: ReturnType<typeof setTimeout> | undefined;
  #asking: Promise<void> | undefined;
  /** Counts who came and went: an answer to a question from before that says nothing any more. */
  #person = 0;
  /** Told when a server that was not there is. */
  onBack: (() => void) | undefined;
  /** Told who is there, once a server has said it; `null`: nobody who is known. */
  onAccount: ((account: string | null) => void) | undefined;

  start(): void {
    addEventListener("online", () => void this.look());
    addEventListener("offline", () => this.lost());
    document.addEventListener("visibilitychange", () => {
      if (document.visibilityState === "visible" && useStudio.getState().link === "away") void this.look();
    });
    void this.look();
  }

  /** Resolves once it is known whether there is a server, and after `atMost` milliseconds in any case. */
  async known(atMost: number): Promise<void> {
    if (useStudio.getState().link !== "unknown") return;
    await Promise.race([this.look(), new Promise((resolve) => setTimeout(resolve, atMost))]);
  }

  /** Who is there from now on, as the answer to signing in said it. */
  entered(account: Account): void {
    this.#changed();
    this.#set("here", account);
  }

  /** Signs out. Nobody is known from then on, until the server says who is there without a login. */
  async leave(): Promise<void> {
    try {
      await signOut();
    } catch (error) {
      notify("error", (error as Error).message);
    }
    this.#changed();
    this.#set("locked", null);
    await this.look();
  }

  #changed(): void {
    this.#person += 1;
    this.#asking = undefined;
  }

  /** Asks now. */
  look(): Promise<void> {
    if (this.#asking) return this.#asking;
    const asking = this.#ask().finally(() => {
      if (this.#asking === asking) this.#asking = undefined;
    });
    this.#asking = asking;
    return asking;
  }

  async #ask(): Promise<void> {
    clearTimeout(this.#timer);
    const person = this.#person;
    try {
      const account = await whoAmI();
      if (person === this.#person) this.#set("here", account);
    } catch (error) {
      if (person !== this.#person) return;
      if (error instanceof ApiError && error.status === 401) this.#set("locked", null);
      else this.lost();
    }
  }

  /** Nobody answered: what is done from now on waits here. */
  lost(): void {
    this.#set("away", useStudio.getState().account);
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.look(), AGAIN);
  }

  #set(link: Link, account: Account | null): void {
    const before = useStudio.getState();
    useStudio.setState({ link, account, server: link === "here" });
    if (link !== "away" && (before.link === "unknown" || before.account?.id !== account?.id)) this.onAccount?.(account?.id ?? null);
    if (link === "here" && (before.link !== "here" || before.account?.id !== account?.id)) this.onBack?.();
  }
}

export const connection = new Connection();
