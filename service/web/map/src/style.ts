// The look of the map: the colours of the page, outlines, the operator's background if there is one, and what was found.
import type { ExpressionSpecification, LayerSpecification, StyleSpecification } from "maplibre-gl";
import { tilesOf } from "./filters";
import type { Given } from "./given";

// Deepest tiles that the service makes; nearer views enlarge these.
const DEEPEST = 14;
// From here on official places are asked for, and come one by one; further out there are too many to tell anything.
const OFFICIAL_FROM = 10;
const METRES_PER_PIXEL = 78271.517; // at the equator, zoom 0, tiles of 512 pixels

export const FLAGS = ["flag-points"];
export const CLUSTERS = ["clusters"];
export const OFFICIAL = ["official-points"];

export function colour(name: string): string {
  return getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();
}

// How many pixels a feature's radius_m is, at every zoom: the ground shrinks with the cosine of the latitude.
export function metres(latitude: number): ExpressionSpecification {
  const perPixel = METRES_PER_PIXEL * Math.max(0.05, Math.cos((latitude * Math.PI) / 180));
  const radius: ExpressionSpecification = ["number", ["get", "radius_m"], 0];
  return [
    "interpolate", ["exponential", 2], ["zoom"],
    0, ["/", radius, perPixel],
    22, ["/", radius, perPixel / 2 ** 22],
  ];
}

function sign(): ExpressionSpecification {
  return ["coalesce", ["image", ["to-string", ["get", "verdict"]]], ["image", "other"]];
}

const clustered: ExpressionSpecification = ["has", "count"];

function found(latitude: number): LayerSpecification[] {
  return [
    {
      id: "official-points", type: "symbol", source: "official", "source-layer": "official", minzoom: OFFICIAL_FROM,
      layout: { "icon-image": "official", "icon-allow-overlap": true, "icon-size": 0.6 },
    },
    {
      id: "uncertainty", type: "circle", source: "flags", "source-layer": "flags",
      filter: ["all", ["!", clustered], ["has", "radius_m"]],
      paint: {
        "circle-radius": metres(latitude), "circle-color": colour("gap"), "circle-opacity": 0.08,
        "circle-stroke-color": colour("gap"), "circle-stroke-width": 1, "circle-stroke-opacity": 0.5,
      },
    },
    {
      id: "clusters", type: "circle", source: "flags", "source-layer": "flags", filter: clustered,
      paint: {
        "circle-radius": ["interpolate", ["linear"], ["log10", ["max", 1, ["number", ["get", "count"], 1]]], 0, 12, 5, 34],
        "circle-color": colour("accent"), "circle-stroke-color": colour("paper"), "circle-stroke-width": 2,
      },
    },
    {
      id: "cluster-counts", type: "symbol", source: "flags", "source-layer": "flags", filter: clustered,
      layout: {
        "text-field": ["number-format", ["number", ["get", "count"], 1], { locale: document.documentElement.lang || "en" }],
        "text-size": 12, "text-allow-overlap": true, "text-font": ["sans-serif"],
      },
      paint: { "text-color": colour("on-accent") },
    },
    {
      id: "flag-points", type: "symbol", source: "flags", "source-layer": "flags", filter: ["!", clustered],
      layout: {
        "icon-image": sign(), "icon-allow-overlap": true,
        "icon-size": ["interpolate", ["linear"], ["zoom"], 3, 0.6, 9, 0.9],
      },
    },
  ];
}

export function styleOf(given: Given, filters: URLSearchParams): StyleSpecification {
  const { background } = given;
  const raster: LayerSpecification[] = background ? [{ id: "background", type: "raster", source: "background" }] : [];
  return {
    version: 8,
    sources: {
      outlines: { type: "geojson", data: { type: "FeatureCollection", features: [] } },
      flags: { type: "vector", tiles: [tilesOf("flags", filters)], maxzoom: DEEPEST },
      official: { type: "vector", tiles: [tilesOf("official")], minzoom: OFFICIAL_FROM, maxzoom: DEEPEST },
      ...(background && { background: { type: "raster" as const, tiles: [background.tiles], tileSize: 256 } }),
    },
    layers: [
      { id: "sea", type: "background", paint: { "background-color": colour("soft") } },
      { id: "land", type: "fill", source: "outlines", paint: { "fill-color": colour("raised") } },
      ...raster,
      { id: "borders", type: "line", source: "outlines", paint: { "line-color": colour("quiet"), "line-opacity": 0.6 } },
      ...found(0),
    ],
  };
}
