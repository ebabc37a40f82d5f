// Connections by hand: drawn from a handle onto anything, or an end taken elsewhere.
import type { FinalConnectionState, HandleType, OnConnectEnd } from "@xyflow/react";
import { useReactFlow } from "@xyflow/react";
import { useCallback, useRef } from "react";
import type { Diagram } from "spandrel";
import { rowOfHandle } from "spandrel/react";
import { studio } from "../app/studio";
import { useStudio } from "../state/store";
import { quoted } from "./duplicate";
import { connectOp, freshName } from "./gestures";
import type { CanvasEdge, CanvasNode } from "./nodes";
import { create, reconnectOp } from "./structure";

/** Pixels that a connection of a node to itself has to go first: a click on a handle is none. */
const LOOP = 40;

export function useConnecting(diagram: Diagram | undefined) {
  const flow = useReactFlow<CanvasNode, CanvasEdge>();
  /** React Flow tells of the end of a reconnection as of that of a new connection, too. */
  const reconnecting = useRef(false);

  // Dropped anywhere on a node it connects to it, on a row of a table to that row; on the empty canvas it makes a new
  // shape, and within its own container one inside that.
  const onConnectEnd: OnConnectEnd = useCallback(
    (event: MouseEvent | TouchEvent, state: FinalConnectionState) => {
      const from = state.fromNode?.id;
      if (from === undefined || !diagram || reconnecting.current) return;
      const source = rowKey(diagram, from, rowOfHandle(state.fromHandle?.id));
      const { id: target, key } = under(event, diagram);
      const own = target !== undefined && isAround(target, from);
      if (key !== undefined && !own) {
        const { from: a, to: b } = state;
        if (target !== from || (a && b && Math.hypot(b.x - a.x, b.y - a.y) > LOOP)) void studio.perform(connectOp(source, key));
        return;
      }
      const made = freshName(diagram, "service", own ? target : undefined);
      void studio.run(create({ key: made, from: source })).then((done) => {
        if (done) useStudio.setState({ selected: [made], renaming: { id: made, kind: "node" } });
      });
    },
    [diagram],
  );

  const onReconnectStart = useCallback(() => {
    reconnecting.current = true;
  }, []);

  // React Flow names the end that stays.
  const onReconnectEnd = useCallback(
    (event: MouseEvent | TouchEvent, edge: CanvasEdge, stays: HandleType) => {
      reconnecting.current = false;
      if (!diagram) return;
      const { key, id } = under(event, diagram);
      const end = stays === "source" ? "target" : "source";
      if (key === undefined || id === edge[end]) {
        flow.setEdges((edges) => [...edges]);
        return;
      }
      void studio.perform(reconnectOp(edge.id, end, key));
    },
    [diagram, flow],
  );

  return { onConnectEnd, onReconnectStart, onReconnectEnd };
}

/** Whether `container` is one that `id` lies in. */
const isAround = (container: string, id: string): boolean => id.startsWith(`${container}.`);

/** What lies under the pointer: the node's id, and the key to connect to. */
function under(event: MouseEvent | TouchEvent, diagram: Diagram): { id?: string; key?: string } {
  const point = "changedTouches" in event ? event.changedTouches[0] : event;
  const elements = point ? document.elementsFromPoint(point.clientX, point.clientY) : [];
  const node = elements.map((element) => element.closest(".react-flow__node")).find((found) => found !== null);
  const id = node?.getAttribute("data-id") ?? undefined;
  if (id === undefined) return {};
  const row = elements.map((element) => element.closest<HTMLElement>(".spandrel-row")).find((found) => found !== null && node?.contains(found));
  return { id, key: rowKey(diagram, id, row?.dataset["row"] === undefined ? undefined : Number(row.dataset["row"])) };
}

/** A table's row as a key; the node itself where there is no such row. */
function rowKey(diagram: Diagram, id: string, row: number | undefined): string {
  const node = diagram.nodes.find((candidate) => candidate.id === id);
  const name = row === undefined || node?.type !== "sql_table" ? undefined : node.data.rows?.[row]?.cells[0];
  return name ? `${id}.${quoted(name)}` : id;
}
