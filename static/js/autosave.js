// Forms marked data-autosave: two seconds after the last key the text goes to the server, beside the article and never
// into it. What the server does not get is kept on this device until it does.

import { Copy, copies } from "./device-copy.js";

const PAUSE = 2000;
// What is tried again is tried less and less often.
const RETRY = [5000, 10000, 20000, 40000, 60000];
const TIMEOUT = 15000;
// What is no text, or belongs to this page alone.
const NOT_KEPT = new Set(["version", "action", "draft", "picture", "remove_picture", "override_reason"]);

for (const form of document.querySelectorAll("form[data-autosave]")) watch(form);

function watch(form) {
  const page = crypto.randomUUID();
  const { autosave: address, user } = form.dataset;
  let sequence = Number(form.dataset.sequence);
  let timer;
  let failures = 0;
  let request;
  // Typed since the server last had it; a person has to decide first; the form is on its way.
  let dirty = false;
  let halted = false;
  let leaving = false;

  const draft = form.elements.draft;
  const copy = () => new Copy(user, draft ? `draft:${draft.value}` : address);
  const say = sayer(form);

  form.addEventListener("input", () => {
    dirty = true;
    if (draft && !draft.value) nameDraft(draft);
    if (!halted) later(PAUSE);
  });
  form.addEventListener("submit", (event) => {
    if (event.defaultPrevented) return;
    leaving = true;
    clearTimeout(timer);
    request?.abort();
    copy().sent();
  });
  window.addEventListener("pageshow", () => { leaving = false; });
  window.addEventListener("online", () => { if (dirty && !halted) later(0); });
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "hidden" && dirty && !halted && !leaving) later(0);
  });
  window.addEventListener("pagehide", () => { if (dirty && !leaving) keepHere(); });

  offer();
  if (form.hasAttribute("data-changed")) {
    dirty = true;
    later(PAUSE);
  }

  function later(pause) {
    clearTimeout(timer);
    timer = setTimeout(save, pause);
  }

  async function save() {
    // The one under way comes back here.
    if (request || leaving) return;
    request = new AbortController();
    dirty = false;
    say("saving", "Saving …");
    const sent = texts(form);
    const body = new FormData();
    for (const [name, value] of sent) body.append(name, value);
    body.append("version", form.elements.version.value);
    if (draft) body.append("draft", draft.value);
    body.append("sequence", sequence);
    body.append("page", page);
    try {
      const signal = AbortSignal.any([request.signal, AbortSignal.timeout(TIMEOUT)]);
      const answer = await fetch(address, { method: "POST", body, redirect: "manual", signal });
      await heard(answer);
    } catch {
      if (!leaving) missed("Offline: ");
    }
    request = undefined;
    if (dirty && !halted && !leaving && !failures) later(PAUSE);
  }

  async function heard(answer) {
    if (answer.type === "opaqueredirect") return missed("Logged out: ", login());
    if (answer.status === 409) return refused(await answer.json());
    if (answer.status === 413) return missed("Too long for the server: ");
    if (answer.status === 403 || answer.status === 404) return missed("The server does not take it any more: ");
    if (!answer.ok) return missed("The server does not answer: ");
    const told = await answer.json();
    failures = 0;
    sequence = told.sequence;
    if (!dirty) copy().drop();
    say("saved", `Draft saved ${told.at}`);
    form.dispatchEvent(new CustomEvent("autosave:saved", { detail: { ...told, isWhole: !dirty } }));
  }

  function missed(why, ...more) {
    dirty = true;
    say("device", `${why}${keepHere() ? "kept on this device" : "NOT kept, do not close this page"}`, ...more);
    later(RETRY[Math.min(failures, RETRY.length - 1)]);
    failures += 1;
  }

  // Something newer is there. The text stays here, and a person decides.
  function refused(told) {
    halted = true;
    dirty = true;
    keepHere();
    if (told.state === "moved" || told.state === "became") {
      const compare = button("compare");
      Object.assign(compare, { type: "submit", name: "action", value: form.elements.edit ? "schedule" : "save" });
      const newer = told.state === "moved" ? "Somebody saved a newer version:" : "You saved this in another window:";
      say("conflict", newer, compare);
      return;
    }
    const keep = button("keep this text", () => {
      halted = false;
      sequence = told.sequence ?? 0;
      later(0);
    });
    if (told.state === "gone") {
      say("conflict", "You threw this text away in another window:", keep);
    } else {
      const show = button("show it", () => location.reload());
      say("conflict", `You wrote more in another window at ${told.at}:`, show, keep);
    }
  }

  function keepHere() {
    return copy().keep({ version: form.elements.version.value, fields: texts(form) });
  }

  // A copy that the server never got, from this form or, for a new article, from any.
  function offer() {
    const own = copy().kept();
    if (own && (own.sent && own.version !== form.elements.version.value || isSame(own.fields, texts(form)))) {
      copy().drop();
    } else if (own) {
      const use = button("Use it", (line) => {
        fill(form, own);
        line.remove();
      });
      const discard = button("Discard it", (line) => {
        copy().drop();
        line.remove();
      });
      tell(`A copy of your text from ${clock(own.at)} is on this device and did not reach the server.`, use, discard);
    }
    if (!draft || draft.value) return;
    for (const [key, kept] of copies(user, "draft:")) {
      if (kept.sent || !key) continue;
      const link = document.createElement("a");
      link.href = `${location.pathname}?draft=${encodeURIComponent(key)}`;
      link.textContent = "Open it";
      tell(`Text from ${clock(kept.at)} is kept on this device. `, link);
    }
  }
}

// The address keeps the key, so that the page can be loaded again and opened elsewhere.
function nameDraft(field) {
  field.value = crypto.randomUUID();
  const address = new URL(location.href);
  address.searchParams.set("draft", field.value);
  history.replaceState(history.state, "", address);
}

function texts(form) {
  return [...new FormData(form)].filter(([name, value]) => typeof value === "string" && !NOT_KEPT.has(name));
}

// However a browser writes the ends of lines.
function isSame(one, other) {
  const plain = (fields) => JSON.stringify(fields.map(([name, value]) => [name, value.replaceAll("\r\n", "\n").trim()]).sort());
  return plain(one) === plain(other);
}

function fill(form, kept) {
  const values = new Map(kept.fields);
  for (const field of form.elements) {
    if (!field.name || NOT_KEPT.has(field.name) || field.type === "file") continue;
    if (field.type === "checkbox") field.checked = values.has(field.name);
    else if (values.has(field.name)) field.value = values.get(field.name);
    else continue;
    field.dispatchEvent(new CustomEvent("body:replaced"));
  }
  // If others have saved since, the server must learn that this text does not know of it.
  if (kept.version) form.elements.version.value = kept.version;
  form.elements.headline.dispatchEvent(new Event("input", { bubbles: true }));
}

// What is seen changes with each save; read aloud is only what is new to the writer.
function sayer(form) {
  const seen = form.querySelector("#autosave-state");
  const said = form.querySelector("#autosave-said");
  let last;
  return (kind, text, ...more) => {
    seen.hidden = false;
    seen.dataset.kind = kind;
    seen.replaceChildren(text, ...more);
    if (kind === "saving" || kind === last) return;
    last = kind;
    said.textContent = text;
  };
}

function tell(text, ...more) {
  const line = document.createElement("div");
  line.className = "notice warn unsaved";
  line.setAttribute("role", "status");
  const words = document.createElement("p");
  words.append(text);
  line.append(words, ...more);
  document.getElementById("device-copy").append(line);
}

function button(label, act) {
  const made = document.createElement("button");
  made.type = "button";
  made.className = "button small";
  made.textContent = label;
  if (act) made.addEventListener("click", () => act(made.closest(".unsaved")));
  return made;
}

function login() {
  const link = document.createElement("a");
  link.href = "/desk/login";
  link.target = "_blank";
  link.textContent = "Log in in another tab";
  return link;
}

function clock(at) {
  return new Date(at).toLocaleTimeString("en-GB", { hour: "2-digit", minute: "2-digit" });
}
