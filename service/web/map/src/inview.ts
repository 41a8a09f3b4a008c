// What is in view, as a list beside the map: for the keyboard, for screen readers, and for whoever prefers words.
import type { Map, MapGeoJSONFeature } from "maplibre-gl";
import { verdictWords, whereWords } from "./card";
import { filled, type Given, number } from "./given";
import { CLUSTERS, FLAGS } from "./style";

const LISTED = 30;

export interface Place {
  status: HTMLElement;
  list: HTMLElement;
}

type Opened = (at: [number, number], found: MapGeoJSONFeature[]) => void;

export function pointOf(found: MapGeoJSONFeature): [number, number] {
  const at = found.geometry.type === "Point" ? found.geometry.coordinates : [];
  return [at[0] ?? 0, at[1] ?? 0];
}

// Tiles overlap at their edges, so that a feature there is drawn by both.
function distinct(some: MapGeoJSONFeature[], key: (one: MapGeoJSONFeature) => string): MapGeoJSONFeature[] {
  return [...new globalThis.Map(some.map((one) => [key(one), one])).values()];
}

export function tellInView(map: Map, given: Given, place: Place, opened: Opened): void {
  const { words } = given;
  let listed = "";
  const tell = (): void => {
    const points = distinct(map.queryRenderedFeatures({ layers: FLAGS }), (one) => String(one.properties["id"]));
    const clusters = distinct(map.queryRenderedFeatures({ layers: CLUSTERS }), (one) =>
      pointOf(one).map((degrees) => degrees.toFixed(3)).join(),
    );
    const sum = clusters.reduce((all, one) => all + Number(one.properties["count"]), points.length);
    place.status.textContent = sum ? filled(words.in_view, "number", number(sum)) : words.none_in_view;
    if (clusters.length) place.status.textContent += ` ${words.clustered}`;
    const some = nearest(map, points).slice(0, LISTED);
    const told = some.map((one) => String(one.properties["id"])).join();
    if (told === listed) return; // whoever is on an entry with the keyboard stays there
    listed = told;
    place.list.replaceChildren(...some.map(item));
  };
  const item = (found: MapGeoJSONFeature): HTMLElement => {
    const entry = document.createElement("li");
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = [verdictWords(given, found), whereWords(found)].filter(Boolean).join(" · ");
    button.addEventListener("click", () => opened(pointOf(found), [found]));
    entry.append(button);
    return entry;
  };
  map.on("idle", tell);
}

function nearest(map: Map, points: MapGeoJSONFeature[]): MapGeoJSONFeature[] {
  const middle = map.getCenter();
  const away = (one: MapGeoJSONFeature): number => {
    const [lon, lat] = pointOf(one);
    return (lon - middle.lng) ** 2 + (lat - middle.lat) ** 2;
  };
  return points.sort((one, other) => away(one) - away(other));
}
