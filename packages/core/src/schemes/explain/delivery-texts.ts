import type { Delivery } from "../../delivery.ts";
import { printable } from "../../printable.ts";

/** A text of a delivery and where it stands: in words for a message, and the header's name where it is a header. */
export interface DeliveryText {
  readonly text: string;
  readonly where: string;
  readonly header?: string;
}

/** A request with more headers or parameters than this is not one of a platform. */
const maxTexts = 200;
const maxLength = 16_384;

/** Every header, query parameter and path segment: wherever a secret or a token may have come instead. */
export function deliveryTexts(delivery: Delivery): readonly DeliveryText[] {
  return [...headerTexts(delivery), ...urlTexts(delivery.url)].filter(
    ({ text }) => text !== "" && text.length <= maxLength,
  );
}

function headerTexts(delivery: Delivery): readonly DeliveryText[] {
  const names = (delivery.headerNames?.() ?? []).slice(0, maxTexts).map((name) => name.toLowerCase());
  return [...new Set(names)]
    .filter((name) => /^[\w-]{1,80}$/.test(name))
    .map((name) => ({ text: headerOf(delivery, name), where: `the header ${name}`, header: name }));
}

/** The value of a header; nothing of one that came twice. */
export function headerOf(delivery: Delivery, name: string): string {
  try {
    return delivery.header(name) ?? "";
  } catch {
    return "";
  }
}

function urlTexts(url: string): readonly DeliveryText[] {
  const mark = url.indexOf("?");
  const [path, query] = mark === -1 ? [url, ""] : [url.slice(0, mark), url.slice(mark + 1)];
  const parameters = query.split("&", maxTexts).map((part) => {
    const assign = part.indexOf("=");
    const [name, value] = assign === -1 ? ["", part] : [part.slice(0, assign), part.slice(assign + 1)];
    const where = /^[\w.-]{1,40}$/.test(name) ? `the query parameter ${printable(name)}` : "the query";
    return { text: decodePercent(value), where };
  });
  const segments = path.split("/", maxTexts).map((part) => ({ text: decodePercent(part), where: "the path" }));
  return [...parameters, ...segments];
}

/** Without its percent signs; as it is where they stand for nothing. */
export function decodePercent(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
