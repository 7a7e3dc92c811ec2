// Films and sounds from elsewhere, loaded by a click. The page holds a link; here it becomes an offer that says who is
// asked when it is taken. Before that nobody is.

import { recognised } from "./editor/providers.js";

for (const figure of document.querySelectorAll("figure.embed")) offer(figure);

function element(name, properties, ...inside) {
  const made = Object.assign(document.createElement(name), properties);
  made.append(...inside);
  return made;
}

function offer(figure) {
  const link = figure.querySelector("a[href]");
  const found = link && recognised(link.href);
  if (!found) return;
  const { name, host } = found.provider;
  const load = element("button", { type: "button", textContent: `Load from ${name}` });
  const note = element("p", { className: "embed-note", dir: "auto", id: `embed-note-${Math.random().toString(36).slice(2)}` },
    `Loading contacts ${host}, which then learns your address and may set cookies. Or open it at `, link.cloneNode(true), ".");
  note.querySelector("a").textContent = name;
  load.setAttribute("aria-describedby", note.id);
  const title = element("p", { className: "embed-title", dir: "auto", textContent: link.textContent });
  const box = element("div", { className: "embed-offer" }, title, load, note);
  load.addEventListener("click", () => {
    const shown = frame(found, link.textContent);
    const rest = element("p", { dir: "auto" }, `${link.textContent} · `, note.querySelector("a"));
    box.replaceWith(shown, rest);
    shown.focus();
  });
  link.replaceWith(box);
}

// It may play and talk to its own site; it may not move this page, and learns of it no more than the site's name,
// without which some refuse to play.
function frame({ provider, id }, title) {
  const made = element("iframe", { className: provider.low ? "embed-frame low" : "embed-frame", title, loading: "eager" });
  made.setAttribute("sandbox", "allow-scripts allow-same-origin allow-presentation allow-popups allow-popups-to-escape-sandbox");
  made.setAttribute("allow", "autoplay; encrypted-media; fullscreen; picture-in-picture");
  made.referrerPolicy = "strict-origin";
  made.src = provider.frame(id);
  return made;
}
