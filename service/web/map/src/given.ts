// What the page says about its map: signs, words in the reader's language, and the background its operator chose.

export interface Sign {
  label: string;
  colour: string;
  path: string; // in a box of 24 by 24
}

export interface Background {
  tiles: string; // https://…/{z}/{x}/{y}.png
  attribution: string;
}

export interface Words {
  map: string;
  zoom_in: string;
  zoom_out: string;
  close: string;
  loading: string;
  heavy: string;
  cannot: string;
  unreadable: string;
  failed: string;
  in_view: string; // with {number}
  none_in_view: string;
  clustered: string;
  more_here: string; // with {number}
  unnamed: string;
  open: string;
  within: string; // with {distance}
  official: string;
}

export interface Given {
  signs: Record<string, Sign>;
  official: Sign;
  statuses: Record<string, string>;
  words: Words;
  background: Background | null;
}

const language = document.documentElement.lang || "en";
const numbers = new Intl.NumberFormat(language);

export function number(value: number): string {
  return numbers.format(value);
}

export function share(value: number): string {
  return new Intl.NumberFormat(language, { style: "percent" }).format(Math.min(0.99, Math.max(0.01, value)));
}

export function distance(metres: number): string {
  const far = metres >= 1000;
  const options = { style: "unit", unit: far ? "kilometer" : "meter", maximumSignificantDigits: 2 } as const;
  return new Intl.NumberFormat(language, options).format(far ? metres / 1000 : metres);
}

export function filled(words: string, name: string, value: string): string {
  return words.replace(`{${name}}`, value);
}

// Terms of the data, such as informal_settlement, as they are read.
export function plain(term: unknown): string {
  return typeof term === "string" ? term.replaceAll("_", " ") : "";
}
