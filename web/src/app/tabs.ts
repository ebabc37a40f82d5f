// Two tabs with the same design show the same text: what is changed in one is followed by the other. One of them is the
// leader, who does what must happen once.
import { useStudio } from "../state/store";

interface Told {
  text: string;
  /** The version it came from. */
  base: number;
  /** The conversation, as far as it is settled. */
  messages: unknown[];
}

/** How soon other tabs hear of a change, in milliseconds: a copy of the whole text for every key is no help to anyone. */
const SOON = 100;

export class Tabs {
  #channel: BroadcastChannel | undefined;
  #release: (() => void) | undefined;
  #telling: ReturnType<typeof setTimeout> | undefined;
  #design = "";
  #ask: () => Told;
  #follow: (told: Told) => void;

  /** `ask` tells what this tab has, `follow` takes over what another has. */
  constructor(ask: () => Told, follow: (told: Told) => void) {
    this.#ask = ask;
    this.#follow = follow;
  }

  opened(design: string): void {
    if (design === this.#design) return;
    this.#design = design;
    this.#channel?.close();
    this.#release?.();
    const channel = new BroadcastChannel(`spandrel:design:${design}`);
    this.#channel = channel;
    channel.onmessage = ({ data }: MessageEvent<Told | "who">) => {
      if (data === "who") channel.postMessage(this.#ask());
      else this.#follow(data);
    };
    channel.postMessage("who");
    this.#lead(design);
  }

  /** This tab's person changed something: the others hear of it in a moment, once for several changes. */
  tell(): void {
    const channel = this.#channel;
    this.#telling ??= setTimeout(() => {
      this.#telling = undefined;
      if (channel === this.#channel) channel?.postMessage(this.#ask());
    }, SOON);
  }

  /** What is still to be told is told now: the page is going. */
  flush(): void {
    if (this.#telling === undefined) return;
    clearTimeout(this.#telling);
    this.#telling = undefined;
    this.#channel?.postMessage(this.#ask());
  }

  /** The first tab leads; when it goes, the next one does. */
  #lead(design: string): void {
    useStudio.setState({ follower: true });
    void navigator.locks.request(`spandrel:lead:${design}`, () => {
      if (design !== this.#design) return undefined;
      useStudio.setState({ follower: false });
      return new Promise<void>((release) => {
        this.#release = release;
      });
    });
  }
}
