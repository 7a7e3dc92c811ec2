// The editor of an article's text, over the field of the form.
//
// The field stays: it holds the text as HTML, is written at every change, and is what is sent. Whoever sets its value
// fires `body:replaced` on it, and the editor reads it again. Without the engine, or when something in here fails,
// the field is what people write in.

import { embed, link, table } from "./dialogs.js";
import { extensions } from "./extensions.js";
import { intake } from "./intake.js";
import { clean } from "./paste.js";
import { trail } from "./keys.js";
import { picture } from "./picture.js";
import { toolbar } from "./toolbar.js";
import { written } from "./html.js";

const RIGHT_TO_LEFT = /^(ar|ckb|dv|fa|he|ks|ps|sd|ug|ur|yi)\b/i;
// A text that takes longer to write out than a letter may (ms) is written out in the pauses.
const SLOW = 12;
const PAUSE = 250;
const OURS = /\/static\/(vendor\/tiptap|js\/editor\/)/;

for (const field of document.querySelectorAll("textarea[data-editor]")) {
  try {
    if (window.TipTap && window.TipTapStarterKit) start(field);
  } catch (cause) {
    console.warn("The editor did not start; the text can be written as HTML.", cause);
    uncover(field);
  }
}

function start(field) {
  const label = field.labels[0];
  label.id ||= `${field.id}-label`;
  const text = Object.assign(document.createElement("div"), { className: "editor-text", id: `${field.id}-text` });
  const status = Object.assign(document.createElement("p"), { className: "editor-status meta" });
  status.setAttribute("role", "status");
  const root = document.createElement("div");
  root.className = "editor";
  const language = document.getElementById("language");
  const base = () => (RIGHT_TO_LEFT.test(language?.value || field.lang) ? "rtl" : "ltr");

  let editor = null;
  let bar = null;
  let kept = field.value;
  let busy = false; // while we write into the field, or read from it
  let isSource = false;
  let cost = 0;
  let waiting = 0;

  const guarded = (act) => (...given) => {
    try {
      return act(...given);
    } catch (cause) {
      giveUp(cause);
      return true;
    }
  };
  const back = () => { if (!editor.isDestroyed) editor.commands.focus(); };
  const on = Object.fromEntries(Object.entries({
    link: () => (link(editor, back), true),
    embed: (at) => (embed(editor, at, back), true),
    table: () => (table(editor, back), true),
    picture: (at) => (picture(editor, field.dataset.media, at, back), true),
    toolbar: () => (bar.focus(), true),
    back,
    source: () => (isSource ? hideSource() : showSource()),
    isSource: () => isSource,
  }).map(([name, act]) => [name, guarded(act)]));
  const desk = {
    editor: () => editor,
    base,
    media: field.dataset.media,
    picture: guarded((file) => picture(editor, field.dataset.media, null, back, file)),
    say(message, isWrong = false) {
      status.textContent = message;
      status.classList.toggle("error", isWrong);
    },
  };
  const { TipTap } = window;
  const hooks = Object.entries(intake(desk)).map(([name, act]) => [name, guarded(act)]);

  field.before(root);
  root.append(text, status);
  editor = new TipTap.Editor({
    element: text,
    extensions: extensions(on),
    content: clean(field.value),
    // The policy of the site lets in no style of a script; desk-editor.css has what is needed.
    injectCSS: false,
    enablePasteRules: false,
    editorProps: {
      ...Object.fromEntries(hooks),
      transformPastedHTML: cleanest(intake(desk).transformPastedHTML, giveUp),
      attributes: {
        role: "textbox",
        "aria-multiline": "true",
        "aria-labelledby": label.id,
        class: "body",
        spellcheck: "true",
      },
    },
    onUpdate: guarded(changed),
    onTransaction: guarded(() => {
      if (!editor) return;
      trail(editor);
      bar?.refresh();
    }),
  });
  busy = true;
  trail(editor);
  busy = false;
  bar = toolbar(editor, on, text.id);
  root.prepend(bar.bar);
  describe();
  cover(field);

  function changed() {
    if (busy) return;
    clearTimeout(waiting);
    if (cost < SLOW) write();
    else waiting = setTimeout(guarded(write), PAUSE);
  }

  // What waits to be written out, at once.
  function flush() {
    if (waiting && root.isConnected) write();
  }

  function write() {
    clearTimeout(waiting);
    waiting = 0;
    const began = performance.now();
    const html = written(editor.getHTML());
    cost = performance.now() - began;
    if (html === kept) return;
    busy = true;
    try {
      field.value = html;
      kept = field.value;
      field.dispatchEvent(new Event("input", { bubbles: true }));
    } finally {
      busy = false;
    }
  }

  function read() {
    clearTimeout(waiting);
    waiting = 0;
    busy = true;
    try {
      editor.commands.setContent(clean(field.value));
      kept = field.value;
    } finally {
      busy = false;
    }
    bar.refresh();
  }

  function showSource() {
    flush();
    isSource = true;
    root.classList.add("is-source");
    uncover(field);
    bar.refresh();
    field.focus();
  }

  function hideSource() {
    isSource = false;
    if (field.value !== kept) read();
    root.classList.remove("is-source");
    cover(field);
    bar.refresh();
    back();
  }

  function describe() {
    const { dom } = editor.view;
    const described = field.getAttribute("aria-describedby");
    if (described) dom.setAttribute("aria-describedby", described);
    if (field.ariaInvalid) dom.setAttribute("aria-invalid", field.ariaInvalid);
    dom.lang = language?.value || field.lang;
    dom.dir = base();
  }

  function giveUp(cause) {
    if (!root.isConnected) return;
    clearTimeout(waiting);
    console.warn("The editor stopped; the text can be written as HTML.", cause);
    uncover(field);
    const notice = document.createElement("p");
    notice.className = "notice warn";
    notice.setAttribute("role", "alert");
    notice.textContent = "The editor stopped working. Nothing is lost: here is the text as HTML. Save, and it comes back.";
    root.replaceWith(notice);
    for (const dialog of document.querySelectorAll(".editor-dialog")) dialog.close();
    // Not under the feet of what is running now.
    setTimeout(() => {
      try {
        editor.destroy();
      } catch {
        // It is gone from the page either way.
      }
    });
  }

  const reread = guarded(() => { if (!busy && !isSource && field.value !== kept) read(); });
  field.addEventListener("input", reread);
  field.addEventListener("body:replaced", guarded(() => { if (isSource) hideSource(); else reread(); }));
  // Who sends or reads the form gets all of it.
  field.form?.addEventListener("submit", guarded(flush), { capture: true });
  field.form?.addEventListener("formdata", guarded((event) => {
    flush();
    event.formData.set(field.name, field.value);
  }));
  text.addEventListener("focusout", guarded(flush));
  window.addEventListener("pagehide", guarded(flush));
  // A label or a link to the field leads into the text.
  field.addEventListener("focus", guarded(() => { if (root.isConnected && !isSource) back(); }));
  language?.addEventListener("change", guarded(() => { if (root.isConnected) describe(); }));
  window.addEventListener("error", (event) => { if (OURS.test(event.filename ?? "")) giveUp(event.error); });
  window.addEventListener("unhandledrejection", (event) => { if (OURS.test(event.reason?.stack ?? "")) giveUp(event.reason); });
}

// What cannot be cleaned is not pasted at all.
function cleanest(cleaning, giveUp) {
  return (html) => {
    try {
      return cleaning(html);
    } catch (cause) {
      giveUp(cause);
      return "";
    }
  };
}

// Out of sight, but where it was: a label and a link still find it.
function cover(field) {
  field.classList.add("is-covered");
  field.tabIndex = -1;
  field.ariaHidden = "true";
}

function uncover(field) {
  field.classList.remove("is-covered");
  field.removeAttribute("tabindex");
  field.ariaHidden = null;
}
