// Foreign HTML made into what may stand in a body. Everything that comes into the editor goes through here, pasted,
// dropped or read from the field, before the editor's engine sees it.
//
// A new tree is built that holds only what is listed here, so nothing that an attribute could do to the engine
// (`data-pm-slice`) arrives.

import { Flow, Line } from "./flow.js";
import { recognised } from "./providers.js";
import { address, ours, parsed, styles } from "./source.js";
import { lists } from "./word.js";

const DROPPED = new Set(
  "script style template noscript object embed svg math title head meta link base select option button input textarea video audio canvas applet map area frame frameset".split(" "),
);
const BLOCKS = { p: "p", h1: "h2", h2: "h2", h3: "h3", h4: "h4", h5: "h4", h6: "h4" };
const LOOSE = new Set(
  "div section article main header footer aside nav body center dl dt dd address details summary fieldset form hgroup figcaption tbody thead tfoot tr td th".split(" "),
);
const MARKS = { b: "strong", strong: "strong", i: "em", em: "em", s: "s", strike: "s", del: "s", sub: "sub", sup: "sup", code: "code", tt: "code", kbd: "code", samp: "code" };
const SPANS = 50; // cells that one may cover

// `pasted`: also without the noise that word processors write, languages and directions that the text has anyway.
export function clean(html, { pasted = false, base = "ltr" } = {}) {
  const body = parsed(html);
  const own = /data-pm-slice/.test(html);
  if (pasted) lists(body);
  const shift = pasted && !own && body.querySelector("h1") !== null;
  const context = { noisy: pasted && !own, base, shift, doc: document.implementation.createHTMLDocument("") };
  const out = context.doc.body;
  children(body, new Flow(out), {}, context).close();
  return out.innerHTML;
}

function children(source, flow, state, context) {
  for (const node of [...source.childNodes]) {
    if (node.nodeType === Node.TEXT_NODE) flow.text(node.data, state);
    else if (node.nodeType === Node.ELEMENT_NODE) element(node, flow, state, context);
  }
  return flow;
}

function element(node, flow, state, context) {
  const name = node.localName;
  const style = styles(node);
  if (DROPPED.has(name) || isUnseen(node, style, context)) return;
  if (name === "br") {
    if (node.className !== "Apple-interchange-newline") flow.br(context.noisy);
  } else if (name === "hr") {
    // Not the line that Word draws above its notes.
    if (!(context.noisy && node.getAttribute("width") === "33%")) flow.put("hr");
  }
  else if (name === "img") picture(node, flow, context);
  else if (name === "iframe") embed(node.getAttribute("src") ?? "", node.getAttribute("title"), null, flow);
  else if (name === "figure") figure(node, flow, state, context);
  else if (name === "ul" || name === "ol") list(node, flow, context);
  else if (name === "table") table(node, flow, state, context);
  else if (name === "pre") code(node, flow, state, context);
  else if (name === "blockquote" || /\bMso(Intense)?Quote\b/.test(node.className)) quote(node, style, flow, state, context);
  else if (BLOCKS[name]) block(node, style, flow, state, context);
  else if (LOOSE.has(name)) loose(node, flow, state, context);
  else children(node, flow, inline(node, style, state, context), context);
}

function loose(node, flow, state, context) {
  flow.close();
  children(node, flow, state, context);
  flow.close();
}

function code(node, flow, state, context) {
  const made = flow.put("pre", attributes(node, {}, context));
  if (made) made.append(within(context, "code", node.textContent));
  else loose(node, flow, state, context);
}

function quote(node, style, flow, state, context) {
  const made = flow.put("blockquote", attributes(node, style, context));
  if (!made) return loose(node, flow, state, context);
  children(node, new Flow(made), {}, context).close();
  if (!made.firstChild) made.remove();
}

function within(context, name, text) {
  const made = context.doc.createElement(name);
  made.textContent = text;
  return made;
}

function isUnseen(node, style, { noisy }) {
  if (!noisy) return false;
  return style.display === "none" || style["mso-hide"] === "all" || style["mso-list"] === "ignore"
    || /^comment/.test(style["mso-element"] ?? "") || /\bMsoCommentReference\b/.test(node.className)
    || (node.localName === "del" && node.hasAttribute("datetime"));
}

function block(node, style, flow, state, context) {
  let name = BLOCKS[node.localName];
  if (context.shift && /^h[1-6]$/.test(node.localName)) name = `h${Math.min(Number(node.localName[1]) + 1, 4)}`;
  if (context.noisy && node.localName === "p" && /\bMsoTitle\b/.test(node.className)) name = "h2";
  flow.open(name, attributes(node, style, context));
  // A heading is bold by itself.
  const plain = context.noisy && name !== "p";
  children(node, flow, plain ? { ...state, plain } : state, context);
  flow.close();
}

// Direction and language, the only attributes that every element may have.
function attributes(node, style, { noisy, base }) {
  const dir = (node.getAttribute("dir") || style.direction || "").toLowerCase();
  const lang = node.getAttribute("lang") ?? "";
  const kept = {};
  if (/^(ltr|rtl|auto)$/.test(dir) && !(noisy && dir === base)) kept.dir = dir;
  if (!noisy && /^[A-Za-z0-9-]{1,35}$/.test(lang)) kept.lang = lang;
  return kept;
}

// What the letters inside are, beside what the letters around are.
function inline(node, style, state, context) {
  const name = node.localName;
  const marks = { ...state };
  if (MARKS[name]) marks[MARKS[name]] = attributes(node, style, context);
  const weight = style["font-weight"];
  if (weight) marks.strong = /^(bold|bolder|[6-9]00)$/.test(weight) ? marks.strong || {} : undefined;
  const slant = style["font-style"];
  if (slant) marks.em = /^(italic|oblique)/.test(slant) ? marks.em || {} : undefined;
  if (/line-through/.test(style["text-decoration"] ?? style["text-decoration-line"] ?? "")) marks.s = {};
  if (style["vertical-align"] === "super") marks.sup = {};
  if (style["vertical-align"] === "sub") marks.sub = {};
  if (name === "a") {
    const href = target(node.getAttribute("href"), context);
    if (href) {
      marks.a = { ...attributes(node, style, context), href };
      const language = node.getAttribute("hreflang");
      if (language) marks.a.hreflang = language;
    }
  } else if (!MARKS[name]) {
    const kept = attributes(node, style, context);
    if (kept.lang || (kept.dir && name !== "font")) marks.span = kept;
  }
  return marks;
}

// What is pasted knows its own site's pages by whole addresses; ours are kept as paths.
function target(href, { noisy }) {
  const to = address(href);
  if (!noisy || !to || /^(mailto|tel):/i.test(to)) return to;
  if (to.startsWith("/")) return null;
  const url = new URL(to);
  return url.origin === location.origin ? url.pathname + url.search + url.hash : to;
}

function picture(node, flow, context, caption = null) {
  const src = ours(node.getAttribute("src") ?? "");
  if (!src) {
    // Never shown from elsewhere: what it was called leads there.
    const href = address(node.getAttribute("src"));
    const alt = (node.getAttribute("alt") ?? "").trim();
    if (href && alt) flow.text(alt, { a: { href } });
    return;
  }
  const figure = flow.put("figure");
  if (!figure) return;
  const image = context.doc.createElement("img");
  image.setAttribute("src", src);
  for (const name of ["alt", "width", "height"]) {
    const value = node.getAttribute(name);
    if (value !== null && (name === "alt" || /^\d{1,5}$/.test(value))) image.setAttribute(name, value);
  }
  figure.append(image);
  if (caption) figure.append(caption);
}

function figure(node, flow, state, context) {
  const link = node.querySelector("a[href]");
  if (node.classList.contains("embed") && link) {
    embed(link.getAttribute("href"), link.textContent, node, flow, attributes(node, styles(node), context));
    return;
  }
  const images = [...node.querySelectorAll("img")].filter((image) => ours(image.getAttribute("src") ?? ""));
  if (images.length === 0) return loose(node, flow, state, context);
  images.forEach((image, at) =>
    picture(image, flow, context, at === images.length - 1 ? captions(node, context) : null));
  const made = flow.last();
  if (made) for (const [name, value] of Object.entries(attributes(node, styles(node), context))) made.setAttribute(name, value);
}

function captions(node, context) {
  const source = node.querySelector("figcaption");
  if (!source) return null;
  const made = context.doc.createElement("figcaption");
  const credit = source.querySelector("small.credit");
  credit?.remove();
  for (const [part, name, word] of [[source.querySelector("span.caption") ?? source, "span", "caption"], [credit, "small", "credit"]]) {
    if (!part?.textContent.trim()) continue;
    const line = context.doc.createElement(name);
    line.className = word;
    for (const [key, value] of Object.entries(part === source ? {} : attributes(part, {}, context))) line.setAttribute(key, value);
    children(part, new Line(line), {}, context).close();
    made.append(line);
  }
  return made.firstChild ? made : null;
}

function embed(href, text, node, flow, kept = {}) {
  const found = recognised(href);
  const safe = node ? address(href) : found?.provider.href(found.id);
  if (!safe) return;
  const figure = flow.put("figure", kept);
  if (!figure) return;
  figure.className = "embed";
  const provider = found?.key ?? node?.getAttribute("data-provider");
  if (provider) figure.setAttribute("data-provider", provider);
  const link = figure.ownerDocument.createElement("a");
  link.setAttribute("href", safe);
  link.textContent = text?.trim() || found?.provider.name || safe;
  figure.append(link);
}

function list(node, flow, context) {
  const made = flow.put(node.localName, attributes(node, styles(node), context));
  if (!made) return lines(node, flow, context);
  const start = Number(node.getAttribute("start"));
  if (node.localName === "ol" && Number.isInteger(start) && start > 1) made.setAttribute("start", String(start));
  for (const child of node.childNodes) {
    const item = child.localName === "li";
    // A list in a list without an item of its own belongs to the item before it.
    const nested = /^[uo]l$/.test(child.localName ?? "") && made.lastElementChild;
    if (!item && !nested && !child.textContent.trim()) continue;
    const into = nested || made.appendChild(context.doc.createElement("li"));
    if (item) for (const [key, value] of Object.entries(attributes(child, styles(child), context))) into.setAttribute(key, value);
    const inner = new Flow(into, { item: true });
    if (item) children(child, inner, {}, context);
    else if (child.nodeType === Node.TEXT_NODE) inner.text(child.data, {});
    else if (child.nodeType === Node.ELEMENT_NODE) element(child, inner, {}, context);
    inner.close();
    if (!into.firstChild) into.remove();
    else if (into.firstElementChild.localName !== "p") into.prepend(context.doc.createElement("p"));
  }
  if (!made.firstChild) made.remove();
}

// A list where only lines may stand.
function lines(node, flow, context) {
  for (const item of node.children) {
    flow.open("p");
    if (item.localName === "li") flow.text("• ", {});
    children(item, flow, {}, context);
  }
}

function table(node, flow, state, context) {
  const rows = [...node.querySelectorAll("tr")].filter((row) => row.closest("table") === node);
  const cells = rows.map((row) => [...row.children].filter((cell) => /^t[dh]$/.test(cell.localName)));
  const made = cells.flat().length > 1 ? flow.put("table", attributes(node, styles(node), context)) : null;
  if (!made) {
    // One cell is a box to lay something out; a table in a table is a text.
    for (const cell of cells.flat()) element(cell, flow, state, context);
    return;
  }
  const title = [...node.children].find((child) => child.localName === "caption");
  if (title?.textContent.trim()) children(title, new Line(made.appendChild(context.doc.createElement("caption"))), {}, context).close();
  rows.forEach((row, at) => {
    const line = made.appendChild(context.doc.createElement("tr"));
    for (const cell of cells[at]) {
      const isHead = cell.localName === "th" || row.parentElement.localName === "thead";
      const into = line.appendChild(context.doc.createElement(isHead ? "th" : "td"));
      for (const [key, value] of Object.entries(attributes(cell, styles(cell), context))) into.setAttribute(key, value);
      for (const name of ["colspan", "rowspan"]) {
        const span = Number(cell.getAttribute(name));
        if (Number.isInteger(span) && span > 1 && span <= SPANS) into.setAttribute(name, String(span));
      }
      const scope = cell.getAttribute("scope");
      if (isHead && /^(col|row|colgroup|rowgroup)$/.test(scope ?? "")) into.setAttribute("scope", scope);
      children(cell, new Line(into), isHead && context.noisy ? { plain: true } : {}, context).close();
    }
  });
}
