// Completion for fields that also work as they are. A .combo element says where offers come from:
//
//   data-picker="words"   the field itself completes the word that is being typed, between commas (tags)
//   data-picker="lines"   a search box above the field adds a line to it (related articles)
//   data-picker="one"     the field itself finds one article
//
// data-mark is put before the number of an article where a field asks for it.
// The field stays the truth: nothing is sent that does not stand in it. The keyboard is that of the combobox of
// the ARIA Authoring Practices.

const WAIT = 150; // ms of quiet before asking
const COMMAS = /[,،、，;؛\n]/;

attach();
// Some script has put new fields into the page.
document.addEventListener("desk:drawn", attach);

function attach() {
  for (const combo of document.querySelectorAll(".combo[data-picker]:not([data-attached])")) {
    combo.dataset.attached = "";
    const field = combo.querySelector("input, textarea");
    if (combo.dataset.picker === "words") words(combo, field);
    else if (combo.dataset.picker === "one") one(combo, field);
    else lines(combo, field);
  }
}

function one(combo, field) {
  const mark = combo.dataset.mark ?? "";
  listbox(combo, field, {
    source: combo.dataset.source,
    asked: () => (/^(#|\/|https:)/.test(field.value.trim()) ? "" : field.value.trim()),
    keep: () => true,
    take(offer) {
      field.value = mark + offer.value;
      field.dispatchEvent(new Event("change", { bubbles: true }));
    },
  });
}

function words(combo, field) {
  // The word around the caret: where it begins and ends.
  const word = () => {
    const text = field.value;
    let start = field.selectionStart;
    while (start > 0 && !COMMAS.test(text[start - 1])) start -= 1;
    let end = field.selectionStart;
    while (end < text.length && !COMMAS.test(text[end])) end += 1;
    return { start, end, text: text.slice(start, end).trim() };
  };
  const has = (name) => field.value.split(COMMAS).some((tag) => tag.trim().toLowerCase() === name.toLowerCase());
  listbox(combo, field, {
    source: combo.dataset.source,
    asked: () => word().text,
    keep: (offer) => !has(offer.value),
    take(offer) {
      const { start, end } = word();
      const before = field.value.slice(0, start) + (start > 0 ? " " : "") + offer.value;
      const after = field.value.slice(end) || ", ";
      field.value = before + after;
      field.setSelectionRange(before.length + 2, before.length + 2);
      field.dispatchEvent(new Event("change", { bubbles: true }));
    },
  });
}

function lines(combo, field) {
  const search = document.createElement("input");
  search.type = "text";
  search.id = `${field.id}-search`;
  search.autocomplete = "off";
  search.dir = "auto";
  search.placeholder = combo.dataset.label;
  search.setAttribute("aria-label", combo.dataset.label);
  const box = document.createElement("div");
  box.className = "combo above";
  box.append(search);
  combo.before(box);
  const number = (line) =>
    (line.trim().match(/^#?(\d+)(?!\S)|\/articles?\/(\d+)(?=[/?#\s]|$)/) ?? []).slice(1).find(Boolean);
  const has = (id) => field.value.split("\n").some((line) => number(line) === id);
  listbox(box, search, {
    source: combo.dataset.source,
    except: combo.dataset.except,
    asked: () => search.value.trim(),
    keep: (offer) => !has(number(offer.value)),
    take(offer) {
      const kept = field.value.trimEnd();
      field.value = (kept ? `${kept}\n` : "") + (combo.dataset.mark ?? "") + offer.value;
      field.dispatchEvent(new Event("input", { bubbles: true }));
      search.value = "";
    },
  });
  // Enter in a search box looks for an article; it does not send the whole form.
  search.addEventListener("keydown", (event) => {
    if (event.key === "Enter") event.preventDefault();
  });
}

function listbox(combo, input, picker) {
  const list = document.createElement("ul");
  list.id = `${input.id}-offers`;
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", "Suggestions");
  list.hidden = true;
  const status = document.createElement("span");
  status.className = "visually-hidden";
  status.setAttribute("role", "status");
  combo.append(list, status);
  input.setAttribute("role", "combobox");
  input.setAttribute("aria-autocomplete", "list");
  input.setAttribute("aria-expanded", "false");
  input.setAttribute("aria-controls", list.id);

  let offers = [];
  let active = -1;
  let timer = 0;
  let request = null;

  function show(found) {
    offers = found;
    active = -1;
    list.replaceChildren(...found.map(option));
    list.hidden = found.length === 0;
    input.setAttribute("aria-expanded", String(found.length > 0));
    input.removeAttribute("aria-activedescendant");
    status.textContent = found.length === 0 ? "" : `${found.length} suggestions`;
  }

  function option(offer, index) {
    const item = document.createElement("li");
    item.id = `${list.id}-${index}`;
    item.setAttribute("role", "option");
    item.setAttribute("aria-selected", "false");
    item.textContent = offer.note ? `${offer.value} (${offer.note})` : offer.value;
    // Not click: the field would lose the focus first, and the list would close under the pointer.
    item.addEventListener("pointerdown", (event) => {
      event.preventDefault();
      choose(index);
    });
    return item;
  }

  function mark(index) {
    active = index;
    [...list.children].forEach((item, at) => item.setAttribute("aria-selected", String(at === index)));
    input.setAttribute("aria-activedescendant", `${list.id}-${index}`);
    list.children[index].scrollIntoView({ block: "nearest" });
  }

  function choose(index) {
    picker.take(offers[index]);
    show([]);
    input.focus();
  }

  async function ask() {
    request?.abort();
    const typed = picker.asked();
    if (!typed) {
      show([]);
      return;
    }
    request = new AbortController();
    const address = new URL(picker.source, document.baseURI);
    address.searchParams.set("q", typed);
    if (picker.except) address.searchParams.set("except", picker.except);
    try {
      const answer = await fetch(address, { signal: request.signal, headers: { accept: "application/json" } });
      if (answer.ok && document.activeElement === input) show((await answer.json()).filter(picker.keep));
    } catch {
      // Asked again with the next letter; the field works without.
    }
  }

  input.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(ask, WAIT);
  });
  input.addEventListener("blur", () => {
    clearTimeout(timer);
    request?.abort();
    show([]);
  });
  input.addEventListener("keydown", (event) => {
    if (event.isComposing) return;
    const open = offers.length > 0;
    if (event.key === "ArrowDown" && open) mark((active + 1) % offers.length);
    else if (event.key === "ArrowDown" && picker.asked()) ask();
    else if (event.key === "ArrowUp" && open) mark(active <= 0 ? offers.length - 1 : active - 1);
    else if (event.key === "Enter" && open && active >= 0) choose(active);
    else if (event.key === "Escape" && open) show([]);
    else return;
    event.preventDefault();
  });
}
