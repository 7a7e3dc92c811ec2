// The dialogs for link, embed and table. The one for pictures: picture.js.

import { check, dialog, element, field } from "./dialog.js";
import { PROVIDERS, recognised } from "./providers.js";
import { past } from "./keys.js";
import { address } from "./source.js";

const text = (value = "", properties = {}) => element("input", { type: "text", value, dir: "auto", autocomplete: "off", ...properties });

export function link(editor, back) {
  const { selection } = editor.state;
  const { href = "" } = editor.getAttributes("link");
  const isNew = href === "";
  const isBare = selection.empty && isNew;
  const where = field("Address", text(href, { type: "url", dir: "ltr", inputMode: "url", spellcheck: false }), "https://…, /a/page/of/this/site, or an address for mail.");
  const words = isBare ? field("Words of the link", text()) : null;
  const accept = () => {
    const typed = where.control.value.trim();
    const to = address(completed(typed));
    if (!to) return wrong(where, typed ? "This is no address that a link can lead to." : "Where does the link lead?");
    const chain = editor.chain().focus();
    if (isBare) {
      const shown = words.control.value.trim() || typed;
      return chain.insertContent([{ type: "text", text: shown, marks: [{ type: "link", attrs: { href: to } }] }]).run();
    }
    return chain.extendMarkRange("link").setMark("link", { href: to }).run();
  };
  const remove = () => editor.chain().focus().extendMarkRange("link").unsetMark("link").run();
  dialog(isNew ? "Link" : "Change the link", [where.box, words?.box ?? null], {
    accept, done: isNew ? "Set link" : "Change", other: isNew ? null : ["Remove link", remove], closed: back,
  });
}

// What people type when they mean an address.
function completed(typed) {
  if (/^[^\s@/:]+@[^\s@/]+\.[^\s@/]+$/.test(typed)) return `mailto:${typed}`;
  return /^[\w-]+(\.[\w-]+)+([/?#:].*)?$/.test(typed) ? `https://${typed}` : typed;
}

function wrong(field, message) {
  field.error(message);
  return false;
}

export function embed(editor, at, back) {
  const attrs = at === null ? { href: "", text: "" } : editor.state.doc.nodeAt(at).attrs;
  const names = Object.values(PROVIDERS).map(({ name }) => name);
  const where = field("Address of the film or sound", text(attrs.href, { type: "url", dir: "ltr", inputMode: "url", spellcheck: false }),
    `From ${names.slice(0, -1).join(", ")} or ${names.at(-1)}. Readers load it by a click; until then nobody else learns of them.`);
  const words = field("What it is", text(attrs.text), "Shown before it is loaded, and in feeds: “Video: the storm at the harbour”.");
  const accept = () => {
    const found = recognised(where.control.value.trim());
    if (!found) return wrong(where, "This is none of the sites whose films and sounds can be shown here. Set a link instead.");
    if (!words.control.value.trim()) return wrong(words, "Say what it is, for those who do not load it.");
    const node = { type: "embed", attrs: { ...attrs, provider: found.key, href: found.provider.href(found.id), text: words.control.value.trim() } };
    if (at === null) return editor.chain().focus().insertContent(node).run() && past(editor);
    return editor.chain().command(({ tr }) => Boolean(tr.setNodeMarkup(at, undefined, node.attrs))).focus().run();
  };
  dialog(at === null ? "Film or sound from elsewhere" : "Change the embed", [where.box, words.box], {
    accept, done: at === null ? "Insert" : "Change", closed: back,
  });
}

export function table(editor, back) {
  const count = (value, max) => element("input", { type: "number", min: 1, max, value });
  const rows = field("Rows", count(3, 200));
  const columns = field("Columns", count(3, 20));
  const head = check("The first row says what the columns are", true);
  const caption = field("Title of the table", text(), "May be left out.");
  const inRange = ({ control }) => Number.isInteger(control.valueAsNumber) && control.validity.valid;
  const accept = () => {
    for (const number of [rows, columns]) if (!inRange(number)) return wrong(number, `A whole number from 1 to ${number.control.max}.`);
    return editor.chain().focus().insertTable({
      rows: rows.control.valueAsNumber, columns: columns.control.valueAsNumber, head: head.control.checked, caption: caption.control.value.trim(),
    }).run();
  };
  dialog("Table", [element("div", { className: "pair" }, rows.box, columns.box), head.box, caption.box], { accept, closed: back });
}
