//! Tables of a page: each cell is written apart, and the table when it ends.

use super::reader::{Listed, State};
use crate::documents::table::{Cell, Row, Table};
use crate::documents::writer::{Kind, List, Place, Writer};

/// A table in a table in a table is a page laid out by tables.
const MOST_NESTED: usize = 8;

#[derive(Default)]
pub(super) struct Frame {
    table: Table,
    row: Option<Row>,
    cell: Option<Open>,
    in_head: bool,
    is_ignored: bool,
}

/// A cell that is being read, and what was outside it.
struct Open {
    cell: Cell,
    writer: Writer,
    lists: Vec<Listed>,
    quotes: usize,
    kind: Kind,
}

impl State {
    pub(super) fn table(&mut self, rtl: bool) {
        let is_ignored = self.frames.len() >= MOST_NESTED;
        self.frames.push(Frame { table: Table { rtl, ..Table::default() }, is_ignored, ..Frame::default() });
    }

    pub(super) fn head(&mut self, in_head: bool) {
        if let Some(frame) = self.frames.last_mut() {
            frame.in_head = in_head;
        }
    }

    pub(super) fn row(&mut self) {
        self.end_row();
        if let Some(frame) = self.frames.last_mut().filter(|frame| !frame.is_ignored) {
            frame.row = Some(Row { header: frame.in_head, cells: Vec::new() });
        }
    }

    pub(super) fn cell(&mut self, header: bool, columns: &str, rows: &str) {
        self.end_cell();
        let Some(frame) = self.frames.last_mut().filter(|frame| !frame.is_ignored) else { return };
        frame.row.get_or_insert_default();
        let span = |said: &str| said.trim().parse().unwrap_or(1);
        let cell = Cell { header, columns: span(columns), rows: span(rows), bold: true, ..Cell::default() };
        frame.cell = Some(Open {
            cell,
            writer: std::mem::take(&mut self.writer),
            lists: std::mem::take(&mut self.lists),
            quotes: std::mem::take(&mut self.quotes),
            kind: std::mem::replace(&mut self.kind, Kind::Paragraph),
        });
    }

    pub(super) fn note_bold(&mut self, bold: bool) {
        if let Some(open) = self.frames.last_mut().and_then(|frame| frame.cell.as_mut()) {
            open.cell.bold &= bold;
        }
    }

    pub(super) fn end_cell(&mut self) {
        if self.frames.last().is_none_or(|frame| frame.cell.is_none()) {
            return;
        }
        self.flush();
        let Some(frame) = self.frames.last_mut() else { return };
        let Some(Open { mut cell, writer, lists, quotes, kind }) = frame.cell.take() else { return };
        cell.pieces = std::mem::replace(&mut self.writer, writer).finish();
        (self.lists, self.quotes, self.kind) = (lists, quotes, kind);
        frame.row.get_or_insert_default().cells.push(cell);
    }

    pub(super) fn end_row(&mut self) {
        self.end_cell();
        if let Some(frame) = self.frames.last_mut()
            && let Some(mut row) = frame.row.take()
        {
            row.header |= frame.table.rows.is_empty() && row.cells.iter().all(|cell| cell.header);
            frame.table.rows.push(row);
        }
    }

    pub(super) fn end_table(&mut self) {
        self.end_row();
        self.flush();
        let Some(mut frame) = self.frames.pop() else { return };
        // Word marks no head; a first row of bold words is one.
        if let Some(first) = frame.table.rows.first_mut() {
            first.header |=
                first.cells.len() > 1 && first.cells.iter().all(|cell| cell.bold && !cell.pieces.is_empty());
        }
        let quote = self.quotes > 0;
        let list = match self.lists.last() {
            Some(list) => List::Inside { level: list.level },
            None => List::Outside,
        };
        self.writer.table(Place { quote, list }, frame.table);
    }
}
