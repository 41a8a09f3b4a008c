// The pop-up: what stands at a point, told as the list tells it. Names and reasons are asked for only now, so that tiles
// stay small, and by the same address as everywhere, so that nobody reads more here than there.
import { type LngLatLike, type Map, type MapGeoJSONFeature, Popup } from "maplibre-gl";
import { distance, filled, type Given, number, plain, share } from "./given";

const TOLD = 4;

interface Flag {
  community: { name: string | null };
  probability: number | null;
  reason: string | null;
}

function element<K extends keyof HTMLElementTagNameMap>(tag: K, text = "", kind = ""): HTMLElementTagNameMap[K] {
  const made = document.createElement(tag);
  made.textContent = text;
  if (kind) made.className = kind;
  return made;
}

export function verdictWords(given: Given, found: MapGeoJSONFeature): string {
  const verdict = String(found.properties["verdict"] ?? "");
  return given.signs[verdict]?.label ?? plain(verdict);
}

export function whereWords(found: MapGeoJSONFeature): string {
  return [plain(found.properties["kind"]), found.properties["country"]].filter(Boolean).join(" · ");
}

function flagCard(given: Given, found: MapGeoJSONFeature): HTMLElement {
  const { properties } = found;
  const id = String(properties["id"]);
  const card = element("article");
  const link = element("a", verdictWords(given, found));
  link.href = `/flags/${id}`;
  const title = element("h3");
  title.append(link);
  const status = given.statuses[String(properties["status"])] ?? plain(properties["status"]);
  card.append(title, element("p", [whereWords(found), status].filter(Boolean).join(" · "), "where"));
  const radius = Number(properties["radius_m"]);
  if (radius > 0) card.append(element("p", filled(given.words.within, "distance", distance(radius)), "where"));
  void tell(card, link, given, id);
  return card;
}

async function tell(card: HTMLElement, link: HTMLElement, given: Given, id: string): Promise<void> {
  const answer = await fetch(`/v1/flags/${id}`, { headers: { Accept: "application/json" } });
  if (!answer.ok) return; // what the tile says stands
  const flag = (await answer.json()) as Flag;
  const verdict = link.textContent ?? "";
  link.replaceChildren(element("bdi", flag.community.name ?? given.words.unnamed));
  const sure = flag.probability === null ? "" : ` (${share(flag.probability)})`;
  card.insertBefore(element("p", verdict + sure, "said"), link.parentElement?.nextSibling ?? null);
  if (flag.reason) card.append(element("p", flag.reason));
}

function officialCard(given: Given, found: MapGeoJSONFeature): HTMLElement {
  const card = element("article");
  const title = element("h3");
  title.append(element("bdi", String(found.properties["name"] ?? given.words.unnamed)));
  card.append(title, element("p", given.words.official, "said"), element("p", plain(found.properties["kind"]), "where"));
  return card;
}

export function open(map: Map, given: Given, at: LngLatLike, found: MapGeoJSONFeature[]): Popup {
  const box = element("div", "", "map-card");
  for (const one of found.slice(0, TOLD)) {
    box.append(one.sourceLayer === "official" ? officialCard(given, one) : flagCard(given, one));
  }
  if (found.length > TOLD) {
    box.append(element("p", filled(given.words.more_here, "number", number(found.length - TOLD)), "where"));
  }
  const popup = new Popup({ maxWidth: "20rem", offset: 12, focusAfterOpen: true }).setLngLat(at).setDOMContent(box);
  const before = document.activeElement; // to go back to, since the pop-up takes the keyboard
  popup.addTo(map);
  box.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    popup.remove();
    if (before instanceof HTMLElement) before.focus();
  });
  return popup;
}
