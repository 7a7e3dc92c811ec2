// What is pasted or dropped: HTML through the cleaner, pictures into the library, addresses as links and embeds.

import { past } from "./keys.js";
import { clean } from "./paste.js";
import { figure } from "./picture.js";
import { recognised } from "./providers.js";
import { address } from "./source.js";
import { clear, tableAt } from "./table.js";
import { pictures, upload } from "../shelf.js";

// For the engine's `editorProps`. `desk` knows the editor, the language's direction, where pictures go and how to say
// something.
export function intake(desk) {
  return {
    transformPastedHTML: (html) => clean(html, { pasted: true, base: desk.base() }),
    handlePaste(view, event, slice) {
      const data = event.clipboardData;
      const files = pictures(data);
      if (files.length > 0 && !hasWords(data)) {
        send(desk, files, view.state.selection.from);
        return true;
      }
      if (pasteAddress(desk.editor(), data)) return true;
      return pasteLines(view, slice);
    },
    handleDrop(view, event, slice, moved) {
      const files = moved ? [] : pictures(event.dataTransfer);
      if (files.length === 0) return false;
      event.preventDefault();
      const at = view.posAtCoords({ left: event.clientX, top: event.clientY })?.pos ?? view.state.selection.from;
      send(desk, files, at);
      return true;
    },
    // Writing over several cells empties them and leaves them.
    handleTextInput() {
      clear(desk.editor());
      return false;
    },
  };
}

// Office programs put a picture of the text beside the text.
function hasWords(data) {
  const html = data.getData("text/html");
  return html ? new DOMParser().parseFromString(clean(html, { pasted: true }), "text/html").body.textContent.trim() !== "" : data.getData("text/plain").trim() !== "";
}

// An address over chosen words makes them a link; one of a film on a line of its own, an embed.
function pasteAddress(editor, data) {
  const text = data.getData("text/plain").trim();
  if (data.getData("text/html") || !/^https?:\/\/\S+$/.test(text) || !address(text)) return false;
  const { selection } = editor.state;
  if (!selection.empty && selection.$from.sameParent(selection.$to) && selection.$from.parent.inlineContent) {
    return editor.chain().setMark("link", { href: address(text) }).run();
  }
  const link = { type: "text", text, marks: [{ type: "link", attrs: { href: address(text) } }] };
  const found = recognised(text);
  const isOwnLine = selection.empty && selection.$from.parent.type.name === "paragraph" && selection.$from.parent.content.size === 0;
  if (!found || !isOwnLine || tableAt(selection.$from)) {
    return selection.$from.parent.type.spec.code || !selection.empty ? false : editor.chain().insertContent([link]).run();
  }
  const attrs = { provider: found.key, href: found.provider.href(found.id), text: found.provider.name };
  return editor.chain().insertContent({ type: "embed", attrs }).run() && past(editor);
}

// Into a cell or a caption go lines, never blocks.
function pasteLines(view, slice) {
  const { selection, schema, tr } = view.state;
  if (!/^(caption|credit|table(Cell|Header|Caption))$/.test(selection.$from.parent.type.name)) return false;
  if (!selection.$from.sameParent(selection.$to)) return false;
  const lines = [];
  slice.content.descendants((node) => {
    if (!node.isTextblock) return !node.isInline;
    if (lines.length > 0) lines.push(schema.nodes.hardBreak.create());
    lines.push(...node.content.content);
    return false;
  });
  slice.content.forEach((node) => { if (node.isInline) lines.push(node); });
  view.dispatch(tr.replaceWith(selection.from, selection.to, lines).scrollIntoView());
  return true;
}

// One picture opens its dialog, which asks what it shows. Several come without, each with a note that it lacks words.
async function send(desk, files, at) {
  const editor = desk.editor();
  if (files.length === 1) {
    editor.commands.setTextSelection(at);
    desk.picture(files[0]);
    return;
  }
  let place = at;
  const follow = ({ transaction }) => { place = transaction.mapping.map(place); };
  editor.on("transaction", follow);
  for (const [index, file] of files.entries()) {
    const name = `${file.name} (${index + 1} of ${files.length})`;
    desk.say(`Sending ${name} …`);
    try {
      const found = await upload(desk.media, file);
      if (editor.isDestroyed) return;
      const attrs = { src: found.url, width: found.width, height: found.height, alt: found.alt || null };
      editor.chain().insertContentAt(place, figure(attrs, found)).run();
      desk.say(`${name} is in the text. Say below it what it shows.`);
    } catch (error) {
      desk.say(`${name}: ${error.message}`, true);
    }
  }
  editor.off("transaction", follow);
}
