// The map itself, drawn by MapLibre from tiles of this service alone.
import { Map, NavigationControl, ScaleControl, setWorkerUrl, type VectorTileSource } from "maplibre-gl";
import worker from "maplibre-gl/dist/maplibre-gl-worker.mjs?url";
import { open } from "./card";
import { asked, follow, tilesOf } from "./filters";
import { addressSaysWhere, fit } from "./fitting";
import type { Given } from "./given";
import { pointOf, tellInView } from "./inview";
import { outline } from "./outlines";
import { put } from "./signs";
import { CLUSTERS, FLAGS, metres, OFFICIAL, styleOf } from "./style";

const NEARER = 2; // levels that a click on a cluster goes down
const TOUCH = 6; // pixels around a click, since fingers are wide

function place(part: HTMLElement, name: string): HTMLElement {
  const found = part.querySelector<HTMLElement>(`[data-map-${name}]`);
  if (!found) throw new Error(`the page has no place for ${name}`);
  return found;
}

export function draw(part: HTMLElement, given: Given): void {
  const { words } = given;
  const status = place(part, "status");
  const toldWhere = addressSaysWhere();
  const map = new Map({
    container: place(part, "canvas"),
    style: styleOf(given, asked(location.search)),
    hash: "map",
    attributionControl: false, // it stands under the map, where it can be read
    dragRotate: false,
    pitchWithRotate: false,
    maxPitch: 0,
    minZoom: 0,
    maxZoom: 18,
    center: [15, 10],
    zoom: 1,
    locale: {
      "Map.Title": words.map,
      "NavigationControl.ZoomIn": words.zoom_in,
      "NavigationControl.ZoomOut": words.zoom_out,
      "Popup.Close": words.close,
    },
  });
  map.touchZoomRotate.disableRotation();
  map.keyboard.disableRotation();
  map.addControl(new NavigationControl({ showCompass: false }));
  map.addControl(new ScaleControl());
  map.once("style.load", () => {
    put(map, given);
    outline(map);
  });
  keepCirclesTrue(map);
  if (!toldWhere) map.once("idle", () => fit(map));
  answerClicks(map, given);
  const opened: Parameters<typeof tellInView>[3] = (at, found) => void open(map, given, at, found);
  tellInView(map, given, { status, list: place(part, "list") }, opened);
  const trouble = tellFailures(map, given, place(part, "note"));
  follow(document.querySelector<HTMLFormElement>("form[data-map-filters]"), (filters) => {
    trouble.over();
    map.getSource<VectorTileSource>("flags")?.setTiles([tilesOf("flags", filters)]);
  });
  place(part, "fit").addEventListener("click", () => {
    map.jumpTo({ center: [15, 10], zoom: 0 });
    map.once("idle", () => fit(map));
  });
  const shown = place(part, "official") as HTMLInputElement;
  const toggle = (): void => void map.setLayoutProperty("official-points", "visibility", shown.checked ? "visible" : "none");
  shown.addEventListener("change", toggle);
  map.once("style.load", toggle);
}

function keepCirclesTrue(map: Map): void {
  let drawnFor = 0;
  map.on("moveend", () => {
    const { lat } = map.getCenter();
    if (Math.abs(lat - drawnFor) < 0.5) return;
    drawnFor = lat;
    map.setPaintProperty("uncertainty", "circle-radius", metres(lat));
  });
}

function answerClicks(map: Map, given: Given): void {
  map.on("click", ({ point }) => {
    const near: [[number, number], [number, number]] = [
      [point.x - TOUCH, point.y - TOUCH],
      [point.x + TOUCH, point.y + TOUCH],
    ];
    const [cluster] = map.queryRenderedFeatures(near, { layers: CLUSTERS });
    if (cluster) {
      map.easeTo({ center: pointOf(cluster), zoom: map.getZoom() + NEARER });
      return;
    }
    const found = map.queryRenderedFeatures(near, { layers: [...FLAGS, ...OFFICIAL] });
    const [first] = found;
    const seen = [...new globalThis.Map(found.map((one) => [String(one.properties["id"]), one])).values()];
    if (first) open(map, given, pointOf(first), seen);
  });
  for (const layer of [...CLUSTERS, ...FLAGS, ...OFFICIAL]) {
    map.on("mouseenter", layer, () => (map.getCanvas().style.cursor = "pointer"));
    map.on("mouseleave", layer, () => (map.getCanvas().style.cursor = ""));
  }
}

// What could not be loaded is told until the filters or the view change, since then it is tried anew.
function tellFailures(map: Map, given: Given, note: HTMLElement): { over: () => void } {
  const over = (): void => {
    note.hidden = true;
  };
  map.on("error", ({ error }) => {
    const code = (error as Error & { status?: number }).status;
    note.textContent = code === 422 || code === 400 ? given.words.unreadable : given.words.failed;
    note.hidden = false;
    console.warn(error);
  });
  map.on("movestart", over);
  return { over };
}

setWorkerUrl(new URL(worker, import.meta.url).href);
