// Rows and columns of a table, put in and taken out, with cells that cover several. Each function takes a table and
// returns another; null when nothing is left.

// Where the cells lie: `{ cells: [{ node, at, row, column, rowspan, colspan }], width, height }`; `at` counts from the
// inside of the table.
export function grid(table) {
  const cells = [];
  const taken = [];
  let height = 0;
  table.forEach((line, offset) => {
    if (line.type.name !== "tableRow") return;
    const at = height;
    height += 1;
    let place = 0;
    line.forEach((node, inner) => {
      while (taken[at]?.[place]) place += 1;
      const { colspan = 1, rowspan = 1 } = node.attrs;
      cells.push({ node, at: offset + 1 + inner, row: at, column: place, rowspan, colspan });
      for (let down = at; down < at + rowspan; down += 1) {
        taken[down] ??= [];
        for (let right = place; right < place + colspan; right += 1) taken[down][right] = true;
      }
      place += colspan;
    });
  });
  return { cells, height, width: Math.max(0, ...taken.map((line) => line?.length ?? 0)) };
}

// The table with these cells, in the order of their places.
function built(table, cells, height) {
  const { tableRow } = table.type.schema.nodes;
  const caption = table.firstChild.type.name === "tableCaption" ? [table.firstChild] : [];
  const rows = Array.from({ length: height }, (_, at) => {
    const inside = cells.filter(({ row }) => row === at).sort((one, other) => one.column - other.column);
    return tableRow.create(null, inside.map(({ node, rowspan, colspan }) => node.type.create({ ...node.attrs, rowspan, colspan }, node.content, node.marks)));
  });
  if (cells.length === 0) return null;
  return table.type.create(table.attrs, [...caption, ...rows]);
}

const covers = (start, span, at) => start <= at && at < start + span;

function empty(table, isHead, scope) {
  const { tableCell, tableHeader } = table.type.schema.nodes;
  return isHead ? tableHeader.create({ scope }) : tableCell.create();
}

export const row = {
  add(table, at) {
    const { cells, height, width } = grid(table);
    const moved = cells.map((cell) => {
      if (cell.row >= at) return { ...cell, row: cell.row + 1 };
      return covers(cell.row, cell.rowspan, at) ? { ...cell, rowspan: cell.rowspan + 1 } : cell;
    });
    for (let column = 0; column < width; column += 1) {
      if (moved.some((cell) => covers(cell.row, cell.rowspan, at) && covers(cell.column, cell.colspan, column))) continue;
      // A column of row headers goes on.
      const beside = cells.find((cell) => cell.column === column && cell.node.attrs.scope === "row");
      moved.push({ node: empty(table, Boolean(beside), "row"), row: at, column, rowspan: 1, colspan: 1 });
    }
    return built(table, moved, height + 1);
  },
  remove(table, at) {
    const { cells, height } = grid(table);
    const left = cells.flatMap((cell) => {
      if (cell.row > at) return { ...cell, row: cell.row - 1 };
      if (!covers(cell.row, cell.rowspan, at)) return cell;
      return cell.rowspan > 1 ? { ...cell, rowspan: cell.rowspan - 1 } : [];
    });
    return height > 1 ? built(table, left, height - 1) : null;
  },
};

export const column = {
  add(table, at) {
    const { cells, height } = grid(table);
    const moved = cells.map((cell) => {
      if (cell.column >= at) return { ...cell, column: cell.column + 1 };
      return covers(cell.column, cell.colspan, at) ? { ...cell, colspan: cell.colspan + 1 } : cell;
    });
    for (let line = 0; line < height; line += 1) {
      if (moved.some((cell) => covers(cell.row, cell.rowspan, line) && covers(cell.column, cell.colspan, at))) continue;
      const others = cells.filter((cell) => cell.row === line);
      const isHead = others.length > 0 && others.every(({ node }) => node.type.name === "tableHeader");
      moved.push({ node: empty(table, isHead, "col"), row: line, column: at, rowspan: 1, colspan: 1 });
    }
    return built(table, moved, height);
  },
  remove(table, at) {
    const { cells, height, width } = grid(table);
    const left = cells.flatMap((cell) => {
      if (cell.column > at) return { ...cell, column: cell.column - 1 };
      if (!covers(cell.column, cell.colspan, at)) return cell;
      return cell.colspan > 1 ? { ...cell, colspan: cell.colspan - 1 } : [];
    });
    return width > 1 ? built(table, left, height) : null;
  },
};

// The first row from headers to cells or back.
export function header(table) {
  const { cells, height } = grid(table);
  const first = cells.filter((cell) => cell.row === 0);
  const isHead = first.every(({ node }) => node.type.name === "tableHeader");
  const { tableCell, tableHeader } = table.type.schema.nodes;
  const turned = cells.map((cell) => {
    if (cell.row !== 0) return cell;
    const { dir, lang } = cell.node.attrs;
    const node = isHead ? tableCell.create({ dir, lang }, cell.node.content) : tableHeader.create({ dir, lang, scope: "col" }, cell.node.content);
    return { ...cell, node };
  });
  return built(table, turned, height);
}
