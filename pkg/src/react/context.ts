import { createContext, useContext, type ReactNode } from "react";
import type { DiagramNodeData } from "../types.js";

/** What an app may put into the nodes from outside. */
export interface SpandrelContextValue {
  /** Draws an icon by its name (`mdi:database`); the bundled set where absent. */
  renderIcon?: (name: string, size: number) => ReactNode;
  /** Stands in the upper right corner of a container. */
  renderCorner?: (id: string, data: DiagramNodeData) => ReactNode | undefined;
  /** Follows a node's link, an address or a board (`root.layers.x`); without it links are only shown. */
  openLink?: (link: string, id: string) => void;
  /** Stands in place of a node's or an edge's label, for renaming in place. */
  renderLabel?: (id: string, label: string, kind: "node" | "edge") => ReactNode | undefined;
}

const empty: SpandrelContextValue = {};

/** Provides icons and label editors to the nodes and edges below it. */
export const SpandrelContext = createContext<SpandrelContextValue>(empty);

export const useSpandrelContext = (): SpandrelContextValue => useContext(SpandrelContext);
