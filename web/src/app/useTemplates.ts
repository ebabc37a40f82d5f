import { useQuery } from "@tanstack/react-query";
import { studio } from "./studio";

/** Whole designs to begin with, from the engine's catalogue: nothing is asked of a server for them. */
export const useTemplates = () =>
  useQuery({
    queryKey: ["templates"],
    queryFn: () => studio.session.engine.templates(),
    staleTime: Infinity,
    networkMode: "always",
  });
