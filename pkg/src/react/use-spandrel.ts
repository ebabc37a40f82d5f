import type { Edge, Node } from "@xyflow/react";
import { useEffect, useRef, useState } from "react";
import type { Diagnostic, Diagram, DiagramOptions, DiagramNodeData, DiagramEdgeData } from "../types.js";
import { createWorkerEngine, SupersededError, type WorkerDocument, type WorkerEngine } from "../worker/index.js";
import { mergeDiagram } from "./merge.js";

export interface UseSpandrel {
  nodes: Node<DiagramNodeData>[];
  edges: Edge<DiagramEdgeData>[];
  diagnostics: Diagnostic[];
  /** Whether a newer drawing is on its way. */
  pending: boolean;
  /** The engine could not be started, or gave up on this source. */
  error: Error | undefined;
}

export interface UseSpandrelOptions extends Pick<DiagramOptions, "board" | "files" | "previous"> {
  /** An engine of one's own; one shared engine for the whole page where absent. */
  engine?: WorkerEngine;
}

let shared: WorkerEngine | undefined;

const EMPTY: Diagram = {
  nodes: [],
  edges: [],
  bounds: { x: 0, y: 0, width: 0, height: 0 },
  board: "",
  boards: [],
  diagnostics: [],
  stale: false,
};

/**
 * A source as React Flow nodes and edges, parsed, laid out and routed in a worker. While the source is broken
 * the last good drawing stays; what did not change keeps its identity.
 */
export function useSpandrel(source: string, options: UseSpandrelOptions = {}): UseSpandrel {
  const { board, files, previous } = options;
  const engine = options.engine;
  const document = useRef<WorkerDocument | undefined>(undefined);
  const [diagram, setDiagram] = useState<Diagram>(EMPTY);
  const [state, setState] = useState<{ pending: boolean; error: Error | undefined }>({
    pending: true,
    error: undefined,
  });

  const first = useRef(source);
  first.current = source;
  useEffect(() => {
    const host = engine ?? (shared ??= createWorkerEngine());
    const opened = host.open(first.current, { board, files, previous });
    document.current = opened;
    return () => {
      document.current = undefined;
      opened.free();
    };
    // `previous` only says where to begin.
  }, [engine, board, files]);

  useEffect(() => {
    const current = document.current;
    if (!current) return;
    let stale = false;
    setState((old) => (old.pending ? old : { ...old, pending: true }));
    current
      .setSource(source)
      .then(() => current.diagram())
      .then(
        (next) => {
          if (stale) return;
          // Of a broken source the engine gives the last good drawing.
          setDiagram((old) => mergeDiagram(old, next));
          setState({ pending: false, error: undefined });
        },
        (error: unknown) => {
          if (stale || error instanceof SupersededError) return;
          setState({ pending: false, error: error as Error });
        },
      );
    return () => {
      stale = true;
    };
  }, [source, engine, board, files]);

  return {
    nodes: diagram.nodes as Node<DiagramNodeData>[],
    edges: diagram.edges as Edge<DiagramEdgeData>[],
    diagnostics: diagram.diagnostics,
    ...state,
  };
}
