// Outlines that cross 180° jump from one edge of the map to the other, and would be drawn straight through it. Here each
// ring goes on past the edge instead; the map shows the world again beside itself, so nothing is lost.
import type { Position } from "geojson";

const POLE = 90;

type Outlines = GeoJSON.FeatureCollection<GeoJSON.Geometry>;

export function goingOn(world: Outlines): Outlines {
  return { ...world, features: world.features.map((one) => ({ ...one, geometry: whole(one.geometry) })) };
}

function whole(geometry: GeoJSON.Geometry): GeoJSON.Geometry {
  if (geometry.type === "Polygon") return { ...geometry, coordinates: geometry.coordinates.map(ring) };
  if (geometry.type !== "MultiPolygon") return geometry;
  return { ...geometry, coordinates: geometry.coordinates.map((polygon) => polygon.map(ring)) };
}

function ring(points: Position[]): Position[] {
  let turned = 0;
  let before = points[0]?.[0] ?? 0;
  const gone = points.map(([lon = 0, lat = 0]): Position => {
    if (lon - before > 180) turned -= 360;
    if (before - lon > 180) turned += 360;
    before = lon;
    return [lon + turned, lat];
  });
  const [first, last] = [gone[0], gone.at(-1)];
  if (turned === 0 || first === undefined || last === undefined) return gone;
  const pole = Math.sign(last[1] ?? 0) * POLE; // it went around a pole, which then lies inside
  return [...gone, [last[0] ?? 0, pole], [first[0] ?? 0, pole], first];
}
