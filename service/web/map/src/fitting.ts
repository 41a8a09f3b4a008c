// Where to look first: at all that was found, unless the address says where.
import { LngLatBounds, type Map } from "maplibre-gl";
import { pointOf } from "./inview";

const NEAREST = 9;

export function fitOnce(map: Map): void {
  if (location.hash) return;
  map.once("idle", () => fit(map));
}

export function fit(map: Map): void {
  const found = map.querySourceFeatures("flags", { sourceLayer: "flags" });
  if (!found.length) return;
  const bounds = new LngLatBounds();
  for (const one of found) bounds.extend(pointOf(one as Parameters<typeof pointOf>[0]));
  map.fitBounds(bounds, { padding: 48, maxZoom: NEAREST, animate: false });
}
