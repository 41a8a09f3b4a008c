// The entry, a few kilobytes: finds the places for a map and brings one there when it is worth its weight. Whoever asked
// their browser to save data, and whoever has a slow line, is asked first.
import type { Given } from "./given";

interface Line {
  saveData?: boolean;
  effectiveType?: string;
}

function thrifty(): boolean {
  const line = (navigator as Navigator & { connection?: Line }).connection;
  return line?.saveData === true || ["slow-2g", "2g", "3g"].includes(line?.effectiveType ?? "");
}

function one<E extends HTMLElement>(part: HTMLElement, name: string): E {
  const found = part.querySelector<E>(`[data-map-${name}]`);
  if (!found) throw new Error(`the page has no place for ${name}`);
  return found;
}

async function bring(part: HTMLElement, given: Given): Promise<void> {
  const note = one(part, "note");
  note.textContent = given.words.loading;
  try {
    const { draw } = await import("./draw");
    one(part, "body").hidden = false;
    note.hidden = true;
    draw(part, given);
  } catch (failure) {
    one(part, "body").hidden = true;
    note.hidden = false;
    note.textContent = given.words.cannot;
    console.warn(failure);
  }
}

function offer(part: HTMLElement): void {
  const given = JSON.parse(part.dataset["map"] ?? "") as Given;
  const note = one(part, "note");
  const show = one<HTMLButtonElement>(part, "show");
  if (thrifty()) {
    note.textContent = given.words.heavy;
    show.hidden = false;
    show.addEventListener("click", () => {
      show.hidden = true;
      void bring(part, given);
    });
    return;
  }
  const seen = new IntersectionObserver((entries) => {
    if (!entries.some((entry) => entry.isIntersecting)) return;
    seen.disconnect();
    void bring(part, given);
  });
  seen.observe(part);
}

document.querySelectorAll<HTMLElement>("[data-map]").forEach(offer);
