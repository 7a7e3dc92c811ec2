// The toolbar above the text: one stop of the Tab key, arrow keys inside, Escape back to the text.

import { icon } from "./icons.js";
import { tableAt } from "./table.js";

const mac = /Mac|iPhone|iPad/.test(navigator.platform);
const keyed = (keys) => (mac ? keys.replace("Ctrl", "⌘").replace("Alt", "⌥") : keys);

// name, label, keys, what it does, when it is pressed, when it cannot be used
function groups(on) {
  const block = (name, label, attributes, keys) => ({
    name, label, keys,
    run: (chain) => (attributes ? chain.toggleHeading(attributes) : chain.setParagraph()),
    pressed: (editor) => editor.isActive(attributes ? "heading" : "paragraph", attributes ?? {}),
    able: (editor) => can(editor, (it) => (attributes ? it.toggleHeading(attributes) : it.setParagraph())) || (!attributes && editor.isActive("paragraph")),
  });
  const toggle = (name, label, command, mark, keys) => ({
    name, label, keys,
    run: (chain) => chain[command](),
    pressed: (editor) => editor.isActive(mark),
    able: (editor) => can(editor, (it) => it[command]()),
  });
  const mark = (name, label, type, keys) => ({
    name, label, keys,
    run: (chain) => chain.toggleMark(type),
    pressed: (editor) => editor.isActive(type),
    able: (editor) => editor.state.selection.$from.parent.type.allowsMarkType?.(editor.schema.marks[type]) ?? true,
  });
  const act = (name, label, run, able, keys) => ({ name, label, run, able, keys });
  const direction = (dir, label) => ({
    name: dir, label,
    run: (chain, editor) => chain.setBlockDirection(hasDirection(editor, dir) ? null : dir),
    pressed: (editor) => hasDirection(editor, dir),
  });
  const inTable = (name, label, command, ...given) => ({ name, label, run: (chain) => chain[command](...given) });
  return [
    ["Blocks", [
      block("paragraph", "Paragraph", null, "Ctrl+Alt+0"),
      block("h2", "Heading H2", { level: 2 }, "Ctrl+Alt+2"),
      block("h3", "Heading H3", { level: 3 }, "Ctrl+Alt+3"),
      block("h4", "Heading H4", { level: 4 }, "Ctrl+Alt+4"),
    ]],
    ["Letters", [
      mark("bold", "Bold", "bold", "Ctrl+B"),
      mark("italic", "Italic", "italic", "Ctrl+I"),
      mark("strike", "Struck through", "strike", "Ctrl+Shift+S"),
      mark("sub", "Subscript", "sub"),
      mark("sup", "Superscript", "sup"),
      mark("code", "Code", "code", "Ctrl+E"),
      { name: "link", label: "Link", keys: "Ctrl+K", pressed: (editor) => editor.isActive("link"), open: on.link },
    ]],
    ["Lists and quotes", [
      toggle("bullets", "List", "toggleBulletList", "bulletList", "Ctrl+Shift+8"),
      toggle("numbers", "Numbered list", "toggleOrderedList", "orderedList", "Ctrl+Shift+7"),
      toggle("quote", "Quote", "toggleBlockquote", "blockquote", "Ctrl+Shift+B"),
      toggle("pre", "Block of code", "toggleCodeBlock", "codeBlock", "Ctrl+Alt+C"),
      act("rule", "Line between parts", (chain) => chain.setHorizontalRule(), isLoose),
    ]],
    ["Insert", [
      { name: "picture", label: "Picture", open: () => on.picture(null), able: isLoose },
      { name: "embed", label: "Film or sound from elsewhere", open: () => on.embed(null), able: isLoose },
      { name: "table", label: "Table", open: on.table, able: isLoose },
    ]],
    ["Direction", [direction("ltr", "Left to right"), direction("rtl", "Right to left")]],
    ["History", [
      act("undo", "Undo", (chain) => chain.undo(), (editor) => can(editor, (it) => it.undo()), "Ctrl+Z"),
      act("redo", "Redo", (chain) => chain.redo(), (editor) => can(editor, (it) => it.redo()), "Ctrl+Shift+Z"),
    ]],
    ["Source", [{ name: "source", label: "HTML source", open: on.source, pressed: () => on.isSource(), always: true }]],
    ["Table", [
      inTable("rowAbove", "Row above", "addTableRow", false),
      inTable("rowBelow", "Row below", "addTableRow", true),
      inTable("rowDelete", "Delete row", "deleteTableRow"),
      inTable("columnBefore", "Column before", "addTableColumn", false),
      inTable("columnAfter", "Column after", "addTableColumn", true),
      inTable("columnDelete", "Delete column", "deleteTableColumn"),
      { ...inTable("head", "Header row", "toggleTableHead"), pressed: (editor) => Boolean(headOf(editor)) },
      inTable("tableDelete", "Delete table", "deleteTable"),
    ]],
  ];
}

function can(editor, command) {
  try {
    return command(editor.can());
  } catch {
    return false;
  }
}

function hasDirection(editor, dir) {
  const { selection, doc } = editor.state;
  return doc.childCount > 0 && doc.child(Math.min(selection.$from.index(0), doc.childCount - 1)).attrs.dir === dir;
}

// Where a picture or a table may come: not in a cell and not in a caption.
function isLoose(editor) {
  return !/^(caption|credit|table)/.test(editor.state.selection.$from.parent.type.name);
}

function headOf(editor) {
  const table = tableAt(editor.state.selection.$from)?.node;
  if (!table) return null;
  const first = table.firstChild.type.name === "tableCaption" ? table.child(1) : table.firstChild;
  return first.childCount > 0 && first.firstChild.type.name === "tableHeader" ? first : null;
}

export function toolbar(editor, on, textId) {
  const bar = document.createElement("div");
  bar.className = "editor-bar";
  bar.setAttribute("role", "toolbar");
  bar.setAttribute("aria-label", "Text tools");
  bar.setAttribute("aria-controls", textId);
  const tools = [];
  for (const [label, items] of groups(on)) {
    const group = document.createElement("div");
    group.className = "editor-group";
    group.setAttribute("role", "group");
    group.setAttribute("aria-label", label);
    group.dataset.group = label;
    for (const item of items) {
      const button = made(item);
      button.addEventListener("click", () => press(item, button));
      group.append(button);
      tools.push({ item, button, group });
    }
    bar.append(group);
  }

  function press(item, button) {
    if (button.ariaDisabled === "true") return;
    if (item.open) item.open();
    else item.run(editor.chain().focus(), editor).run();
  }

  function refresh() {
    const isSource = on.isSource();
    const isTable = !isSource && tableAt(editor.state.selection.$from) !== null;
    for (const { item, button, group } of tools) {
      if (group.dataset.group === "Table") group.hidden = !isTable;
      if (item.pressed) button.ariaPressed = String(Boolean(item.pressed(editor)));
      const able = item.always || (!isSource && (item.able?.(editor) ?? true));
      button.ariaDisabled = able ? null : "true";
    }
    if (!tools.some(({ button, group }) => button.tabIndex === 0 && !group.hidden)) stop(tools[0].button);
  }

  // The one button that Tab comes to.
  function stop(button) {
    for (const other of tools) other.button.tabIndex = other.button === button ? 0 : -1;
  }

  bar.addEventListener("focusin", (event) => stop(event.target));
  // The text keeps its selection, and a phone its keyboard.
  bar.addEventListener("pointerdown", (event) => {
    if (event.pointerType === "mouse") event.preventDefault();
  });
  bar.addEventListener("mousedown", (event) => event.preventDefault());
  bar.addEventListener("keydown", (event) => {
    const seen = tools.filter(({ group }) => !group.hidden).map(({ button }) => button);
    const here = seen.indexOf(document.activeElement);
    const forward = getComputedStyle(bar).direction === "rtl" ? "ArrowLeft" : "ArrowRight";
    const back = forward === "ArrowLeft" ? "ArrowRight" : "ArrowLeft";
    if (event.key === forward) seen[(here + 1) % seen.length].focus();
    else if (event.key === back) seen[(here - 1 + seen.length) % seen.length].focus();
    else if (event.key === "Home") seen[0].focus();
    else if (event.key === "End") seen.at(-1).focus();
    else if (event.key === "Escape") on.back();
    else return;
    event.preventDefault();
  });

  refresh();
  return { bar, refresh, focus: () => tools.find(({ button }) => button.tabIndex === 0).button.focus() };
}

function made({ name, label, keys, pressed }) {
  const button = document.createElement("button");
  button.type = "button";
  button.tabIndex = -1;
  button.dataset.tool = name;
  button.ariaLabel = label;
  button.title = keys ? `${label} (${keyed(keys)})` : label;
  if (pressed) button.ariaPressed = "false";
  button.append(icon(name));
  return button;
}
