//! Writes the files of all kinds but prices, in the order of their keys.

use std::fs::File;
use std::io::Write;

use kontor_model::catalogue::{Kind, Record};
use kontor_model::questionnaire::Category;
use kontor_model::record::Column;

use crate::names;

use super::staging::{Staging, failed};
use super::{Export, ExportError, scan};

/// A CSV file that is begun with its first row.
struct Table {
    name: String,
    kind: Kind,
    columns: Vec<&'static Column>,
    writer: Option<csv::Writer<File>>,
    rows: u64,
}

impl Export<'_> {
    pub(super) fn export_table(&mut self, kind: Kind) -> Result<u64, ExportError> {
        let columns = kind.columns().iter().collect();
        let mut table = Table::new(kind, columns);
        let staging = &mut *self.staging;
        scan(self.tx, kind, &mut |record| table.write(staging, &record))?;
        table.finish()
    }

    /// Categories, their questions each in a file of its own. The column of questions is written
    /// only when the code of a category cannot be the name of a file.
    pub(super) fn export_categories(&mut self) -> Result<u64, ExportError> {
        let mut in_column = false;
        scan(self.tx, Kind::Category, &mut |record| {
            if let Record::Category(category) = record {
                in_column |= category.questions.is_some() && file_of(&category).is_none();
            }
            Ok(())
        })?;
        let columns = Kind::Category.columns().iter();
        let columns = columns.filter(|column| in_column || column.name != names::QUESTIONS);
        let mut table = Table::new(Kind::Category, columns.collect());
        let staging = &mut *self.staging;
        scan(self.tx, Kind::Category, &mut |record| {
            let Record::Category(mut category) = record else {
                return Ok(());
            };
            if let Some(name) = file_of(&category)
                && let Some(questions) = category.questions.take()
            {
                let mut file = staging.create(&name, false)?;
                let path = staging.temporary(&name);
                file.write_all(questions.as_bytes()).map_err(failed(&path))?;
            }
            table.write(staging, &Record::Category(category))
        })?;
        table.finish()
    }
}

fn file_of(category: &Category) -> Option<String> {
    names::questionnaire(category.code.as_str())
}

impl Table {
    fn new(kind: Kind, columns: Vec<&'static Column>) -> Self {
        Self { name: names::table(kind), kind, columns, writer: None, rows: 0 }
    }

    fn write(&mut self, staging: &mut Staging, record: &Record) -> Result<(), ExportError> {
        let path = staging.temporary(&self.name);
        let writer = match &mut self.writer {
            Some(writer) => writer,
            none => {
                let file = staging.create(&self.name, self.kind.is_private())?;
                let names = self.columns.iter().map(|column| column.name);
                let writer = none.insert(lines().from_writer(file));
                writer.write_record(names).map_err(|e| failed(&path)(e.into()))?;
                writer
            }
        };
        let row = record.to_row();
        let cells = self.kind.columns().iter().zip(&row);
        let kept = cells.filter(|(column, _)| self.columns.iter().any(|c| c.name == column.name));
        let texts = kept.map(|(column, cell)| column.print(cell));
        writer.write_record(texts).map_err(|e| failed(&path)(e.into()))?;
        self.rows += 1;
        Ok(())
    }

    fn finish(self) -> Result<u64, ExportError> {
        if let Some(mut writer) = self.writer {
            writer.flush().map_err(failed(self.name.as_ref()))?;
        }
        Ok(self.rows)
    }
}

/// The one form of our CSV files: commas, quotes where needed, line feeds.
pub(super) fn lines() -> csv::WriterBuilder {
    let mut builder = csv::WriterBuilder::new();
    builder.terminator(csv::Terminator::Any(b'\n'));
    builder
}
