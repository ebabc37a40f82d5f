import { useQuery } from "@tanstack/react-query";

/** Whole designs to begin with, from the catalogue: part of the app, so that they are there without a network. */
export const useTemplates = () =>
  useQuery({
    queryKey: ["templates"],
    queryFn: async () => (await import("spandrel/templates")).templates,
    staleTime: Infinity,
    networkMode: "always",
  });
