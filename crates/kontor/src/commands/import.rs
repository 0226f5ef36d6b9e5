//! `kontor import`: load a catalogue folder.

use std::fs::File;
use std::io::{BufWriter, IsTerminal as _, Write as _};
use std::path::Path;
use std::process::ExitCode;
use std::sync::{Arc, Mutex, PoisonError};

use anyhow::{Context, bail, ensure};
use indicatif::{ProgressBar, ProgressStyle};
use kontor_exchange::{Directory, Ended, FaultFile, FaultSink, ImportOptions, Mode, Progress};
use kontor_model::{Clock, SystemClock};
use kontor_store::{OnOverlap, Store};

use crate::args::{Import, Overlap};
use crate::config::Config;
use crate::import_progress::{ImportProgress, Told};
use crate::{commands, data, exit, import_key, import_report, logging, shown, unknown_suppliers};

/// Endings of workbooks, which a spreadsheet program has to save as CSV.
const WORKBOOKS: [&str; 5] = ["xlsx", "xlsm", "xls", "ods", "numbers"];

pub(crate) fn run(config: &Config, args: &Import) -> anyhow::Result<ExitCode> {
    logging::start_quietly(&config.log);
    let Some(source) = source(&args.folder)? else {
        return commands::documents::import_file(config, args);
    };
    if args.max_removed.is_some() && !args.replace && !args.replace_lists {
        return Err(exit::Misused("--max-removed goes with --replace or --replace-lists").into());
    }
    let directory = args.data.as_ref().unwrap_or(&config.data.directory);
    // Nothing is made where nothing can come of it: a dry run, or part of a catalogue of nobody.
    let is_new = !data::is_there(directory);
    ensure!(
        !is_new || describes_supplier(&args.folder),
        "there is no data in {}, and {} has no supplier.csv to begin with; import the whole catalogue \
         first, or name the directory of the data with --data",
        directory.display(),
        args.folder.display()
    );
    let aside = if is_new && args.dry_run { Some(tempfile::tempdir()?) } else { None };
    let directory = aside.as_ref().map_or(directory.as_path(), |aside| aside.path());
    let store = data::open(directory, false)?;
    if !args.dry_run {
        let clock: Arc<dyn Clock> = Arc::new(SystemClock);
        data::make_days(&store, &clock);
    }
    let bar = progress_bar();
    let fault_file = args.errors.as_deref().map(fault_file).transpose()?;
    let told = ImportProgress::begin(directory);
    let told = told.context("cannot write to the data directory")?;
    if let Some(Told { bytes, total, .. }) = told.broken_off() {
        eprintln!(
            "warning: the previous import was interrupted after {bytes} of {total} bytes: it is applied \
             completely if `kontor history` lists its change, otherwise not at all; if in doubt import its \
             files again, rows that are already stored are not touched"
        );
    }
    let mut options = options(args, &bar, told, fault_file.clone())?;
    options.wrong_gtins = config.import.wrong_gtins.into();
    let key = import_key::load(directory).context("cannot use import-key in the data directory")?;
    options.fingerprint = Some(Arc::new(move |row: &[u8]| key.digest(row)));
    let report = kontor_exchange::import_folder(&*store, Arc::new(source), options)
        .with_context(|| format!("cannot import {}", args.folder.display()))?;
    bar.finish_and_clear();
    if let Some(file) = fault_file {
        let file = file.lock().unwrap_or_else(PoisonError::into_inner).take();
        let written = file.map_or(Ok(()), |file| file.into_inner()?.flush());
        written.context("cannot write the file of faults")?;
    }
    let is_known = |code: &str| {
        let is_imported = report.folders.iter().any(|folder| folder.supplier.as_str() == code);
        anyhow::Ok(is_imported || store.supplier_id(code)?.is_some())
    };
    import_report::warn(&report, &unknown_suppliers::of(config, is_known)?);
    if args.json {
        import_report::print_json(&report)?;
    } else {
        import_report::print(&report)?;
    }
    let changes = report.folders.iter().filter_map(|folder| match folder.ended {
        Ended::Committed(change) => Some(change),
        Ended::Unchanged | Ended::Checked | Ended::Refused => None,
    });
    if let Some(newest) = changes.max() {
        shown::wait_and_tell(directory, newest);
    }
    Ok(exit::by_faults(report.is_clean()))
}

/// Whether a folder, or one of its folders, says whose catalogue it is.
fn describes_supplier(folder: &Path) -> bool {
    let is_in = |folder: &Path| folder.join("supplier.csv").exists();
    let is_the_file = folder.file_name().is_some_and(|name| name == "supplier.csv");
    let mut below = std::fs::read_dir(folder).into_iter().flatten().flatten();
    is_the_file || is_in(folder) || below.any(|entry| is_in(&entry.path()))
}

/// What is to be imported; `None`: a file of documents.
fn source(path: &Path) -> anyhow::Result<Option<Directory>> {
    let shown = path.display();
    if path.is_dir() {
        return Ok(Some(Directory::new(path)));
    }
    ensure!(path.exists(), "there is no folder {shown}");
    let ending = path.extension().map(|ending| ending.to_string_lossy().to_ascii_lowercase());
    let ending = ending.unwrap_or_default();
    match ending.as_str() {
        "xml" => Ok(None),
        "csv" | "json" => Ok(Directory::of_file(path)),
        workbook if WORKBOOKS.contains(&workbook) => bail!(
            "{shown} is a spreadsheet workbook; save each sheet as \"CSV UTF-8\" into a folder, under \
             the name of its file such as products.csv, and give the folder"
        ),
        _ => bail!(
            "{shown} is no folder, no .csv file of one and no .xml file of documents; give the \
             catalogue folder"
        ),
    }
}

/// The file of all faults, shared with the import that writes it.
type SharedFaultFile = Arc<Mutex<Option<FaultFile<BufWriter<File>>>>>;

fn options(
    args: &Import,
    bar: &ProgressBar,
    told: ImportProgress,
    fault_file: Option<SharedFaultFile>,
) -> anyhow::Result<ImportOptions> {
    let mut options = ImportOptions::by(Arc::new(SystemClock));
    options.supplier = args.supplier.as_deref().map(str::parse).transpose()?;
    options.mode = match (args.replace, args.replace_lists) {
        (true, _) => Mode::Replace,
        (false, true) => Mode::ReplaceLists,
        (false, false) => Mode::Merge,
    };
    options.max_removed = args.max_removed;
    options.on_overlap = match args.on_overlap {
        Overlap::Refuse => OnOverlap::Refuse,
        Overlap::Trim => OnOverlap::Trim,
    };
    options.dry_run = args.dry_run;
    options.prepare = Arc::new(data::prepare);
    options.fault_sink = fault_file.map(|file| -> FaultSink {
        Box::new(move |fault| {
            if let Some(file) = &mut *file.lock().unwrap_or_else(PoisonError::into_inner) {
                file.add(fault);
            }
        })
    });
    let (bar, told) = (bar.clone(), Mutex::new(told));
    options.progress = Arc::new(move |progress: Progress<'_>| {
        told.lock().unwrap_or_else(PoisonError::into_inner).tell(&progress);
        bar.set_length(progress.total);
        bar.set_position(progress.bytes);
        let Progress { file, rows, passwords, .. } = progress;
        bar.set_message(match passwords {
            0 => format!("{file} ({rows} rows)"),
            _ => format!("{file} ({rows} rows, {passwords} passwords hashed)"),
        });
    });
    Ok(options)
}

fn fault_file(path: &Path) -> anyhow::Result<SharedFaultFile> {
    let file = File::create(path).with_context(|| format!("cannot write {}", path.display()))?;
    Ok(Arc::new(Mutex::new(Some(FaultFile::new(BufWriter::new(file))))))
}

fn progress_bar() -> ProgressBar {
    if !std::io::stderr().is_terminal() {
        return ProgressBar::hidden();
    }
    let style = ProgressStyle::with_template("{bar:40} {percent:>3} % {elapsed} {wide_msg}");
    let bar = ProgressBar::new(0);
    match style {
        Ok(style) => bar.with_style(style),
        Err(_) => bar,
    }
}
