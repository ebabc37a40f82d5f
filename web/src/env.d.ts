/// <reference types="vite/client" />
declare module "virtual:ui-icons" {
  import type { IconifyJSON } from "@iconify/react/offline";
  const icons: IconifyJSON;
  export default icons;
}
declare module "@fontsource/*";
