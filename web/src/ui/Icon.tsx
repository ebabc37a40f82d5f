import { addCollection, Icon as Offline } from "@iconify/react/offline";
import collection from "virtual:ui-icons";

addCollection(collection);

/** An icon of the interface. Names are collected at build time; nothing is ever fetched. */
export function Icon({ name, size = 18 }: { name: string; size?: number }) {
  return <Offline icon={name} width={size} height={size} aria-hidden="true" className="shrink-0" />;
}
