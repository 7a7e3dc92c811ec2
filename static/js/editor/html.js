// The text of the editor as the field keeps it: what is empty left out, table heads in their place, a line for each
// block so that people can read it.

export function written(html) {
  const { body } = new DOMParser().parseFromString(html, "text/html");
  for (const part of body.querySelectorAll("figcaption > :is(.caption, .credit)")) if (isEmpty(part)) part.remove();
  for (const caption of body.querySelectorAll("figcaption, table > caption")) if (isEmpty(caption)) caption.remove();
  for (const last of body.querySelectorAll("br")) if (!last.nextSibling && last.parentElement.closest("p, h2, h3, h4, td, th")) last.remove();
  for (const table of body.querySelectorAll("table")) arrange(table);
  for (const block of body.querySelectorAll("p, h2, h3, h4")) if (isEmpty(block)) block.remove();
  for (const item of body.querySelectorAll("li")) tighten(item);
  for (const box of body.querySelectorAll("blockquote, li, ul, ol")) if (isEmpty(box) && !box.querySelector("img, hr, a")) box.remove();
  for (const box of body.querySelectorAll("blockquote, ul, ol, table, thead, tbody")) lines(box);
  for (const list of body.querySelectorAll("li > :is(ul, ol)")) list.before("\n");
  const blocks = [...body.childNodes].map((node) => node.outerHTML ?? node.textContent.trim());
  return blocks.filter(Boolean).join("\n");
}

function isEmpty(node) {
  return !node.textContent.trim();
}

// Rows of headers at the top are the head.
function arrange(table) {
  const rows = [...table.querySelectorAll("tr")];
  const body = rows.findIndex((row) => !row.firstElementChild || row.querySelector("td"));
  const head = body < 0 ? rows.length : body;
  for (const [name, part] of [["thead", rows.slice(0, head)], ["tbody", rows.slice(head)]]) {
    if (part.length === 0) continue;
    const box = table.ownerDocument.createElement(name);
    box.append(...part);
    table.append(box);
  }
  for (const box of table.querySelectorAll("thead, tbody")) if (!box.firstChild) box.remove();
}

// `<li>one</li>` rather than `<li><p>one</p></li>`, unless it holds more than a paragraph and lists.
function tighten(item) {
  const [first, ...others] = item.children;
  if (first?.localName !== "p" || first.attributes.length > 0) return;
  if (others.some((other) => !/^[uo]l$/.test(other.localName))) return;
  first.replaceWith(...first.childNodes);
}

function lines(box) {
  for (const child of [...box.children]) child.before("\n");
  box.append("\n");
}
