// Spandrel diagrams on a React Flow canvas. Import `spandrel/react/style.css` once beside React Flow's own.
export { SpandrelContext, type SpandrelContextValue } from "./context.js";
export { edgeTypes, SpandrelEdge } from "./edge.js";
export { rowOfHandle, withConnectHandles } from "./handles.js";
export { Icon } from "./icon.js";
export { applyPatch, mergeById, mergeDiagram } from "./merge.js";
export { ContainerNode, ImageNode, nodeTypes, ShapeNode, TableNode, TextNode } from "./nodes.js";
export { middleOf, pointsOf, roundedPath } from "./path.js";
export { useSpandrel, type UseSpandrel, type UseSpandrelOptions } from "./use-spandrel.js";
