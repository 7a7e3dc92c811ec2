// Keys beyond those of the engine.

export function keys({ Extension }, on) {
  return Extension.create({
    name: "deskKeys",
    priority: 1100,
    addKeyboardShortcuts() {
      const { editor } = this;
      const inside = (name) => editor.state.selection.$from.parent.type.name === name;
      return {
        "Mod-k": () => on.link(),
        "Alt-F10": () => on.toolbar(),
        // From the caption to the credit, and from there below the picture.
        Enter: () => {
          const { selection } = editor.state;
          const chosen = selection.node?.type.name;
          if (chosen === "figure") return on.picture(selection.from);
          if (chosen === "embed") return on.embed(selection.from);
          if (inside("caption")) return editor.commands.setTextSelection(selection.$from.after() + 1);
          if (inside("credit")) return below(editor, selection.$from.after(-1));
          if (inside("tableCell") || inside("tableHeader")) return editor.commands.setHardBreak();
          return false;
        },
      };
    },
  });
}

// Past the picture or embed that was just put in.
export function past(editor) {
  const { selection } = editor.state;
  if (selection.node) return below(editor, selection.to);
  for (let depth = selection.$from.depth; depth > 0; depth -= 1) {
    if (selection.$from.node(depth).type.name === "figure") return below(editor, selection.$from.after(depth));
  }
  return true;
}

// Text can always go on below what ends with a picture, a table or a quote. An empty paragraph is not written out.
export function trail({ state, view }) {
  if (["paragraph", "heading"].includes(state.doc.lastChild?.type.name)) return;
  view.dispatch(state.tr.insert(state.doc.content.size, state.schema.nodes.paragraph.create()).setMeta("addToHistory", false));
}

// A paragraph to write in at this place: the one that is there, or a new one.
export function below(editor, at) {
  const next = editor.state.doc.nodeAt(at);
  const chain = editor.chain();
  if (next?.type.name !== "paragraph") chain.insertContentAt(at, { type: "paragraph" });
  return chain.setTextSelection(at + 1).focus().run();
}
