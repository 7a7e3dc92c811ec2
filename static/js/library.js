// Finds a picture of the library for the article form. The plain list below stays what is sent: the script puts the
// chosen picture into it, and its words into the fields that are empty.

import { library } from "./shelf.js";

const WORDS = { picture_alt: "alt", picture_caption: "caption", picture_credit: "credit" };

for (const place of document.querySelectorAll("[data-library]")) {
  const select = place.querySelector("select");
  const address = place.dataset.library;
  const dialog = build();
  const open = Object.assign(document.createElement("button"), { type: "button", textContent: "Find in the library …" });
  const [field, grid, more] = ["input", ".grid", ".library-more button"].map((part) => dialog.querySelector(part));
  let next = null;
  let asked = 0;

  select.after(open);
  document.body.append(dialog);
  open.addEventListener("click", () => {
    dialog.showModal();
    find();
  });
  dialog.querySelector(".close").addEventListener("click", () => dialog.close());
  let pause;
  field.addEventListener("input", () => {
    clearTimeout(pause);
    pause = setTimeout(find, 200);
  });
  more.addEventListener("click", () => load(next));

  function find() {
    grid.replaceChildren();
    load("");
  }

  async function load(before) {
    const turn = ++asked;
    const found = await library(address, field.value, before).catch(() => ({ items: [], next: null }));
    if (turn !== asked) return;
    grid.append(...found.items.map(offer));
    next = found.next;
    more.hidden = !next;
    dialog.querySelector("[role=status]").textContent = grid.children.length ? "" : "Nothing is found.";
  }

  function offer(item) {
    const button = Object.assign(document.createElement("button"), { type: "button" });
    const image = Object.assign(document.createElement("img"), { src: item.thumb, alt: item.alt, loading: "lazy" });
    const [frame, name] = [document.createElement("span"), document.createElement("span")];
    frame.className = "grid-picture";
    frame.append(image);
    name.textContent = item.name;
    name.dir = "auto";
    button.append(frame, name);
    button.addEventListener("click", () => choose(item));
    const line = document.createElement("li");
    line.append(button);
    return line;
  }

  function choose(item) {
    const known = [...select.options].find((option) => option.value === String(item.id));
    if (!known) select.add(new Option(item.name, item.id));
    select.value = item.id;
    for (const [name, word] of Object.entries(WORDS)) {
      const words = document.getElementById(name);
      if (words && !words.value) words.value = item[word];
    }
    select.dispatchEvent(new Event("input", { bubbles: true }));
    select.dispatchEvent(new Event("change", { bubbles: true }));
    dialog.close();
    select.focus();
  }
}

function build() {
  const dialog = document.createElement("dialog");
  dialog.className = "library";
  dialog.setAttribute("aria-label", "The library");
  dialog.innerHTML = `<div class="library-head"><p class="field"><label for="library-words">Find by name, caption, credit</label>
    <input id="library-words" type="search" dir="auto" autocomplete="off"></p><button type="button" class="close">Close</button></div>
    <p role="status"></p><ul class="grid"></ul><p class="library-more"><button type="button" hidden>Older pictures</button></p>`;
  return dialog;
}
