// Where one looks.
import { useReactFlow } from "@xyflow/react";
import { type RefObject, useEffect, useRef } from "react";
import { studio } from "../app/studio";
import { type StudioState, useStudio } from "../state/store";

/** Room for the tools at the lower edge and the banner at the upper one. */
export const FIT = { padding: { top: "40px", right: "32px", bottom: "72px", left: "32px" }, maxZoom: 1 } as const;

/** The same where a banner says what is shown instead of the draft. */
const UNDER_BANNER = { ...FIT, padding: { ...FIT.padding, top: "72px" } } as const;

const GLIDE = 200;

/** Milliseconds that the view takes to move; none where motion is not wanted. */
export const glide = (): number => (matchMedia("(prefers-reduced-motion: reduce)").matches ? 0 : GLIDE);

/** Someone asked to see a node. */
export function useFocus(): void {
  const flow = useReactFlow();
  const focus = useStudio((state) => state.focus);
  useEffect(() => {
    if (focus === null) return;
    useStudio.setState({ focus: null });
    const ids = focus.split("\n");
    void flow.fitView({ nodes: ids.map((id) => ({ id })), maxZoom: 1.2, padding: 0.6, duration: glide() });
    // The keyboard goes along, unless it is at work in the list.
    if (!document.activeElement?.closest('[role="tree"]')) focusItem(ids[0] as string);
  }, [focus, flow]);
}

/** How many frames an item has to come into view before the keyboard gives up on it. */
const PATIENCE = 40;

/** Moves the keyboard to a node or an edge, as soon as it is drawn. */
export function focusItem(id: string, frames = PATIENCE): void {
  const item = document.querySelector<HTMLElement>(`:is(.react-flow__node, .react-flow__edge)[data-id="${CSS.escape(id)}"]`);
  if (item) item.focus({ preventScroll: true });
  else if (frames > 0) requestAnimationFrame(() => focusItem(id, frames - 1));
}

/** Where what the keyboard stood on is gone, it stands on the canvas. */
export function useKeptFocus(nodes: unknown): RefObject<HTMLElement | null> {
  const section = useRef<HTMLElement>(null);
  const inside = useRef(false);
  useEffect(() => {
    const follow = (event: FocusEvent): void => {
      inside.current = section.current?.contains(event.target as Node) ?? false;
    };
    document.addEventListener("focusin", follow);
    return () => document.removeEventListener("focusin", follow);
  }, []);
  useEffect(() => {
    if (inside.current && document.activeElement === document.body) section.current?.focus({ preventScroll: true });
  }, [nodes]);
  return section;
}

/** What is shown instead of the draft; another one where more of it has come. */
function specialOf({ viewing, comparing, proposal }: StudioState): string | null {
  if (viewing) return `version ${viewing.number}`;
  if (comparing) return `comparison ${comparing.from} ${comparing.to}`;
  return proposal && `proposal ${proposal.diagram.nodes.length}`;
}

/** A proposal, a version or a comparison is shown whole, and afterwards one is back where one was. */
export function useSpecialView(): void {
  const flow = useReactFlow();
  const special = useStudio(specialOf);
  const before = useRef<ReturnType<typeof flow.getViewport>>(undefined);
  useEffect(() => {
    if (!special) return;
    before.current ??= flow.getViewport();
    const timer = setTimeout(() => void flow.fitView({ ...UNDER_BANNER, duration: glide() }), 50);
    return () => clearTimeout(timer);
  }, [special, flow]);
  useEffect(() => {
    if (special || !before.current) return;
    // What was accepted or restored is the picture now; what was only looked at leaves no trace.
    if (useStudio.getState().adopted) void flow.fitView({ ...FIT, duration: glide() });
    else void flow.setViewport(before.current);
    useStudio.setState({ adopted: false });
    before.current = undefined;
  }, [special, flow]);
}

/** Where one looks first: where one looked last, else at the whole. */
export function useFirstView(there: boolean): void {
  const flow = useReactFlow();
  const done = useRef(false);
  useEffect(() => {
    if (!there || done.current) return;
    done.current = true;
    const last = studio.viewport;
    if (last) void flow.setViewport(last);
    else void flow.fitView(FIT);
  }, [there, flow]);
}
