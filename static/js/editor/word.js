// Word writes lists as paragraphs: `mso-list:l0 level2 lfo1` says how deep, a marker in the text what kind. They are
// made lists before anything else looks at them. Word's web version writes a list for each item, with its level.

import { styles } from "./source.js";

const NUMBERED = /^\(?(\d{1,4}|[a-z]{1,4})[.)]/i;

export function lists(body) {
  for (const paragraph of [...body.querySelectorAll("p, h1, h2, h3, h4, h5, h6")]) {
    if (paragraph.isConnected && levelOf(paragraph)) gather(paragraph);
  }
  for (const wrapper of [...body.querySelectorAll(".ListContainerWrapper")]) {
    if (wrapper.isConnected) gatherWrapped(wrapper);
  }
}

function levelOf(node) {
  if (!/^(p|h[1-6])$/.test(node?.localName ?? "")) return 0;
  const list = styles(node)["mso-list"] ?? "";
  // A numbered heading stays a heading.
  if (node.localName !== "p" && !/MsoListParagraph/.test(node.className)) return 0;
  return Number(list.match(/level(\d+)/)?.[1] ?? 0);
}

function gather(first) {
  const items = [];
  let node = first;
  while (levelOf(node)) {
    items.push(node);
    node = node.nextElementSibling;
  }
  const root = build(first, items.map((item) => {
    const marker = [...item.querySelectorAll("*")].find((part) => styles(part)["mso-list"] === "ignore");
    const text = marker?.textContent.replace(/[\s\u00a0]+/g, "") ?? "";
    marker?.remove();
    return { level: levelOf(item), kind: NUMBERED.test(text) ? "ol" : "ul", start: Number.parseInt(text, 10), node: item };
  }));
  root.forEach((list) => first.before(list));
  items.forEach((item) => item.remove());
}

function gatherWrapped(first) {
  const wrappers = [];
  let node = first;
  while (node?.classList.contains("ListContainerWrapper")) {
    wrappers.push(node);
    node = node.nextElementSibling;
  }
  const items = wrappers.flatMap((wrapper) => [...wrapper.querySelectorAll("li")].map((item) => ({
    level: Number(item.getAttribute("data-aria-level") ?? item.getAttribute("aria-level") ?? 1),
    kind: item.parentElement.localName,
    start: Number(item.parentElement.getAttribute("start")),
    node: item,
  })));
  build(first, items).forEach((list) => first.before(list));
  wrappers.forEach((wrapper) => wrapper.remove());
}

// The lists of the highest level, with the others inside.
function build(place, items) {
  const doc = place.ownerDocument;
  const roots = [];
  const open = [];
  for (const { level, kind, start, node } of items) {
    while (open.length > 0 && open.at(-1).level > level) open.pop();
    let here = open.at(-1);
    if (here?.level === level && here.list.localName !== kind) {
      open.pop();
      here = open.at(-1);
    }
    if (!here || here.level < level) {
      const list = doc.createElement(kind);
      if (kind === "ol" && start > 1) list.setAttribute("start", String(start));
      const parent = here?.list.lastElementChild;
      if (parent) parent.append(list);
      else roots.push(list);
      here = { level, list };
      open.push(here);
    }
    const item = doc.createElement("li");
    if (node.hasAttribute("dir")) item.setAttribute("dir", node.getAttribute("dir"));
    item.append(...node.childNodes);
    here.list.append(item);
  }
  return roots;
}
