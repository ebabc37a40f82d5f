// A React Flow app as they are written over elkjs: nodes with handles become ports, the answer's coordinates become
// positions, buttons choose the direction. The package manifest's alias is all that says who lays out.
import { Background, Handle, Position, ReactFlow, ReactFlowProvider, useEdgesState, useNodesState, useReactFlow } from "@xyflow/react";
import "@xyflow/react/dist/style.css";
import ELK from "elkjs/lib/elk.bundled.js";
import { useCallback, useEffect } from "react";
import { createRoot } from "react-dom/client";

const elk = new ELK();
const OPTIONS = {
  "elk.algorithm": "layered",
  "elk.layered.spacing.nodeNodeBetweenLayers": "100",
  "elk.spacing.nodeNode": "80",
  "elk.layered.nodePlacement.strategy": "SIMPLE",
};
const STEPS = { order: ["paid", "failed"], charge: ["done"], ship: ["done"], notify: ["sent"], archive: [] };
const LINKS = [["order", "paid", "charge"], ["order", "failed", "notify"], ["charge", "done", "ship"], ["ship", "done", "archive"], ["notify", "sent", "archive"]];

const initialNodes = Object.entries(STEPS).map(([id, outcomes]) => ({ id, type: "step", position: { x: 0, y: 0 }, data: { label: id, outcomes } }));
const initialEdges = LINKS.map(([source, outcome, target]) => ({ id: `${source}-${outcome}-${target}`, source, sourceHandle: `${source}-${outcome}`, target, targetHandle: `${target}-in` }));

function Step({ data }) {
  return (
    <div style={{ width: 150, height: 60, border: "1px solid #567", background: "white" }}>
      <Handle type="target" position={Position.Left} id={`${data.label}-in`} />
      {data.label}
      {data.outcomes.map((outcome, at) => (
        <Handle key={outcome} type="source" position={Position.Right} id={`${data.label}-${outcome}`} style={{ top: 20 + 20 * at }} />
      ))}
    </div>
  );
}
const nodeTypes = { step: Step };

async function layOut(nodes, edges, direction) {
  const graph = {
    id: "root",
    layoutOptions: { ...OPTIONS, "elk.direction": direction },
    children: nodes.map((node) => ({
      ...node,
      width: 150,
      height: 60,
      properties: { "org.eclipse.elk.portConstraints": "FIXED_ORDER" },
      ports: [
        { id: `${node.id}-in`, properties: { side: "WEST" } },
        ...node.data.outcomes.map((outcome) => ({ id: `${node.id}-${outcome}`, properties: { side: "EAST" } })),
      ],
    })),
    edges: edges.map((edge) => ({ ...edge, sources: [edge.sourceHandle], targets: [edge.targetHandle] })),
  };
  const { children, edges: routed } = await elk.layout(graph);
  return { nodes: children.map((node) => ({ ...node, position: { x: node.x, y: node.y } })), routed };
}

function Flow() {
  const [nodes, setNodes, onNodesChange] = useNodesState(initialNodes);
  const [edges] = useEdgesState(initialEdges);
  const { fitView } = useReactFlow();
  const arrange = useCallback(
    async (direction) => {
      const { nodes: placed } = await layOut(initialNodes, initialEdges, direction);
      setNodes(placed);
      requestAnimationFrame(() => fitView());
    },
    [fitView, setNodes],
  );
  useEffect(() => {
    arrange("RIGHT");
  }, [arrange]);
  return (
    <ReactFlow nodes={nodes} edges={edges} nodeTypes={nodeTypes} onNodesChange={onNodesChange} fitView>
      <Background />
      <div style={{ position: "absolute", zIndex: 5 }}>
        <button onClick={() => arrange("RIGHT")}>across</button>
        <button onClick={() => arrange("DOWN")}>down</button>
      </div>
    </ReactFlow>
  );
}

createRoot(document.getElementById("root")).render(
  <ReactFlowProvider>
    <div style={{ width: "100vw", height: "100vh" }}>
      <Flow />
    </div>
  </ReactFlowProvider>,
);
