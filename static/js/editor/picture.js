// The dialog for a picture: a file or one of the library, then what it shows, its caption and its credit.

import { check, dialog, element, field } from "./dialog.js";
import { past } from "./keys.js";
import { ACCEPTED, library, upload } from "../shelf.js";

const WAIT = 200; // ms of quiet before the library is asked

// `at` is the place of a figure that is there, or null; `file` one that was dropped or pasted.
export function picture(editor, source, at, back, file = null) {
  const old = at === null ? null : editor.state.doc.nodeAt(at);
  let chosen = old ? { url: old.attrs.src, width: old.attrs.width, height: old.attrs.height } : null;
  const words = (value, rows) => element("textarea", { value, rows, dir: "auto" });
  const alt = field("What it shows, for those who cannot see it", words(old?.attrs.alt ?? "", 2));
  const decorative = check("Decoration only: there is nothing to describe", old?.attrs.alt === "");
  const caption = field("Caption", words(old?.child(0).textContent ?? "", 2));
  const credit = field("Credit", element("input", { type: "text", value: old?.child(1).textContent ?? "", dir: "auto" }));
  const chooser = choose(source, file, take, (busy) => { opened?.submit.setAttribute("aria-disabled", String(busy)); });
  let opened = null;

  // What the library knows of it is offered, over nothing that was typed.
  function take(found) {
    chosen = found;
    for (const [{ control }, value] of [[alt, found.alt], [caption, found.caption], [credit, found.credit]]) {
      if (!control.value.trim() && value) control.value = value;
    }
    alt.control.focus();
  }

  function sync() {
    alt.control.disabled = decorative.control.checked;
    if (decorative.control.checked) alt.error("");
  }
  decorative.control.addEventListener("change", sync);
  sync();

  const accept = () => {
    if (!chosen) return chooser.error("Choose a picture first.");
    const said = alt.control.value.trim();
    if (!said && !decorative.control.checked) {
      alt.error("Say what the picture shows, or that it is decoration.");
      return false;
    }
    const attrs = { src: chosen.url, width: chosen.width, height: chosen.height, alt: decorative.control.checked ? "" : said };
    const lines = { caption: caption.control.value.trim(), credit: credit.control.value.trim() };
    return old ? change(editor, at, attrs, lines) : insert(editor, attrs, lines);
  };
  opened = dialog(old ? "Picture" : "Insert a picture", [chooser.box, alt.box, decorative.box, caption.box, credit.box], {
    accept, done: old ? "Change" : "Insert", closed: () => { chooser.stop(); back(); },
  });
  chooser.start(chosen);
}

export function figure(attrs, { caption = "", credit = "" } = {}) {
  const line = (type, text) => ({ type, content: text ? [{ type: "text", text }] : [] });
  return { type: "figure", attrs, content: [line("caption", caption), line("credit", credit)] };
}

function insert(editor, attrs, lines) {
  editor.chain().focus().insertContent(figure(attrs, lines)).run();
  return past(editor);
}

// Lines whose words did not change keep their marks.
function change(editor, at, attrs, lines) {
  return editor.chain().command(({ tr, state }) => {
    const node = state.doc.nodeAt(at);
    const parts = [node.child(0), node.child(1)].map((part) => {
      const text = lines[part.type.name];
      return text === part.textContent ? part : part.type.create(part.attrs, text ? state.schema.text(text) : null);
    });
    tr.replaceWith(at, at + node.nodeSize, node.type.create({ ...node.attrs, ...attrs }, parts));
    return true;
  }).focus().run();
}

function choose(source, file, take, busy) {
  const input = element("input", { type: "file", accept: ACCEPTED });
  const own = field("From this computer", input, "JPEG, PNG, WebP or GIF, at most 20 MiB.");
  const bar = element("progress", { max: 1, value: 0, hidden: true, ariaLabel: "Upload" });
  const said = element("p", { className: "meta" });
  said.setAttribute("role", "status");
  const shown = element("img", { className: "thumb", alt: "", hidden: true });
  const search = field("From the library", element("input", { type: "search", autocomplete: "off", placeholder: "Words of its caption, credit or name", dir: "auto" }));
  const shelf = element("div", { className: "editor-shelf", ariaLabel: "Pictures of the library" });
  shelf.setAttribute("role", "group");
  let asked = new AbortController();
  let timer = 0;
  let sending = 0;

  function show(found) {
    shown.src = found.url;
    shown.hidden = false;
  }

  async function send(sent) {
    sending += 1;
    const turn = sending;
    own.error("");
    bar.hidden = false;
    bar.value = 0;
    said.textContent = `Sending ${sent.name} …`;
    busy(true);
    try {
      const found = await upload(source, sent, (share) => { if (turn === sending) bar.value = share; });
      if (turn !== sending) return;
      said.textContent = found.duplicate ? "The library has this picture already; it is used." : `${sent.name} is in the library.`;
      show(found);
      take(found);
    } catch (error) {
      if (turn !== sending) return;
      said.textContent = "";
      own.error(error.message);
    } finally {
      if (turn === sending) {
        bar.hidden = true;
        busy(false);
      }
    }
  }

  async function ask(after = null) {
    asked.abort();
    asked = new AbortController();
    try {
      const { items, next } = await library(source, search.control.value.trim(), after, asked.signal);
      if (!after) shelf.replaceChildren();
      shelf.querySelector(".more")?.remove();
      shelf.append(...items.map(offer));
      if (next) {
        const more = element("button", { type: "button", className: "more", textContent: "More" });
        more.addEventListener("click", () => ask(next));
        shelf.append(more);
      }
      if (!after) said.textContent = items.length === 0 ? "The library has none like that." : said.textContent.replace(/^The library has none.*/, "");
    } catch (error) {
      if (error.name !== "AbortError") said.textContent = error.message;
    }
  }

  function offer(found) {
    const button = element("button", { type: "button", ariaPressed: "false", title: found.name },
      element("img", { src: found.thumb ?? found.url, alt: found.alt || found.caption || found.name, loading: "lazy" }));
    button.addEventListener("click", () => {
      for (const other of shelf.querySelectorAll("[aria-pressed]")) other.ariaPressed = String(other === button);
      sending += 1;
      bar.hidden = true;
      busy(false);
      said.textContent = `${found.name} is chosen.`;
      show(found);
      take(found);
    });
    return button;
  }

  input.addEventListener("change", () => { if (input.files[0]) send(input.files[0]); });
  search.control.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(ask, WAIT);
  });
  search.control.addEventListener("keydown", (event) => {
    if (event.key !== "Enter") return;
    event.preventDefault();
    ask();
  });
  return {
    box: element("div", { className: "editor-choose" }, shown, own.box, bar, search.box, shelf, said),
    error: (message) => { own.error(message); return false; },
    stop: () => { sending += 1; clearTimeout(timer); asked.abort(); },
    start(chosen) {
      if (chosen) show(chosen);
      if (file) send(file);
      ask();
    },
  };
}
