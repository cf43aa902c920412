import { expect, test } from "vitest";

import type { Fetch } from "../../fetch.ts";
import { createChipApi } from "./create-chip-api.ts";

const token = "sk_hooklatch_7Jq2";
const baseUrl = "https://chip.example/api/v1";

function wire(id: string) {
  const callback = "https://shop.example/hook";
  return { id, title: id, callback, events: ["purchase.paid"], public_key: "-----BEGIN PUBLIC KEY-----" };
}

/** Lists the webhooks of an API that has these pages, by address. */
async function list(pages: Readonly<Record<string, unknown>>) {
  const urls: string[] = [];
  const fetch: Fetch = async (url) => {
    urls.push(url);
    return Response.json(pages[url]);
  };
  const work = createChipApi({ token, baseUrl, fetch }).webhooks.list();
  return { urls, ids: (await work).map(({ id }) => id) };
}

const first = `${baseUrl}/webhooks/`;

test.each([
  ["an absolute address", `${first}?cursor=abc%3D`],
  ["an address with http, by a proxy that ends TLS", `${first.replace("https", "http")}?cursor=abc%3D`],
  ["a path", "/api/v1/webhooks/?cursor=abc%3D"],
  ["a query", "?cursor=abc%3D"],
])("follows the next page when it is written as %s, and sends it back as it came", async (_, next) => {
  const { urls, ids } = await list({
    [first]: { results: [wire("a"), wire("b")], next, previous: null },
    [`${first}?cursor=abc%3D`]: { results: [wire("c")], next: null, previous: "?" },
  });
  expect(ids).toEqual(["a", "b", "c"]);
  expect(urls).toEqual([first, `${first}?cursor=abc%3D`]);
});

test("tells a webhook once that moved to the next page meanwhile", async () => {
  const { ids } = await list({
    [first]: { results: [wire("a"), wire("b")], next: "?page=2" },
    [`${first}?page=2`]: { results: [wire("b"), wire("c")], next: null },
  });
  expect(ids).toEqual(["a", "b", "c"]);
});

test.each([
  "https://elsewhere.example/api/v1/webhooks/?page=2",
  "http://elsewhere.example/api/v1/webhooks/?page=2",
  "http://chip.example:8080/api/v1/webhooks/?page=2",
  "https://chip.example:8443/api/v1/webhooks/",
  "//elsewhere.example/webhooks/",
  "https://user:pass@chip.example/api/v1/webhooks/?page=2",
  "https://user@chip.example/api/v1/webhooks/?page=2",
  "data:application/json,{}",
])("never takes the token to %s", async (next) => {
  const urls: string[] = [];
  const fetch: Fetch = async (url) => {
    urls.push(url);
    return Response.json({ results: [wire("a")], next });
  };
  await expect(createChipApi({ token, baseUrl, fetch }).webhooks.list()).rejects.toThrow("not followed");
  expect(urls).toEqual([first]);
});

test("ends when a page leads back", async () => {
  const pages = { [first]: { results: [], next: "?page=2" }, [`${first}?page=2`]: { results: [], next: first } };
  await expect(list(pages)).rejects.toThrow("led back to a page that was read already");
});

test("ends when the pages do not", async () => {
  let page = 0;
  const fetch: Fetch = async () => Response.json({ results: [], next: `?page=${++page}` });
  await expect(createChipApi({ token, baseUrl, fetch }).webhooks.list()).rejects.toThrow("within 100 pages");
  expect(page).toBe(100);
});

test.each([null, [], {}, { results: {} }, "text"])("refuses %j in place of a page", async (page) => {
  await expect(list({ [first]: page })).rejects.toThrow("no list of webhooks");
});

test("says which of the webhooks is none", async () => {
  await expect(list({ [first]: { results: [wire("a"), { id: "b" }] } })).rejects.toThrow("results[1]");
});
