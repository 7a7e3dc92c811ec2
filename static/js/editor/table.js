// Tables: their nodes, the keys in them, and what the toolbar does to them.

import { column, grid, header, row } from "./table-edit.js";

export function tables({ Node, Extension }) {
  const span = (name) => ({
    default: 1,
    parseHTML: (cell) => Math.min(Math.max(Number.parseInt(cell.getAttribute(name) ?? "1", 10) || 1, 1), 50),
    renderHTML: (attributes) => (attributes[name] > 1 ? { [name]: attributes[name] } : {}),
  });
  const spans = { colspan: span("colspan"), rowspan: span("rowspan") };

  const Table = Node.create({
    name: "table",
    group: "block",
    content: "tableCaption? tableRow+",
    isolating: true,
    parseHTML: () => [{ tag: "table" }],
    renderHTML: ({ HTMLAttributes }) => ["table", HTMLAttributes, 0],
  });
  const Caption = Node.create({
    name: "tableCaption",
    content: "inline*",
    isolating: true,
    defining: true,
    parseHTML: () => [{ tag: "caption" }],
    renderHTML: () => ["caption", 0],
  });
  const Row = Node.create({
    name: "tableRow",
    content: "(tableCell | tableHeader)*",
    parseHTML: () => [{ tag: "tr" }],
    renderHTML: () => ["tr", 0],
  });
  const Cell = Node.create({
    name: "tableCell",
    content: "inline*",
    isolating: true,
    addAttributes: () => spans,
    parseHTML: () => [{ tag: "td" }],
    renderHTML: ({ HTMLAttributes }) => ["td", HTMLAttributes, 0],
  });
  const Header = Node.create({
    name: "tableHeader",
    content: "inline*",
    isolating: true,
    addAttributes: () => ({
      ...spans,
      scope: { default: null, renderHTML: ({ scope }) => (scope ? { scope } : {}) },
    }),
    parseHTML: () => [{ tag: "th" }],
    renderHTML: ({ HTMLAttributes }) => ["th", HTMLAttributes, 0],
  });

  const Editing = Extension.create({
    name: "tableEditing",
    addCommands: () => ({
      insertTable: ({ rows, columns, head, caption }) => ({ commands, state, tr, dispatch }) => {
        const type = (at) => (head && at === 0 ? { type: "tableHeader", attrs: { scope: "col" } } : { type: "tableCell" });
        const lines = Array.from({ length: rows }, (_, at) => ({ type: "tableRow", content: Array.from({ length: columns }, () => type(at)) }));
        if (caption) lines.unshift({ type: "tableCaption", content: [{ type: "text", text: caption }] });
        const from = state.selection.from;
        if (!commands.insertContent({ type: "table", content: lines })) return false;
        // The caret goes into the first cell.
        let cell = null;
        tr.doc.nodesBetween(Math.max(0, from - 1), Math.min(tr.doc.content.size, from + 200), (node, at) => {
          if (cell === null && /^table(Cell|Header)$/.test(node.type.name) && at >= from - 2) cell = at + 1;
          return cell === null;
        });
        if (dispatch && cell !== null) commands.setTextSelection(cell);
        return true;
      },
      addTableRow: (after) => edit((table, cell) => row.add(table, after ? cell.row + cell.rowspan : cell.row)),
      deleteTableRow: () => edit((table, cell) => row.remove(table, cell.row)),
      addTableColumn: (after) => edit((table, cell) => column.add(table, after ? cell.column + cell.colspan : cell.column)),
      deleteTableColumn: () => edit((table, cell) => column.remove(table, cell.column)),
      toggleTableHead: () => edit((table) => header(table)),
      deleteTable: () => edit(() => null),
    }),
    addKeyboardShortcuts() {
      const { editor } = this;
      return {
        Tab: () => step(editor, 1),
        "Shift-Tab": () => step(editor, -1),
        Backspace: () => clear(editor),
        Delete: () => clear(editor),
      };
    },
  });
  return [Table, Caption, Row, Cell, Header, Editing];
}

// The table around a position: `{ node, at }`, or null.
export function tableAt($pos) {
  for (let depth = $pos.depth; depth > 0; depth -= 1) {
    if ($pos.node(depth).type.name === "table") return { node: $pos.node(depth), at: $pos.before(depth) };
  }
  return null;
}

// Puts another table in the place of the one around the caret. `change` returns null for none, or a table and the
// row and column where the caret shall be.
function edit(change) {
  return ({ state, tr, dispatch, commands }) => {
    const found = tableAt(state.selection.$from);
    if (!found) return false;
    const { cells } = grid(found.node);
    const inside = state.selection.from - found.at - 1;
    const cell = cells.find(({ at, node }) => inside > at && inside < at + node.nodeSize) ?? cells[0];
    if (!cell) return false;
    if (!dispatch) return true;
    const made = change(found.node, cell);
    const end = found.at + found.node.nodeSize;
    if (!made) {
      tr.replaceWith(found.at, end, state.schema.nodes.paragraph.create());
      return commands.setTextSelection(found.at + 1);
    }
    tr.replaceWith(found.at, end, made);
    const next = grid(made).cells;
    const near = ({ row, column }) => Math.abs(row - cell.row) * 1000 + Math.abs(column - cell.column);
    const target = next.reduce((best, other) => (near(other) < near(best) ? other : best), next[0]);
    return commands.setTextSelection(found.at + 1 + target.at + 1);
  };
}

// To the next or the last cell. From the last one Tab makes a new row, unless the last row is empty: then it leaves.
function step(editor, direction) {
  const found = tableAt(editor.state.selection.$from);
  if (!found) return false;
  const { cells } = grid(found.node);
  const inside = editor.state.selection.from - found.at - 1;
  const here = cells.findIndex(({ at, node }) => inside > at && inside < at + node.nodeSize);
  const next = cells[here + direction];
  if (next) return editor.commands.setTextSelection({ from: found.at + 2 + next.at, to: found.at + 1 + next.at + next.node.nodeSize - 1 });
  if (direction < 0 || here < 0 || found.node.lastChild.textContent.trim() === "") return false;
  return editor.chain().addTableRow(true).command(({ tr, commands }) => {
    const table = tr.doc.nodeAt(found.at);
    const { cells: all } = grid(table);
    const first = all.find(({ row }) => row === all.at(-1).row);
    return commands.setTextSelection(found.at + 2 + first.at);
  }).run();
}

// A selection over several cells: their text goes, the cells stay.
export function clear(editor) {
  const { selection } = editor.state;
  const found = tableAt(selection.$from);
  if (selection.empty || !found || selection.$from.sameParent(selection.$to)) return false;
  const last = tableAt(selection.$to);
  if (last?.at !== found.at) return false;
  return editor.commands.command(({ tr, commands }) => {
    for (const { at, node } of grid(found.node).cells.reverse()) {
      const start = found.at + 2 + at;
      const from = Math.max(start, selection.from);
      const to = Math.min(start + node.content.size, selection.to);
      if (from < to) tr.delete(from, to);
    }
    return commands.setTextSelection(selection.from);
  });
}
