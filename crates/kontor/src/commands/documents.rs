//! `kontor documents`: the documents of a day as XML, for a scheduled push. `import_file` is the
//! other direction.

use std::io::Write as _;
use std::path::Path;
use std::process::ExitCode;

use anyhow::{Context, anyhow, ensure};
use kontor_app::documents::{DocumentFault, IssuedLine, Received};
use kontor_app::{App, WriteError};
use kontor_dialect_restigo::documents::{self, DocumentsWriter, Limits};
use kontor_model::customer::Customer;
use kontor_model::supplier::SupplierId;
use kontor_store::{Abort, ReadNouns, StoreError};
use serde_json::{Value, json};

use crate::args::{Documents, Import};
use crate::config::Config;
use crate::{data, exit, logging, meant};

pub(crate) fn run(config: &Config, args: &Documents) -> anyhow::Result<ExitCode> {
    logging::start_quietly(&config.log);
    let app = data::app(args.data.as_ref().unwrap_or(&config.data.directory))?;
    meant::is_supplier(app.store(), &args.supplier)?;
    let book = app.book();
    let tenant = book.supplier(&args.supplier);
    let supplier = tenant.with_context(|| format!("there is no supplier {}", args.supplier))?.id();
    let day = match args.date {
        Some(day) => day,
        None => app.yesterday(supplier).context("there is no day before today")?,
    };
    let customer = args.customer.as_deref();
    if let Some(number) = customer {
        ensure!(has_customer(&app, supplier, number)?, "there is no customer {number}");
    }
    let text = if args.json {
        let mut documents = Vec::new();
        app.documents_issued(supplier, day, customer, &mut |issued| add(&mut documents, &issued))?;
        format!("{:#}\n", Value::Array(documents)).into_bytes()
    } else {
        let words = config.document_words(&args.supplier)?;
        let mut writer = DocumentsWriter::new(&words);
        app.documents_issued(supplier, day, customer, &mut |issued| writer.line(&issued))?;
        writer.finish()
    };
    match &args.out {
        None => std::io::stdout().write_all(&text)?,
        Some(path) => write_whole(path, &text)?,
    }
    Ok(ExitCode::SUCCESS)
}

/// Whether the supplier has a customer, also one that is disabled.
fn has_customer(app: &App, supplier: SupplierId, number: &str) -> Result<bool, StoreError> {
    let mut found = false;
    let read = app.store().read(supplier, &mut |rows| {
        found = rows.has(&Customer::by_number(number))?;
        Ok(())
    });
    match read {
        Ok(()) => Ok(found),
        Err(Abort::Store(error)) => Err(error),
        Err(refused @ Abort::Refused) => Err(StoreError::Read(refused.to_string())),
    }
}

/// Adds a line; lines of one document come together.
fn add(documents: &mut Vec<Value>, issued: &IssuedLine<'_>) {
    let (document, line) = (issued.document, issued.line);
    let kind = document.kind.to_string();
    let number = document.number.to_string();
    let line = json!({
        "position": line.position,
        "sku": line.sku.as_str(),
        "catalogue_number": issued.catalogue_number,
        "packages": line.packages.to_string(),
        "units_per_package": line.units_per_package.to_string(),
        "unit_price": line.unit_price.map(|price| price.to_string()),
        "remarks": line.remarks,
    });
    let same = |last: &Value| {
        last.get("kind") == Some(&json!(kind)) && last.get("document") == Some(&json!(number))
    };
    if let Some(lines) = documents.last_mut().filter(|last| same(last))
        && let Some(Value::Array(lines)) = lines.get_mut("lines")
    {
        lines.push(line);
        return;
    }
    documents.push(json!({
        "kind": kind,
        "document": number,
        "customer": document.customer.as_str(),
        "issued": document.issued.to_string(),
        "value_date": document.value_date.to_string(),
        "supply_date": document.supply_date.to_string(),
        "supply_time": document.supply_time.map(|time| time.to_string()),
        "lines": [line],
    }));
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
    let words = config.document_words(supplier)?;
    let read = documents::read(&file, &words, Limits::default());
    let read = read.with_context(|| format!("cannot read {path}"))?;
    ensure!(
        !args.replace && !args.replace_lists && args.max_removed.is_none(),
        "--replace, --replace-lists and --max-removed are for catalogue folders, not for documents"
    );
    let app: std::sync::Arc<App> = data::app(args.data.as_ref().unwrap_or(&config.data.directory))?;
    let code = supplier.parse().map_err(|error| anyhow!("{supplier}: {error}"))?;
    let received = if args.dry_run {
        app.check_documents(code, "import", read)
    } else {
        app.receive_documents(code, "import", read)
    };
    match received {
        Ok(received) => report(args, received, &[]),
        Err(WriteError::Refused(faults)) => report(args, Received::default(), &faults),
        Err(WriteError::Store(error)) => Err(error.into()),
    }
}

fn report(args: &Import, received: Received, faults: &[DocumentFault]) -> anyhow::Result<ExitCode> {
    let mut out = std::io::stdout().lock();
    let (documents, lines) = (received.documents, received.lines);
    let path = args.folder.display();
    if args.json {
        let faults: Vec<Value> = faults
            .iter()
            .map(|fault| json!({"file": path.to_string(), "reason": fault.to_string()}))
            .collect();
        let value = json!({
            "documents": documents,
            "lines": lines,
            "changed": received.changed,
            "dry_run": args.dry_run,
            "faults": {"count": faults.len(), "shown": faults},
        });
        writeln!(out, "{value:#}")?;
    } else if faults.is_empty() {
        let end = if args.dry_run { "would change; nothing applied" } else { "changed" };
        writeln!(out, "{documents} documents with {lines} lines, {} {end}", received.changed)?;
    } else {
        for fault in faults {
            writeln!(out, "{path}: {fault}")?;
        }
        writeln!(out, "{} faults, nothing applied", faults.len())?;
    }
    Ok(exit::by_faults(faults.is_empty()))
}
