// Whether there is a server, and who it takes us for. Asked at the start, when the network comes back, when the page
// is looked at again, and now and then while it is away.
import { type Account, whoAmI } from "../state/account";
import { ApiError } from "../state/http";
import { type Link, useStudio } from "../state/store";

/** How long until a server that is away is asked again, in milliseconds. */
const AGAIN = 10_000;

class Connection {
  #timer: ReturnType<typeof setTimeout> | undefined;
  #asking: Promise<void> | undefined;
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

  /** Asks now. */
  look(): Promise<void> {
    this.#asking ??= this.#ask().finally(() => {
      this.#asking = undefined;
    });
    return this.#asking;
  }

  async #ask(): Promise<void> {
    clearTimeout(this.#timer);
    try {
      this.#set("here", await whoAmI());
    } catch (error) {
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
