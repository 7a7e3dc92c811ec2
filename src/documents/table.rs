//! A table as it is read, and the pieces of it.

use super::writer::{Piece, direction, unwrapped};

/// More columns than this nobody reads, and a cell that claims them was made to be slow.
const MOST_SPAN: usize = 64;

#[derive(Debug, Default)]
pub struct Table {
    pub rows: Vec<Row>,
    pub rtl: bool,
}

#[derive(Debug, Default)]
pub struct Row {
    pub header: bool,
    pub cells: Vec<Cell>,
}

#[derive(Debug, Default)]
pub struct Cell {
    pub header: bool,
    pub columns: usize,
    pub rows: usize,
    /// This cell goes on with the one above it.
    pub continues: bool,
    pub pieces: Vec<Piece>,
    /// Whether all of its words are bold, as in a row of headings that is not marked as one.
    pub bold: bool,
}

impl Table {
    /// `<table>` and what is in it. A table of one cell is a box around a text: only the text is kept.
    pub fn pieces(mut self) -> Vec<Piece> {
        self.join();
        let is_box = matches!(self.rows.as_slice(), [row] if row.cells.len() == 1);
        if is_box && let Some(cell) = self.rows.pop().and_then(|mut row| row.cells.pop()) {
            return cell.pieces;
        }
        if self.rows.iter().all(|row| row.cells.iter().all(|cell| cell.pieces.is_empty())) {
            return Vec::new();
        }
        let mut pieces = vec![Piece::Markup(format!("<table{}>\n", direction(self.rtl)))];
        let heads = self.rows.iter().take_while(|row| row.header).count();
        let heads = if heads == self.rows.len() { 0 } else { heads };
        for (at, row) in self.rows.into_iter().enumerate() {
            let is_head = at < heads;
            pieces.push(Piece::Markup(match (at, is_head) {
                (0, true) => "<thead>\n<tr>".to_owned(),
                (0, false) => "<tbody>\n<tr>".to_owned(),
                (at, false) if at == heads => "</thead>\n<tbody>\n<tr>".to_owned(),
                _ => "<tr>".to_owned(),
            }));
            for cell in row.cells {
                cell.append(is_head, &mut pieces);
            }
            pieces.push(Piece::Markup("</tr>\n".to_owned()));
        }
        pieces.push(Piece::Markup("</tbody>\n</table>\n\n".to_owned()));
        pieces
    }

    /// Cells that go on with the one above become rows of that one.
    fn join(&mut self) {
        let mut above: Vec<Option<(usize, usize)>> = Vec::new();
        for row in 0..self.rows.len() {
            let mut column = 0;
            for cell in 0..self.rows[row].cells.len() {
                let Cell { columns, continues, .. } = self.rows[row].cells[cell];
                let columns = columns.clamp(1, MOST_SPAN);
                above.resize(above.len().max(column + columns), None);
                let owner = above[column].filter(|_| continues);
                if let Some((its_row, its_cell)) = owner {
                    self.rows[its_row].cells[its_cell].rows = row - its_row + 1;
                } else {
                    self.rows[row].cells[cell].continues = false;
                    above[column..column + columns].fill(Some((row, cell)));
                }
                column += columns;
            }
        }
        for row in &mut self.rows {
            row.cells.retain(|cell| !cell.continues);
        }
        self.rows.retain(|row| !row.cells.is_empty());
    }
}

impl Cell {
    fn append(self, is_head: bool, pieces: &mut Vec<Piece>) {
        let name = if is_head || self.header { "th" } else { "td" };
        let scope = match (is_head, self.header) {
            (true, _) => " scope=\"col\"",
            (false, true) => " scope=\"row\"",
            _ => "",
        };
        let columns = span("colspan", self.columns);
        let rows = span("rowspan", self.rows);
        pieces.push(Piece::Markup(format!("<{name}{scope}{columns}{rows}>")));
        pieces.extend(unwrapped(self.pieces));
        pieces.push(Piece::Markup(format!("</{name}>")));
    }
}

fn span(name: &str, count: usize) -> String {
    if count > 1 { format!(" {name}=\"{}\"", count.min(MOST_SPAN)) } else { String::new() }
}
