import { ReactFlow } from "@xyflow/react";
import "@xyflow/react/dist/style.css";
import { useState } from "react";
import { createRoot } from "react-dom/client";
import { edgeTypes, nodeTypes, useSpandrel } from "spandrel/react";
import "spandrel/react/style.css";

const START = "user -> gateway: HTTPS\ngateway -> orders -> db\ndb.shape: cylinder\n";

function App() {
  const [source, setSource] = useState(START);
  const { nodes, edges, diagnostics } = useSpandrel(source);
  return (
    <div style={{ display: "grid", gridTemplateColumns: "320px 1fr", height: "100vh" }}>
      <textarea aria-label="source" value={source} onChange={(event) => setSource(event.target.value)} />
      <ReactFlow nodes={nodes} edges={edges} nodeTypes={nodeTypes} edgeTypes={edgeTypes} fitView />
      <output>{diagnostics.length}</output>
    </div>
  );
}

createRoot(document.getElementById("root")).render(<App />);
