// The names that elkjs's declarations have.

/** Option values by option id or by an unambiguous suffix of it. */
export interface LayoutOptions {
  [key: string]: string | number | boolean | undefined | null;
}

export interface ElkPoint {
  x: number;
  y: number;
}

export interface ElkGraphElement {
  id?: string;
  labels?: ElkLabel[];
  layoutOptions?: LayoutOptions;
}

export interface ElkShape extends ElkGraphElement {
  x?: number;
  y?: number;
  width?: number;
  height?: number;
}

export interface ElkNode extends ElkShape {
  id: string;
  children?: ElkNode[];
  ports?: ElkPort[];
  edges?: ElkExtendedEdge[];
}

export interface ElkPort extends ElkShape {
  id: string;
}

export interface ElkLabel extends ElkShape {
  text?: string;
}

export interface ElkEdge extends ElkGraphElement {
  id: string;
  container?: string;
  junctionPoints?: ElkPoint[];
}

/** The old form of an edge. */
export interface ElkPrimitiveEdge extends ElkEdge {
  source: string;
  sourcePort?: string;
  target: string;
  targetPort?: string;
  sourcePoint?: ElkPoint;
  targetPoint?: ElkPoint;
  bendPoints?: ElkPoint[];
}

export interface ElkExtendedEdge extends ElkEdge {
  sources: string[];
  targets: string[];
  sections?: ElkEdgeSection[];
}

export interface ElkEdgeSection extends ElkGraphElement {
  id: string;
  startPoint: ElkPoint;
  endPoint: ElkPoint;
  bendPoints?: ElkPoint[];
  incomingShape?: string;
  outgoingShape?: string;
  incomingSections?: string[];
  outgoingSections?: string[];
}

export interface ElkLayoutArguments {
  layoutOptions?: LayoutOptions;
  /** Puts a log into the graph. */
  logging?: boolean;
  /** Puts times, in seconds, into the graph's log. */
  measureExecutionTime?: boolean;
  /** Rejects the promise when it is aborted. */
  signal?: AbortSignal;
  /** After this time the layout stops improving and gives a complete, plainer drawing. */
  timeoutMs?: number;
}

export interface ElkCommonDescription {
  id?: string;
  name?: string;
  description?: string;
}

export interface ElkLayoutAlgorithmDescription extends ElkCommonDescription {
  category?: string;
  knownOptions?: string[];
  supportedFeatures?: string[];
}

export interface ElkLayoutOptionDescription extends ElkCommonDescription {
  group?: string;
  type?: string;
  targets?: string[];
}

export interface ElkLayoutCategoryDescription extends ElkCommonDescription {
  knownLayouters?: string[];
}

export interface ELKConstructorArguments {
  /** For all layouts that set no options of their own. */
  defaultLayoutOptions?: LayoutOptions;
  /** Algorithms to register; names that are unknown are ignored. */
  algorithms?: string[];
  /** Where a worker's script is. */
  workerUrl?: string;
  /** Makes the worker. */
  workerFactory?: (url?: string) => unknown;
}
