//! `kontor documents`: the documents of a day as XML, for a scheduled push. `import_file` is the
//! other direction.

use std::io::Write as _;
use std::path::Path;
use std::process::ExitCode;

use anyhow::{Context, anyhow};
use kontor_app::{App, WriteError};
use kontor_dialect_restigo::documents::{self, DocumentsWriter, Limits};

use crate::args::{Documents, Import};
use crate::config::Config;
use crate::{data, logging};

pub(crate) fn run(config: &Config, args: &Documents) -> anyhow::Result<ExitCode> {
    logging::start_quietly(&config.log);
    let app = data::app(args.data.as_ref().unwrap_or(&config.data.directory))?;
    let book = app.book();
    let tenant = book.supplier(&args.supplier);
    let supplier = tenant.with_context(|| format!("there is no supplier {}", args.supplier))?.id();
    let day = match args.date {
        Some(day) => day,
        None => app.yesterday(supplier).context("there is no day before today")?,
    };
    let words = config.restigo.document_words(&args.supplier)?;
    let mut writer = DocumentsWriter::new(&words);
    let customer = args.customer.as_deref();
    app.documents_issued(supplier, day, customer, &mut |issued| writer.line(&issued))?;
    let xml = writer.finish();
    match &args.out {
        None => std::io::stdout().write_all(&xml)?,
        Some(path) => write_whole(path, &xml)?,
    }
    Ok(ExitCode::SUCCESS)
}

/// Writes beside the file and renames, so that who fetches it never sees half of it.
fn write_whole(path: &Path, bytes: &[u8]) -> anyhow::Result<()> {
    let directory = path.parent().filter(|parent| !parent.as_os_str().is_empty());
    let mut file = tempfile::NamedTempFile::new_in(directory.unwrap_or(Path::new(".")))
        .with_context(|| format!("cannot write beside {}", path.display()))?;
    file.write_all(bytes).with_context(|| format!("cannot write {}", path.display()))?;
    file.as_file().sync_all()?;
    file.persist(path).with_context(|| format!("cannot write {}", path.display()))?;
    Ok(())
}

/// Takes in a file of documents.
pub(crate) fn import_file(config: &Config, args: &Import) -> anyhow::Result<ExitCode> {
    let supplier = args.supplier.as_deref();
    let supplier = supplier.context("say whose documents these are: --supplier CODE")?;
    let path = args.folder.display();
    let file = std::fs::read(&args.folder).with_context(|| format!("cannot read {path}"))?;
    let words = config.restigo.document_words(supplier)?;
    let read = documents::read(&file, &words, Limits::default());
    let read = read.with_context(|| format!("cannot read {path}"))?;
    anyhow::ensure!(!args.replace, "--replace is for catalogue folders, not for documents");
    let mut out = std::io::stdout().lock();
    if args.dry_run {
        writeln!(out, "{} documents can be read; nothing applied", read.len())?;
        return Ok(ExitCode::SUCCESS);
    }
    let app: std::sync::Arc<App> = data::app(args.data.as_ref().unwrap_or(&config.data.directory))?;
    let code = supplier.parse().map_err(|error| anyhow!("{supplier}: {error}"))?;
    match app.receive_documents(code, "import", read) {
        Ok(received) => {
            let (documents, lines) = (received.documents, received.lines);
            writeln!(
                out,
                "{documents} documents with {lines} lines, {} changed",
                received.changed
            )?;
            Ok(ExitCode::SUCCESS)
        }
        Err(WriteError::Refused(faults)) => {
            for fault in &faults {
                writeln!(out, "{path}: {fault}")?;
            }
            writeln!(out, "{} faults, nothing applied", faults.len())?;
            Ok(ExitCode::FAILURE)
        }
        Err(WriteError::Store(error)) => Err(error.into()),
    }
}
