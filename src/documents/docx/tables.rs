//! Tables: rows and cells, those that were joined too.

use super::story::Story;
use crate::documents::Refused;
use crate::documents::table::{Cell, Row, Table};
use crate::documents::writer::Place;
use crate::documents::xml::Xml;

impl Story<'_> {
    pub fn table(&mut self, xml: &mut Xml<'_>) -> Result<(), Refused> {
        let mut table = Table::default();
        let mut has_head_row = false;
        self.rows(xml, &mut table, &mut has_head_row)?;
        if let Some(first) = table.rows.first_mut() {
            // Every table looks as if its first row were its head; only bold words there mean it.
            first.header |= has_head_row && first.cells.iter().all(|cell| cell.bold);
        }
        self.writer.table(Place::default(), table);
        Ok(())
    }

    fn rows(&mut self, xml: &mut Xml<'_>, table: &mut Table, has_head_row: &mut bool) -> Result<(), Refused> {
        while let Some(tag) = xml.child()? {
            match tag.name.as_str() {
                "tblPr" => {
                    while let Some(tag) = xml.child()? {
                        match tag.name.as_str() {
                            "bidiVisual" => table.rtl = tag.is_on(),
                            "tblLook" => {
                                let mask = tag.attribute("val").and_then(|v| u32::from_str_radix(v, 16).ok());
                                let said = tag.attribute("firstRow").map(|on| on == "1" || on == "true");
                                *has_head_row = said.unwrap_or(mask.unwrap_or(0) & 0x20 != 0);
                            }
                            _ => {}
                        }
                        xml.skip()?;
                    }
                }
                "tr" => self.row(xml, table)?,
                "sdt" | "sdtContent" | "customXml" | "ins" | "moveTo" => {
                    self.rows(xml, table, has_head_row)?;
                }
                _ => xml.skip()?,
            }
        }
        Ok(())
    }

    fn row(&mut self, xml: &mut Xml<'_>, table: &mut Table) -> Result<(), Refused> {
        let (mut row, mut is_deleted) = (Row::default(), false);
        self.cells(xml, &mut row, &mut is_deleted)?;
        if !is_deleted {
            table.rows.push(row);
        }
        Ok(())
    }

    fn cells(&mut self, xml: &mut Xml<'_>, row: &mut Row, is_deleted: &mut bool) -> Result<(), Refused> {
        while let Some(tag) = xml.child()? {
            match tag.name.as_str() {
                "trPr" => {
                    while let Some(tag) = xml.child()? {
                        match tag.name.as_str() {
                            "tblHeader" => row.header = tag.is_on(),
                            "del" => *is_deleted = true,
                            _ => {}
                        }
                        xml.skip()?;
                    }
                }
                "tc" => {
                    let cell = self.cell(xml)?;
                    row.cells.push(cell);
                }
                "sdt" | "sdtContent" | "customXml" => self.cells(xml, row, is_deleted)?,
                _ => xml.skip()?,
            }
        }
        Ok(())
    }

    fn cell(&mut self, xml: &mut Xml<'_>) -> Result<Cell, Refused> {
        let mut cell = Cell { columns: 1, rows: 1, ..Cell::default() };
        let outer = std::mem::take(&mut self.writer);
        let outer_bold = std::mem::replace(&mut self.is_bold, true);
        let read = self.in_cell(xml, &mut cell);
        cell.pieces = std::mem::replace(&mut self.writer, outer).finish();
        cell.bold = std::mem::replace(&mut self.is_bold, outer_bold);
        read.map(|()| cell)
    }

    fn in_cell(&mut self, xml: &mut Xml<'_>, cell: &mut Cell) -> Result<(), Refused> {
        // Its properties stand first, if it has any; a cell without a paragraph is not written.
        self.blocks_after(xml, &mut |xml| {
            while let Some(tag) = xml.child()? {
                match tag.name.as_str() {
                    "gridSpan" => {
                        cell.columns = tag.number("val").and_then(|n| usize::try_from(n).ok()).unwrap_or(1);
                    }
                    // Without a value it goes on.
                    "vMerge" => cell.continues = tag.attribute("val") != Some("restart"),
                    _ => {}
                }
                xml.skip()?;
            }
            Ok(())
        })
    }
}
