import type { MockMoment } from "../mock-platform.ts";

/** A repository of nobody's. */
export function repository({ atMs }: MockMoment) {
  return {
    id: 702_468_135,
    node_id: "R_kgDOKd7tZw",
    name: "lamp-shop",
    full_name: "hana-lim-example/lamp-shop",
    private: false,
    owner,
    html_url: "https://github.com/hana-lim-example/lamp-shop",
    description: "A shop for lamps",
    fork: false,
    url: "https://api.github.com/repos/hana-lim-example/lamp-shop",
    created_at: "2026-01-05T08:00:00Z",
    updated_at: isoOf(atMs),
    default_branch: "main",
    stargazers_count: 12,
    open_issues_count: 3,
    topics: ["lamps"],
    visibility: "public" as const,
  };
}

/** Its owner. */
export const owner = {
  login: "hana-lim-example",
  id: 90_817_263,
  node_id: "U_kgDOBWm7rw",
  html_url: "https://github.com/hana-lim-example",
  type: "User" as const,
  site_admin: false,
};

/** A time as GitHub writes it: in whole seconds. */
export function isoOf(atMs: number): string {
  return new Date(atMs).toISOString().replace(/\.\d+Z$/, "Z");
}
