// The background that needs nobody: outlines of Natural Earth, built in. Coarse ones first, finer ones when looked at
// from nearby.
import type { GeoJSONSource, Map } from "maplibre-gl";
import { feature } from "topojson-client";
import type { GeometryCollection, Topology } from "topojson-specification";
import coarse from "world-atlas/countries-110m.json?url";
import fine from "world-atlas/countries-50m.json?url";
import { goingOn } from "./antimeridian";

const FINE_FROM = 3.5;

type World = Topology<{ countries: GeometryCollection }>;

async function read(address: string): Promise<GeoJSON.FeatureCollection> {
  const answer = await fetch(address);
  if (!answer.ok) throw new Error(`${address}: ${answer.status}`);
  const world = (await answer.json()) as World;
  return goingOn(feature(world, world.objects.countries));
}

export function outline(map: Map): void {
  let drawn = "";
  const bring = async (): Promise<void> => {
    const wanted = map.getZoom() >= FINE_FROM ? fine : coarse;
    if (drawn === fine || drawn === wanted) return;
    drawn = wanted;
    try {
      map.getSource<GeoJSONSource>("outlines")?.setData(await read(wanted));
    } catch (failure) {
      drawn = ""; // flags without a background are still a map
      console.warn(failure);
    }
  };
  map.on("zoomend", () => void bring());
  void bring();
}
