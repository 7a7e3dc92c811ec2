// The nodes of a body that the engine does not bring along: picture with its caption, embed, and on every block its
// direction and language. Tables: table.js. What stands here is what src/text/html.rs lets through.

import { PROVIDERS } from "./providers.js";

const element = (name, properties = {}, ...inside) => {
  const made = Object.assign(document.createElement(name), properties);
  made.append(...inside);
  return made;
};

const number = (image, name) => {
  const value = image?.getAttribute(name) ?? "";
  return /^\d{1,5}$/.test(value) ? Number(value) : null;
};

const tool = (label, act) => {
  const button = element("button", { type: "button", className: "small", textContent: label });
  button.addEventListener("click", act);
  return button;
};

// `on.picture(pos)` and `on.embed(pos)` open the dialog for the node there.
export function nodes({ Node, Extension }, on) {
  const line = (name, tag, word) => Node.create({
    name,
    content: "inline*",
    isolating: true,
    defining: true,
    parseHTML: () => [{ tag: `${tag}.${word}`, priority: 60 }],
    renderHTML: ({ HTMLAttributes }) => [tag, { class: word, ...HTMLAttributes }, 0],
  });

  const Figure = Node.create({
    name: "figure",
    group: "block",
    content: "caption credit",
    isolating: true,
    defining: true,
    draggable: true,
    addAttributes: () => ({
      src: { default: "", rendered: false, parseHTML: (figure) => figure.querySelector("img")?.getAttribute("src") ?? "" },
      // Without a description: null; with an empty one the picture is decoration.
      alt: { default: null, rendered: false, parseHTML: (figure) => figure.querySelector("img")?.getAttribute("alt") ?? null },
      width: { default: null, rendered: false, parseHTML: (figure) => number(figure.querySelector("img"), "width") },
      height: { default: null, rendered: false, parseHTML: (figure) => number(figure.querySelector("img"), "height") },
    }),
    parseHTML: () => [{
      tag: "figure",
      getAttrs: (figure) => (/^\/media\//.test(figure.querySelector("img")?.getAttribute("src") ?? "") ? null : false),
      // Both lines are always there, so that both can be written into.
      contentElement: (figure) => element(
        "figcaption",
        {},
        figure.querySelector("span.caption")?.cloneNode(true) ?? element("span", { className: "caption" }),
        figure.querySelector("small.credit")?.cloneNode(true) ?? element("small", { className: "credit" }),
      ),
    }],
    renderHTML: ({ HTMLAttributes, node }) => ["figure", HTMLAttributes, ["img", image(node)], ["figcaption", 0]],
    addNodeView: () => ({ node, editor, getPos }) => figureView(node, editor, getPos, on.picture),
  });

  const Embed = Node.create({
    name: "embed",
    group: "block",
    atom: true,
    draggable: true,
    addAttributes: () => ({
      provider: { default: null, rendered: false, parseHTML: (figure) => figure.getAttribute("data-provider") },
      href: { default: "", rendered: false, parseHTML: (figure) => figure.querySelector("a")?.getAttribute("href") ?? "" },
      text: { default: "", rendered: false, parseHTML: (figure) => figure.querySelector("a")?.textContent ?? "" },
    }),
    parseHTML: () => [{ tag: "figure.embed", priority: 70, getAttrs: (figure) => (figure.querySelector("a[href]") ? null : false) }],
    renderHTML: ({ HTMLAttributes, node: { attrs } }) => [
      "figure",
      { class: "embed", ...(attrs.provider ? { "data-provider": attrs.provider } : {}), ...HTMLAttributes },
      ["a", { href: attrs.href }, attrs.text],
    ],
    addNodeView: () => ({ node, editor, getPos }) => embedView(node, editor, getPos, on.embed),
  });

  const plain = (name) => ({
    default: null,
    parseHTML: (node) => node.getAttribute(name) || null,
    renderHTML: (attributes) => (attributes[name] ? { [name]: attributes[name] } : {}),
  });

  const Direction = Extension.create({
    name: "blockDirection",
    addGlobalAttributes: () => [{
      types: [
        "paragraph", "heading", "blockquote", "bulletList", "orderedList", "listItem", "codeBlock", "figure", "caption",
        "credit", "embed", "table", "tableHeader", "tableCell", "link", "bold", "italic", "strike", "code", "sub", "sup",
      ],
      attributes: { dir: plain("dir"), lang: plain("lang") },
    }],
    addCommands: () => ({
      // Of the outermost blocks of the selection: a list as a whole, with its markers.
      setBlockDirection: (dir) => ({ state, tr, dispatch }) => {
        const { from, to } = state.selection;
        let changed = false;
        state.doc.forEach((node, at) => {
          if (at + node.nodeSize <= from && !(at === from) || at >= Math.max(to, from + 1) || !("dir" in node.attrs)) return;
          changed = true;
          if (dispatch) tr.setNodeMarkup(at, undefined, { ...node.attrs, dir });
        });
        return changed;
      },
    }),
  });

  return [line("caption", "span", "caption"), line("credit", "small", "credit"), Figure, Embed, Direction];
}

function image({ attrs }) {
  const said = Object.entries({ src: attrs.src, alt: attrs.alt, width: attrs.width, height: attrs.height });
  return Object.fromEntries(said.filter(([, value]) => value !== null));
}

function figureView(node, editor, getPos, edit) {
  const dom = element("figure");
  const shown = element("img", { draggable: false });
  const missing = element("span", { className: "editor-lacks", textContent: "No description yet" });
  const tools = element("div", { className: "editor-tools", contentEditable: "false" }, missing,
    tool("Edit picture", () => edit(getPos())), tool("Remove", () => remove(editor, getPos())));
  const contentDOM = element("figcaption");
  dom.append(shown, tools, contentDOM);
  const update = (to) => {
    if (to.type.name !== "figure") return false;
    for (const [name, value] of Object.entries({ ...image(to), dir: to.attrs.dir ?? "", lang: to.attrs.lang ?? "" })) {
      const on = name === "dir" || name === "lang" ? dom : shown;
      if (value === "") on.removeAttribute(name);
      else if (on.getAttribute(name) !== String(value)) on.setAttribute(name, String(value));
    }
    shown.alt = to.attrs.alt ?? "";
    missing.hidden = to.attrs.alt !== null;
    return true;
  };
  update(node);
  return {
    dom,
    contentDOM,
    update,
    stopEvent: (event) => tools.contains(event.target),
    ignoreMutation: (change) => change.type !== "selection" && !contentDOM.contains(change.target),
  };
}

function embedView(node, editor, getPos, edit) {
  const name = element("b");
  const text = element("span", { className: "editor-embed-text", dir: "auto" });
  const address = element("span", { className: "editor-embed-address", dir: "ltr" });
  const tools = element("div", { className: "editor-tools" },
    tool("Edit embed", () => edit(getPos())), tool("Remove", () => remove(editor, getPos())));
  const dom = element("figure", { className: "embed", contentEditable: "false" }, name, text, address, tools);
  const update = (to) => {
    if (to.type.name !== "embed") return false;
    name.textContent = PROVIDERS[to.attrs.provider]?.name ?? "Link";
    text.textContent = to.attrs.text;
    address.textContent = to.attrs.href.replace(/^https?:\/\/(www\.)?/, "");
    return true;
  };
  update(node);
  return { dom, update, stopEvent: (event) => tools.contains(event.target), ignoreMutation: () => true };
}

function remove(editor, at) {
  const node = editor.state.doc.nodeAt(at);
  if (!node) return;
  editor.chain().command(({ tr }) => Boolean(tr.delete(at, at + node.nodeSize))).focus().run();
}
