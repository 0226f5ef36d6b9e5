//! `kontor serve`: answer partners until told to stop.

use std::fmt::Write as _;
use std::io::Write as _;
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use anyhow::{Context, bail, ensure};
use kontor_app::{App, AppConfig, LoginLimits};
use kontor_exchange::{FolderSource, demo::Demo};
use kontor_model::Clock;
use kontor_server::Server;
use kontor_store::{ChangeNumber, Store, StoreError};
use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::watch;

use crate::args::Serve;
use crate::config::Config;
use crate::dialects::{self, Offered};
use crate::health::Health;
use crate::ops::AppOps;
use crate::shown::Shown;
use crate::{data, descriptors, logging, outbox, retention, unknown_suppliers};

/// How long the follower waits for a change before it looks at everything else.
const FOLLOW_EVERY: Duration = Duration::from_millis(100);
/// How often is written which accounts were used.
const NOTE_USE_EVERY: Duration = Duration::from_secs(1);
/// How often it is asked whether compacting the book pays.
const COMPACT_EVERY: Duration = Duration::from_millis(100);

pub(crate) fn run(mut config: Config, args: &Serve) -> anyhow::Result<ExitCode> {
    logging::start(&config.log);
    kontor_server::log_panics_without_message();
    if let Some(listen) = args.listen {
        config.server.listen = listen;
    }
    descriptors::make_room(&mut config.server.limits);
    let temporary = temporary_directory(args)?;
    let directory = match (&args.data, &temporary) {
        (Some(directory), _) => directory.clone(),
        (None, Some(temporary)) => temporary.path().to_owned(),
        (None, None) => config.data.directory.clone(),
    };
    let clock = data::clock(args.clock);
    ensure!(
        args.demo || args.create || data::is_there(&directory),
        "there is no data in {0}; `kontor import --data {0} FOLDER` makes it, and `kontor serve \
         --create` begins without any",
        directory.display()
    );
    let store = data::open(&directory, args.accept_older_data)?;
    data::make_days(&store, &clock);
    if args.demo {
        load_demo(&*store, &*clock)?;
    }
    let login_limits = if args.demo { LoginLimits::default() } else { config.logins.limits() };
    data::check_in_background(Arc::clone(&store))?;
    let store: Arc<dyn Store> = store;
    let app = App::open(AppConfig { store: Arc::clone(&store), clock, login_limits })
        .context("cannot load the price book")?;
    let served = serve(config, &app, directory, args.demo);
    if let Err(error) = app.write_last_used() {
        tracing::debug!(%error, "when accounts were used last was not written at the end");
    }
    store.close();
    served?;
    Ok(ExitCode::SUCCESS)
}

/// The demo keeps its data in a directory that is removed at the end, unless told where.
fn temporary_directory(args: &Serve) -> anyhow::Result<Option<tempfile::TempDir>> {
    if !args.demo || args.data.is_some() {
        return Ok(None);
    }
    let directory = tempfile::Builder::new().prefix("kontor-demo-").tempdir();
    directory.map(Some).context("cannot make a temporary directory for the demo")
}

/// Loads the demo catalogue into an empty database; one that has it already stays as it is.
pub(crate) fn load_demo(store: &dyn Store, clock: &dyn Clock) -> anyhow::Result<()> {
    if store.last_change()?.0 > 0 {
        return Ok(());
    }
    let mut options = kontor_exchange::ImportOptions::new(clock.now());
    "demo".clone_into(&mut options.actor);
    options.prepare = Arc::new(data::prepare);
    let source: Arc<dyn FolderSource> = Arc::new(Demo);
    let report = kontor_exchange::import_folder(store, source, options)?;
    match report.faults.shown().first() {
        None => Ok(()),
        Some(fault) => bail!("the demo catalogue is faulty: {fault}"),
    }
}

fn serve(config: Config, app: &Arc<App>, directory: PathBuf, demo: bool) -> anyhow::Result<()> {
    let offered = dialects::offered(app, &config.dialects)?;
    let is_known = |code: &str| anyhow::Ok(app.book().supplier(code).is_some());
    for setting in unknown_suppliers::of(&config, is_known)? {
        tracing::warn!("{setting}");
    }
    let leads = config.leads();
    let outbox = outbox::open(app, &leads)?;
    outbox::check_seal_key(app, &leads)?;
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    let (stop_delivering, told) = watch::channel(false);
    let delivering = runtime.spawn(outbox.run(told));
    let stopping = Arc::new(AtomicBool::new(false));
    runtime.spawn(retention::run(
        Arc::clone(app),
        config.data.retention.clone(),
        Arc::clone(&stopping),
    ));
    let (tell_broken, mut broken) = watch::channel(None);
    let shown = Shown::begin(&directory, app.book().change())
        .with_context(|| format!("cannot write to {}", directory.display()))?;
    let follower = follow(Arc::clone(app), Arc::clone(&stopping), shown, tell_broken);
    let compactor = compact(Arc::clone(app), Arc::clone(&stopping));
    let noting = note_use(Arc::clone(app), Arc::clone(&stopping));
    let health = Health::of(app, &directory, config.data.health_limits());
    let looking = health.watch(Arc::clone(app), directory.clone(), Arc::clone(&stopping));
    let served = runtime.block_on(async {
        let dialects = offered.iter().map(|offered| Arc::clone(&offered.dialect)).collect();
        let ops = Arc::new(AppOps { app: Arc::clone(app), directory, health });
        let scheme = if config.server.tls.is_some() { "https" } else { "http" };
        let server = Server::bind(config.server, dialects, ops)?;
        announce(&format!("{scheme}://{}", server.local_addr()), demo.then_some(&offered));
        let (mut interrupt, mut terminate) =
            (signal(SignalKind::interrupt())?, signal(SignalKind::terminate())?);
        let stopped = async move {
            tokio::select! {
                _ = interrupt.recv() => {}
                _ = terminate.recv() => {}
                _ = broken.wait_for(Option::is_some) => {}
            }
            tracing::info!("stopping");
        };
        server.run(stopped).await;
        anyhow::Ok(())
    });
    stopping.store(true, Ordering::Relaxed);
    // What is under way is delivered again at the next start.
    let _ = stop_delivering.send(true);
    let _ = runtime.block_on(delivering);
    // It wakes up at least every `FOLLOW_EVERY`.
    let _ = follower.join();
    let _ = compactor.join();
    noting.thread().unpark();
    let _ = noting.join();
    let _ = looking.join();
    served?;
    match app.store().broken() {
        None => Ok(()),
        Some(reason) => bail!(
            "nothing can be written any more: {reason}; what was acknowledged is safe, and the \
             next start reads it from the disk"
        ),
    }
}

/// Brings the book up to date with what other processes write, says what it shows, and tells when
/// the store does not write any more.
fn follow(
    app: Arc<App>,
    stopping: Arc<AtomicBool>,
    shown: Shown,
    tell_broken: watch::Sender<Option<StoreError>>,
) -> std::thread::JoinHandle<()> {
    std::thread::spawn(move || {
        let mut failing = false;
        while !stopping.load(Ordering::Relaxed) {
            if let Some(reason) = app.store().broken() {
                // A server that cannot acknowledge must not go on as if it could.
                tell_broken.send_replace(Some(reason));
            }
            let known = ChangeNumber(app.book().change());
            let newest = app.store().wait_for_change(known, FOLLOW_EVERY);
            match newest.and_then(|newest| app.catch_up_to(newest)) {
                Ok(_) => failing = false,
                Err(error) => {
                    if !failing {
                        tracing::error!(%error, "cannot read changes; answering from older data");
                    }
                    failing = true;
                    std::thread::park_timeout(FOLLOW_EVERY);
                }
            }
            if let Err(error) = shown.tell(app.book().change()) {
                tracing::warn!(%error, "cannot tell commands which change is shown");
            }
        }
    })
}

/// Keeps the book compact, beside who follows and who reads.
fn compact(app: Arc<App>, stopping: Arc<AtomicBool>) -> std::thread::JoinHandle<()> {
    std::thread::spawn(move || {
        while !stopping.load(Ordering::Relaxed) {
            if let Err(error) = app.compact() {
                tracing::warn!(%error, "cannot compact the book");
            }
            std::thread::park_timeout(COMPACT_EVERY);
        }
    })
}

/// Writes now and then when accounts were used last.
fn note_use(app: Arc<App>, stopping: Arc<AtomicBool>) -> std::thread::JoinHandle<()> {
    std::thread::spawn(move || {
        let mut is_failing = false;
        while !stopping.load(Ordering::Relaxed) {
            match app.write_last_used() {
                Ok(()) => is_failing = false,
                // Said once; that the data cannot be written is told by `/readyz`.
                Err(error) if !std::mem::replace(&mut is_failing, true) => {
                    tracing::warn!(%error, "when accounts were used last cannot be written");
                }
                Err(_) => {}
            }
            std::thread::park_timeout(NOTE_USE_EVERY);
        }
    })
}

/// Says where the server is, and how to try it. The first line is for programs. A server whose
/// output nobody reads goes on.
fn announce(url: &str, demo: Option<&Vec<Offered>>) {
    let mut text = format!("kontor listens on {url}\n");
    for offered in demo.into_iter().flatten() {
        let (name, example) = (offered.registration.name, offered.registration.example);
        let (path, options) = (example.path, example.options);
        // Writing to a string cannot fail.
        let _ = write!(text, "\n# {name}\ncurl -s {options}'{url}{path}'\n");
    }
    let mut out = std::io::stdout().lock();
    let said = out.write_all(text.as_bytes()).and_then(|()| out.flush());
    if let Err(error) = said {
        tracing::warn!(%error, url, "nobody reads the standard output");
    }
}
