// The filters of the page's address, under the names that /v1/flags gives them, and the form that shows them.

const NAMES = [
  "country", "admin", "verdict", "status", "source", "q", "min_probability", "updated_since", "sdg", "factor", "theme",
  "group",
] as const;

export function asked(search: string): URLSearchParams {
  const given = new URLSearchParams(search);
  const kept = new URLSearchParams();
  for (const name of NAMES) {
    for (const value of given.getAll(name)) {
      if (value.trim()) kept.append(name, value.trim());
    }
  }
  return kept;
}

export function tilesOf(layer: "flags" | "official", filters?: URLSearchParams): string {
  const query = filters?.toString();
  return `${location.origin}/v1/tiles/${layer}/{z}/{x}/{y}.mvt${query ? `?${query}` : ""}`;
}

// A form that stands beside the map works without it: it asks for the page anew. With it, the address and the map
// change in place, and so does the link to the list with the same filters.
export function follow(form: HTMLFormElement | null, change: (filters: URLSearchParams) => void): void {
  if (!form) return;
  const apply = (): void => {
    const filters = asked(new URLSearchParams(new FormData(form) as unknown as Record<string, string>).toString());
    const query = filters.toString();
    history.replaceState(null, "", `${location.pathname}${query ? `?${query}` : ""}${location.hash}`);
    relink(filters);
    change(filters);
  };
  form.addEventListener("change", apply);
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    apply();
  });
}

function relink(filters: URLSearchParams): void {
  document.querySelectorAll<HTMLAnchorElement>("a[data-map-same]").forEach((link) => {
    link.search = filters.toString();
  });
}
