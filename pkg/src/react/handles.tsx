// Where edges attach. The engine says where, and React Flow knows it before anything is mounted; the elements are
// there as well, so that a measurement of the page finds the same places.
import { Handle, type Node, Position, type ReactFlowState, useStore } from "@xyflow/react";
import { type ReactNode, useCallback } from "react";
import type { DiagramNode } from "../types.js";

type Handles = NonNullable<Node["handles"]>;

const CONNECT = "connect-";
const SIZE = 10;

/** All handles of a node; those of `withConnectHandles` can be dragged. */
export function NodeHandles({ id, isConnectable }: { id: string; isConnectable: boolean }): ReactNode {
  const handles = useStore(
    useCallback((state: ReactFlowState) => state.nodeLookup.get(id)?.internals.userNode.handles, [id]),
  );
  return handles?.map((handle) => {
    const forHand = handle.id?.startsWith(CONNECT) ?? false;
    return (
      <Handle
        key={`${handle.type} ${handle.id}`}
        id={handle.id ?? null}
        type={handle.type}
        position={handle.position}
        isConnectable={isConnectable && forHand}
        className={forHand ? "spandrel-connect" : "spandrel-handle"}
        style={{ left: handle.x, top: handle.y, width: handle.width ?? 0, height: handle.height ?? 0 }}
      />
    );
  });
}

/** A node that new connections can be drawn from, by a handle in the middle of each side, and at each row of a table. */
export function withConnectHandles(node: DiagramNode): Node {
  const { width, height } = node;
  const at = (side: Position, x: number, y: number): Handles[number] => ({
    id: `${CONNECT}${side}`,
    type: "source",
    position: side,
    x: x - SIZE / 2,
    y: y - SIZE / 2,
    width: SIZE,
    height: SIZE,
  });
  const own = (node.handles ?? []) as Handles;
  const handles: Handles = [
    ...own,
    at(Position.Top, width / 2, 0),
    at(Position.Right, width, height / 2),
    at(Position.Bottom, width / 2, height),
    at(Position.Left, 0, height / 2),
    ...rowHandles(node),
  ];
  return { ...(node as unknown as Node), handles };
}

/** Both ends of every row of a table: a connection can begin at a column. */
function rowHandles({ type, width, data }: DiagramNode): Handles {
  if (type !== "sql_table") return [];
  const { rows = [], headerHeight = 36, rowHeight = 28 } = data;
  return rows.flatMap((_, row) =>
    [Position.Left, Position.Right].map((side) => ({
      id: `${CONNECT}row-${row}-${side}`,
      type: "source" as const,
      position: side,
      x: (side === Position.Left ? 0 : width) - SIZE / 2,
      y: headerHeight + rowHeight * (row + 0.5) - SIZE / 2,
      width: SIZE,
      height: SIZE,
    })),
  );
}

/** The row of a table that a handle of `withConnectHandles` belongs to, from 0. */
export function rowOfHandle(handle: string | null | undefined): number | undefined {
  const row = new RegExp(`^${CONNECT}row-(\\d+)-`).exec(handle ?? "")?.[1];
  return row === undefined ? undefined : Number(row);
}
