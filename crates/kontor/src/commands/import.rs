//! `kontor import`: load a catalogue folder.

use std::fs::File;
use std::io::{BufWriter, IsTerminal as _, Write as _};
use std::path::Path;
use std::process::ExitCode;
use std::sync::{Arc, Mutex, PoisonError};

use anyhow::Context;
use indicatif::{ProgressBar, ProgressStyle};
use kontor_exchange::{
    Directory, Ended, FaultFile, FaultSink, ImportOptions, Mode, Progress, Report,
};
use kontor_model::SystemClock;

use crate::args::Import;
use crate::config::Config;
use crate::import_progress::ImportProgress;
use crate::{commands, data, logging, shown};

pub(crate) fn run(config: &Config, args: &Import) -> anyhow::Result<ExitCode> {
    logging::start_quietly(&config.log);
    if args.folder.is_file() {
        return commands::documents::import_file(config, args);
    }
    let directory = args.data.as_ref().unwrap_or(&config.data.directory);
    let store = data::open(directory, false)?;
    let bar = progress_bar();
    let fault_file = args.errors.as_deref().map(fault_file).transpose()?;
    let told = ImportProgress::begin(directory);
    let told = told.context("cannot write to the data directory")?;
    let options = options(args, &bar, told, fault_file.clone())?;
    let source = Arc::new(Directory::new(&args.folder));
    let report = kontor_exchange::import_folder(&*store, source, options)
        .with_context(|| format!("cannot import {}", args.folder.display()))?;
    bar.finish_and_clear();
    if let Some(file) = fault_file {
        let file = file.lock().unwrap_or_else(PoisonError::into_inner).take();
        let written = file.map_or(Ok(()), |file| file.into_inner()?.flush());
        written.context("cannot write the file of faults")?;
    }
    print(&report)?;
    let changes = report.folders.iter().filter_map(|folder| match folder.ended {
        Ended::Committed(change) => Some(change),
        Ended::Unchanged | Ended::Checked | Ended::Refused => None,
    });
    if let Some(newest) = changes.max() {
        shown::wait_and_tell(directory, newest);
    }
    Ok(if report.is_clean() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
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
    options.mode = if args.replace { Mode::Replace } else { Mode::Merge };
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
        bar.set_message(format!("{} ({} rows)", progress.file, progress.rows));
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

fn print(report: &Report) -> anyhow::Result<()> {
    let mut out = std::io::stdout().lock();
    for folder in &report.folders {
        let end = match folder.ended {
            Ended::Committed(change) => format!("applied as change {}", change.0),
            Ended::Unchanged => "nothing new".to_owned(),
            Ended::Checked => "checked, nothing applied".to_owned(),
            Ended::Refused => "refused, nothing applied".to_owned(),
        };
        writeln!(out, "{}: {end}", folder.supplier)?;
        for kind in &folder.kinds {
            writeln!(
                out,
                "  {:<20} {:>10} new {:>10} changed {:>10} as before {:>10} removed",
                kind.kind.name(),
                kind.inserted,
                kind.updated,
                kind.unchanged,
                kind.removed
            )?;
        }
    }
    let shown = report.faults.shown();
    for fault in shown {
        writeln!(out, "{fault}")?;
    }
    let count = report.faults.count();
    if count > 0 {
        let more = count - shown.len() as u64;
        writeln!(
            out,
            "{count} faults{}",
            if more > 0 { format!(", {more} not shown") } else { String::new() }
        )?;
    }
    out.flush()?;
    Ok(())
}
