// Signs as pictures for the map, drawn from the same outlines as those of the legend beside it.
import type { Map } from "maplibre-gl";
import type { Given, Sign } from "./given";

const SIZE = 24;
const RATIO = 2; // pixels of the picture to one of the map, so that it is crisp on most screens
const EDGE = "#1c2326"; // dark around every sign: yellow on white would not be seen

function picture(sign: Sign, hollow: boolean): ImageData {
  const canvas = document.createElement("canvas");
  canvas.width = canvas.height = SIZE * RATIO;
  const pen = canvas.getContext("2d");
  if (!pen) throw new Error("this browser cannot draw");
  pen.scale(RATIO, RATIO);
  pen.lineJoin = "round";
  const path = new Path2D(sign.path);
  pen.strokeStyle = hollow ? "#ffffff" : EDGE;
  pen.lineWidth = hollow ? 5 : 1.5;
  if (!hollow) {
    pen.fillStyle = sign.colour;
    pen.fill(path);
  }
  pen.stroke(path);
  if (hollow) {
    pen.strokeStyle = sign.colour;
    pen.lineWidth = 2.5;
    pen.stroke(path);
  }
  return pen.getImageData(0, 0, canvas.width, canvas.height);
}

export function put(map: Map, given: Given): void {
  const options = { pixelRatio: RATIO };
  for (const [verdict, sign] of Object.entries(given.signs)) map.addImage(verdict, picture(sign, false), options);
  const other = { label: "", colour: "#999999", path: "M12 5a7 7 0 1 0 .01 0z" };
  map.addImage("other", picture(other, false), options);
  map.addImage("official", picture(given.official, true), options);
}
