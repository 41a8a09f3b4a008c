// Where to look first: at all that was found, unless the address says where.
import { LngLatBounds, type Map, type MapGeoJSONFeature } from "maplibre-gl";
import { pointOf } from "./inview";

const NEAREST = 9;
const STEPS = 6; // further out, a circle hides how far what it counts lies apart: each step down tells more
const CELL = 32; // pixels that a circle stands for, each way from its middle at most (geodata/tiles/clusters.py)
const NEARER = 0.5; // levels that a further step is worth

// To be asked before there is a map, which writes into the address where it looks.
export function addressSaysWhere(): boolean {
  return location.hash.includes("map=");
}

export function fit(map: Map, steps = STEPS): void {
  const found = map.querySourceFeatures("flags", { sourceLayer: "flags" });
  if (!found.length) return;
  const before = map.getZoom();
  map.fitBounds(around(map, found as MapGeoJSONFeature[]), { padding: 48, maxZoom: NEAREST, animate: false });
  if (steps > 1 && map.getZoom() > before + NEARER) map.once("idle", () => fit(map, steps - 1));
}

function around(map: Map, found: MapGeoJSONFeature[]): LngLatBounds {
  const bounds = new LngLatBounds();
  for (const one of found) {
    const at = pointOf(one);
    bounds.extend(at);
    if (!("count" in one.properties)) continue;
    const { x, y } = map.project(at);
    for (const away of [-CELL, CELL]) bounds.extend(map.unproject([x + away, y + away]));
  }
  return bounds;
}
